/// CAS "Daily business: fees": fixed prices and refunds, three days after.
struct DailyFees: Snapshot {
    struct Row {
        let invoice: Invoice
        let amount: Money
        let isRefund: Bool
    }

    let world: World

    let name = "cas.daily_business_fees"
    let header: StaticString = """
        Customer Reference ID,User’s State,User’s Country,Product Title,Product Code,Amount,\
        Currency,Fee Description,Customer AWS Account Number,Customer Country,Customer State,\
        Customer City,Customer Zip Code,Customer Email Domain,Start Date,End Date,Quantity,\
        Dimension,Solution Title,Solution ID,Payer Reference ID,Payer Address ID
        """

    private static let delayDays = 3

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        let covered = day + -Self.delayDays
        return covered >= world.start ? covered...covered : nil
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        let day = published + -Self.delayDays
        try world.forEachAgreement { agreement in
            guard agreement.kind == .contract else { return }
            try world.forEachInvoice(of: agreement, around: day) { invoice in
                guard invoice.issued == day || invoice.refunded == day else { return }
                try world.forEachLine(of: invoice) { line in
                    let entry = Entry(world: world, invoice: invoice, line: line)
                    if invoice.issued == day {
                        try body(Row(invoice: invoice, amount: line.price, isRefund: false))
                    }
                    if invoice.refunded == day, let refund = entry.invoiced(.priceRefund) {
                        try body(Row(invoice: invoice, amount: refund.amount, isRefund: true))
                    }
                }
            }
        }
    }

    func count(_ row: borrowing Row, in tally: inout FeedTally) {
        tally.add(.casAmount, row.invoice.agreement.currency, row.amount)
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        let agreement = row.invoice.agreement
        let customer = agreement.customer
        writer.customerReference(customer)
        writer.userPlace(customer)
        writer.titleAndCode(agreement.product, in: world)
        writer.money(row.amount, agreement.currency)
        writer.quoted(agreement.currency.code)
        writer.quoted(row.isRefund ? "Refund" : "SaaS contract fee, per seat")
        writer.accountNumber(customer.payer)
        writer.billedPlace(customer)
        writer.emailDomain(customer.payer)
        writer.day(agreement.accepted)
        if let end = agreement.end { writer.day(end.day) } else { writer.empty() }
        writer.integer(agreement.seats(0))
        writer.quoted("seats")
        writer.solution()
        writer.payer(customer)
    }
}
