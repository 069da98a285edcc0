/// CAS "US sales and use tax records": the American tax items of the month before.
struct SalesTaxRecords: Snapshot {
    struct Row {
        let item: TaxItem
        /// The tax of the whole transaction, which each of its rows repeats.
        let total: Money
    }

    let world: World

    let name = "cas.us_sales_and_use_tax_records"
    let header: StaticString = """
        Line Item ID,Customer Bill ID,Product Name,Product Code,Product Tax Code,Seller ID,\
        Seller Name,Transaction Date,Total Adjusted Price,Total Tax,Base Currency Code,\
        Bill to City,Bill to State,Bill to Postal Code,Bill to Country,Transaction Type Code,\
        Display Price Taxability Type,Tax Location Code Taxed Jurisdiction,Tax Type Code,\
        Jurisdiction Level,Taxed Jurisdiction,Taxable Sale Amount,Nontaxable Sale Amount,\
        Tax Amount,Tax Jurisdiction Tax Rate,Tax Calculation Reason Code,\
        Date Used For Tax Calculation,Customer Exemption Certificate ID,\
        Customer Exemption Certificate ID Domain,Customer Exemption Certificate Level,\
        Customer Exemption Code,Customer Exemption Domain,Customer Reference ID,\
        Transaction Reference ID,Payer Reference ID,Tax Liable Party
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.monthBefore(publication: day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        guard let period = coverage(publishedOn: published) else { return }
        try world.forEachRevenueLine(in: period) { line in
            guard line.customer.market == .unitedStates else { return }
            let entry = Entry(world: world, invoice: line.invoice, line: line.line)
            var slots: [Entry.Slot] = []
            if period.contains(line.invoice.issued) { slots.append(.tax) }
            if line.invoice.refunded.map(period.contains) ?? false { slots.append(.taxRefund) }
            for slot in slots {
                let items = entry.taxItems(slot)
                let total = items.reduce(.zero) { $0 + $1.amount }
                for item in items { try body(Row(item: item, total: total)) }
            }
        }
    }

    func count(_ row: borrowing Row, in tally: inout FeedTally) {
        tally.add(.casTaxAmount, .usd, row.item.amount)
        tally.add(.casTaxableAmount, .usd, row.item.taxable)
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        let item = row.item
        let entry = item.entry
        let agreement = entry.invoice.agreement
        writer.number(entry.line.key, 20)
        writer.number(entry.invoice.key.child(.reference), 19)
        writer.titleAndCode(agreement.product, in: world)
        writer.quoted("SaaS-Business-Use")
        writer.guid(world.seller)
        writer.quoted("Example Seller GmbH & Co. KG")
        writer.day(SimulatedDay(number: Int(item.seconds / 86_400)))
        writer.money(item.taxable + item.nontaxable, .usd)
        writer.money(row.total, .usd)
        writer.quoted(Currency.usd.code)
        writer.billed(to: item.customer.market)
        writer.quoted(item.code)
        TaxItemEncoding.jurisdiction(item, &writer)
        TaxItemEncoding.sharesAndReason(item, &writer)
        writer.day(SimulatedDay(number: Int(item.seconds / 86_400)))
        TaxItemEncoding.exemption(item, &writer)
        writer.customerReference(item.customer)
        writer.name("", entry.line.reference(in: agreement.channel), 20)
        writer.payerReference(item.customer)
        writer.liable(item)
    }
}

extension RowWriter {
    // City first, country last.
    fileprivate mutating func billed(to market: Market) {
        quoted(market.city)
        quoted(market.state)
        quoted(market.postalCode)
        quoted(market.country)
    }
}
