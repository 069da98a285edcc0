/// CAS "Monthly billed revenue: billing and revenue data": usage, from the 15th to the 14th.
struct BillingAndRevenueData: Snapshot {
    typealias Row = RevenueLine

    let world: World

    let name = "cas.monthly_revenue_billing_and_revenue_data"
    let header: StaticString = """
        Customer Reference ID,Country,State,City,Zip Code,Product Title,Product Code,\
        Customer Billed Amount,AWS Listing Fee,Refunds Amount,AWS Fee Refund,Cost,\
        Partner Revenue Amount,Currency,Transaction Reference ID,\
        U.S. Sales Tax Customer Billed Amount,U.S. Sales Tax Refunds Amount,Offer ID,\
        Offer Visibility,Customer AWS Account Number,Customer Email Domain,Opportunity Name,\
        Opportunity Description,Solution Title,Solution ID,Payer Reference ID,Payer Address ID
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        day.date.day == 15 ? (day.month + -1).day(15)...day.month.day(14) : nil
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing RevenueLine) throws -> Void
    ) rethrows {
        guard let period = coverage(publishedOn: published) else { return }
        try world.forEachRevenueLine(in: period, of: .usage) { try body($0) }
    }

    func count(_ row: borrowing RevenueLine, in tally: inout FeedTally) { tally.revenue(row) }

    func write(_ row: borrowing RevenueLine, into writer: inout RowWriter) {
        let customer = row.customer
        writer.customerReference(customer)
        writer.billedPlace(customer)
        writer.titleAndCode(row.agreement.product, in: world)
        writer.revenue(row)
        writer.referenceAndTax(row)
        writer.offer(row.agreement.offer)
        writer.visibility(row.agreement.offer)
        writer.accountNumber(customer.payer)
        writer.emailDomain(customer.payer)
        writer.opportunityTexts(row.agreement.offer)
        writer.solution()
        writer.payer(customer)
    }
}

/// CAS "Monthly billed revenue: annual subscriptions": contracts of the month before.
struct AnnualRevenue: Snapshot {
    typealias Row = RevenueLine

    let world: World

    let name = "cas.monthly_revenue_annual_subscriptions"
    let header: StaticString = """
        Customer Reference ID,Country,State,City,Zip Code,Product Title,Product Code,\
        Subscription Quantity,Subscription Start Date,Subscription End Date,\
        Subscription Instance Type,Customer Billed Amount,AWS Listing Fee,Refunds Amount,\
        AWS Fee Refund,Cost,Partner Revenue Amount,Currency,Transaction Reference ID,\
        U.S. Sales Tax Customer Billed Amount,U.S. Sales Tax Refunds Amount,\
        Customer AWS Account Number,Customer Email Domain,Offer ID,Offer Visibility,\
        Contract Start Date,Contract End Date,Opportunity Name,Opportunity Description,\
        Solution Title,Solution ID,Payer Reference ID,Payer Address ID
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.monthBefore(publication: day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing RevenueLine) throws -> Void
    ) rethrows {
        guard let period = coverage(publishedOn: published) else { return }
        try world.forEachRevenueLine(in: period, of: .contract) { try body($0) }
    }

    func count(_ row: borrowing RevenueLine, in tally: inout FeedTally) { tally.revenue(row) }

    func write(_ row: borrowing RevenueLine, into writer: inout RowWriter) {
        let agreement = row.agreement
        let customer = row.customer
        writer.customerReference(customer)
        writer.billedPlace(customer)
        writer.titleAndCode(agreement.product, in: world)
        writer.integer(agreement.seats(0))
        writer.duration(agreement)
        writer.empty()
        writer.revenue(row)
        writer.referenceAndTax(row)
        writer.accountNumber(customer.payer)
        writer.emailDomain(customer.payer)
        writer.offer(agreement.offer)
        writer.visibility(agreement.offer)
        writer.duration(agreement)
        writer.opportunityTexts(agreement.offer)
        writer.solution()
        writer.payer(customer)
    }
}

/// CAS "Sales compensation: billed revenue": everything of the month before.
struct SalesCompensation: Snapshot {
    typealias Row = RevenueLine

    let world: World

    let name = "cas.sales_compensation_billed_revenue"
    let header: StaticString = """
        Customer AWS Account Number,Country,State,City,Zip Code,Email Domain,Product Code,\
        Product Title,Gross Revenue,AWS Revenue Share,Gross Refunds,AWS Refunds Share,\
        Net Revenue,Currency,AR Period,Transaction Reference ID,Opportunity Name,\
        Opportunity Description,Solution Title,Solution ID,Payer Reference ID,Payer Address ID
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.monthBefore(publication: day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing RevenueLine) throws -> Void
    ) rethrows {
        guard let period = coverage(publishedOn: published) else { return }
        try world.forEachRevenueLine(in: period) { try body($0) }
    }

    func count(_ row: borrowing RevenueLine, in tally: inout FeedTally) {
        tally.add(.casGrossRevenue, row.currency, row.price)
        tally.add(.casNetRevenue, row.currency, row.net)
    }

    func write(_ row: borrowing RevenueLine, into writer: inout RowWriter) {
        let customer = row.customer
        let product = Product(index: row.agreement.product, of: world)
        writer.accountNumber(customer.payer)
        writer.billedPlace(customer)
        writer.emailDomain(customer.payer)
        writer.name("", product.code, 25)
        writer.text(product.title)
        writer.shares(row)
        writer.quoted(row.currency.code)
        writer.text(row.period)
        writer.reference(row)
        writer.opportunityTexts(row.agreement.offer)
        writer.solution()
        writer.payer(customer)
    }
}

extension FeedTally {
    fileprivate mutating func revenue(_ row: borrowing RevenueLine) {
        add(.casBilled, row.currency, row.price)
        add(.casListingFee, row.currency, row.fee)
        add(.casRefunds, row.currency, row.refund)
        add(.casPartnerRevenue, row.currency, row.net)
    }
}

extension RowWriter {
    /// Gross revenue, fee, refunds, fee refunds and what is left.
    mutating func shares(_ row: borrowing RevenueLine) {
        money(row.price, row.currency)
        money(row.fee, row.currency)
        money(row.refund, row.currency)
        money(row.feeRefund, row.currency)
        money(row.net, row.currency)
    }

    // First and last day of a contract.
    fileprivate mutating func duration(_ agreement: Agreement) {
        day(agreement.accepted)
        if let end = agreement.end { day(end.day) } else { empty() }
    }
}
