/// CAS "Daily business: new instances": what new users of a product started.
struct NewInstances: Snapshot {
    struct Row {
        let agreement: Agreement
        let type: StaticString
        let count: Int
    }

    let world: World

    let name = "cas.daily_business_new_instances"
    let header: StaticString = """
        Customer Reference ID,User’s State,User’s Country,Product Title,Product Code,Type,Count,\
        Customer AWS Account Number,Customer Country,Customer State,Customer City,\
        Customer Zip Code,Customer Email Domain,Solution Title,Solution ID,Payer Reference ID,\
        Payer Address ID
        """

    private static let types: [StaticString] = ["m7g.large", "c7i.2xlarge", "r6i.xlarge"]

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.dayBefore(day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        let day = published + -1
        try world.forEachAgreement { agreement in
            guard agreement.kind == .usage, agreement.accepted == day else { return }
            for (index, type) in Self.types.enumerated() {
                let count = agreement.key.child(.row, index).below(6)
                if count > 0 { try body(Row(agreement: agreement, type: type, count: count)) }
            }
        }
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        let customer = row.agreement.customer
        writer.customerReference(customer)
        writer.userPlace(customer)
        writer.titleAndCode(row.agreement.product, in: world)
        writer.quoted(row.type)
        writer.integer(row.count)
        writer.accountNumber(customer.payer)
        writer.quoted(customer.market.country)
        writer.casTail(customer)
    }
}
