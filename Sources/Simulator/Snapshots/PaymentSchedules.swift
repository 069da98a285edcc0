/// CAS "Monthly billed revenue: flexible payment schedule": plans agreed in the month before.
struct PaymentSchedules: Snapshot {
    struct Row {
        let agreement: Agreement
        let index: Int
    }

    let world: World

    let name = "cas.monthly_revenue_flexible_payment_schedule"
    let header: StaticString = """
        Customer AWS Account Number,Customer Country,Customer State,Customer City,\
        Customer ZIP Code,Customer Email Domain,User Reference ID,User AWS Account Number,\
        Product ID,Product Title,Product Type,AWS Marketplace Offer ID,Contract Create Date,\
        Contract Expiration Date,Total Contract Value (USD),# of Payments,Invoice Date,\
        Invoice Amount (USD),Payer Reference ID
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.monthBefore(publication: day)
    }

    // Contracts in other currencies have no place in a data set of dollars.
    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        guard let period = coverage(publishedOn: published) else { return }
        try world.forEachAgreement { agreement in
            guard agreement.instalments > 1, agreement.currency == .usd,
                period.contains(agreement.accepted)
            else { return }
            for index in 0..<agreement.instalments {
                try body(Row(agreement: agreement, index: index))
            }
        }
    }

    func count(_ row: borrowing Row, in tally: inout FeedTally) {
        tally.add(.casInvoiceAmount, nil, row.agreement.instalment(row.index).amount)
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        let agreement = row.agreement
        let customer = agreement.customer
        let instalment = agreement.instalment(row.index)
        writer.accountNumber(customer.payer)
        writer.billedPlace(customer)
        writer.emailDomain(customer.payer)
        writer.customerReference(customer)
        writer.accountNumber(customer.account)
        writer.name("prod-", world.product(agreement.product), 13)
        writer.text(Product(index: agreement.product, of: world).title)
        writer.quoted("SaaS")
        writer.offer(agreement.offer)
        writer.day(agreement.accepted)
        if let end = agreement.end { writer.day(end.day) } else { writer.empty() }
        writer.money(agreement.value, .usd)
        writer.integer(agreement.instalments)
        writer.day(instalment.day)
        writer.money(instalment.amount, .usd)
        writer.payerReference(customer)
    }
}
