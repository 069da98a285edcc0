/// CAS "Daily business: usage by instance type": the day before, as another system saw it.
struct UsageByInstanceType: Snapshot {
    struct Row {
        let usage: Usage
        let quantity: Int64
        let revenue: Money
    }

    let world: World

    let name = "cas.daily_business_usage_by_instance_type"
    let header: StaticString = """
        Customer Reference ID,User’s State,User’s Country,Product Title,Product Code,\
        Instance Type,Usage Units,Usage Unit Type,Offering Description,Estimated Revenue,\
        Currency,Offer ID,Offer Visibility,Customer AWS Account Number,Customer Country,\
        Customer State,Customer City,Customer Zip Code,Customer Email Domain,Solution Title,\
        Solution ID,Payer Reference ID,Payer Address ID
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        day > world.start ? (day + -1)...(day + -1) : nil
    }

    func regeneration(of published: SimulatedDay) -> Int? {
        (published - world.start) % 6 == 4 ? 2 : nil
    }

    // The first edition knows what was metered in time; a later one knows the corrections.
    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        let day = published + -1
        try world.forEachCustomer { customer in
            try world.forEachAgreement(of: customer) { agreement in
                guard agreement.isMetered(on: day, in: world) else { return }
                for dimension in 0..<agreement.dimensions {
                    let usage = Usage(agreement, dimension, on: day)
                    guard let quantity = quantity(usage, in: edition) else { continue }
                    try body(
                        Row(usage: usage, quantity: quantity, revenue: usage.revenue(quantity)))
                }
            }
        }
    }

    private func quantity(_ usage: Usage, in edition: Edition) -> Int64? {
        switch edition {
        case .first: return usage.firstWritten == usage.day ? usage.firstQuantity : nil
        case .regenerated:
            if case .withdrawn = usage.fate { return nil }
            return usage.quantity
        }
    }

    func count(_ row: borrowing Row, in tally: inout FeedTally) {
        tally.add(.casEstimatedRevenue, row.usage.agreement.customer.currency, row.revenue)
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        let agreement = row.usage.agreement
        let customer = agreement.customer
        let market = customer.market
        writer.customerReference(customer)
        writer.userPlace(customer)
        writer.titleAndCode(agreement.product, in: world)
        writer.dimension(row.usage.dimension, in: market)
        writer.decimal(millionths: row.quantity * 10_000, places: 0)
        writer.quoted(row.usage.dimension % 2 == 0 ? "Hours" : "Units")
        writer.quoted("Usage based, monthly")
        writer.money(row.revenue, customer.currency)
        writer.quoted(customer.currency.code)
        writer.offer(agreement.offer)
        writer.visibility(agreement.offer)
        writer.accountNumber(customer.payer)
        writer.quoted(market.country)
        writer.casTail(customer)
    }
}
