/// CAS "Disbursement: amount by product": the lines of a month's payouts.
///
/// Covers the first attempt of a payout; the data set has no currency column.
struct DisbursedAmountByProduct: Snapshot {
    struct Row {
        let invoice: Invoice
        let line: InvoiceLine
        let price: Money
        let fee: Money
        let tax: Money
        let priceRefund: Money
        let feeRefund: Money
        let taxRefund: Money
        /// Also what has no column of its own.
        let net: Money
    }

    let world: World

    let name = "cas.disbursed_amount_by_product"
    let header: StaticString = """
        Product,Product Code,SellerRev,AWSRefFee,SellerRevRefund,AWSRefFeeRefund,\
        SellerRevCredit,AWSRefFeeCredit,Net Amount,Transaction Reference ID,SellerUSSalesTax,\
        SellerUSSalesTaxRefund,Customer AWS Account Number,Customer Country,Customer State,\
        Customer City,Customer Zip Code,Customer Email Domain,Solution Title,Solution ID,\
        Payer Reference ID,Payer Address ID
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.disbursementPeriod(publishedOn: day)
    }

    func regeneration(of published: SimulatedDay) -> Int? {
        (published.month.index - world.start.month.index) % 2 == 1 ? 3 : nil
    }

    // A first edition can lack lines; asked for again, the set is complete.
    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        let cycle = published + -1
        let isPartial = edition == .first && regeneration(of: published) != nil
        try world.forEachInvoice(paidIn: cycle) { invoice, slots in
            try world.forEachLine(of: invoice) { line in
                if isPartial, line.key.child(.row, 8).below(16) == 0 { return }
                try body(row(invoice, line, slots))
            }
        }
    }

    private func row(_ invoice: Invoice, _ line: InvoiceLine, _ slots: [Entry.Slot]) -> Row {
        let entry = Entry(world: world, invoice: invoice, line: line)
        func amount(_ slot: Entry.Slot) -> Money {
            guard slots.contains(slot), let event = entry.invoiced(slot) else { return .zero }
            return event.isCounting ? event.amount : .zero
        }
        return Row(
            invoice: invoice, line: line, price: amount(.price), fee: amount(.fee),
            tax: amount(.tax), priceRefund: amount(.priceRefund), feeRefund: amount(.feeRefund),
            taxRefund: amount(.taxRefund), net: slots.reduce(.zero) { $0 + amount($1) })
    }

    func count(_ row: borrowing Row, in tally: inout FeedTally) {
        tally.add(.casNetAmount, nil, row.net)
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        let customer = row.invoice.agreement.customer
        let currency = customer.currency
        writer.titleAndCode(row.invoice.agreement.product, in: world)
        writer.money(row.price, currency)
        writer.money(row.fee, currency)
        let isCredit = row.invoice.refund == .credit
        writer.money(isCredit ? .zero : row.priceRefund, currency)
        writer.money(isCredit ? .zero : row.feeRefund, currency)
        writer.money(isCredit ? row.priceRefund : .zero, currency)
        writer.money(isCredit ? row.feeRefund : .zero, currency)
        writer.money(row.net, currency)
        writer.name("", row.line.reference(in: row.invoice.agreement.channel), 20)
        writer.money(row.tax, currency)
        writer.money(row.taxRefund, currency)
        writer.accountNumber(customer.payer)
        writer.quoted(customer.market.country)
        writer.casTail(customer)
    }
}
