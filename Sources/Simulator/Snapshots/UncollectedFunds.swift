/// CAS "Disbursement: uncollected funds breakdown": every line that no buyer has paid.
struct UncollectedFunds: Snapshot {
    typealias Row = RevenueLine

    let world: World

    let name = "cas.disbursed_amount_by_uncollected_funds_breakdown"
    let header: StaticString = """
        Payer AWS Account Number,Product Code,Gross Revenue,AWS Revenue Share,Gross Refunds,\
        AWS Refunds Share,Net Revenue,Currency,AR Period,Transaction Reference ID,\
        Opportunity Name,Opportunity Description,Solution Title,Solution ID,Payer Reference ID,\
        Payer Address ID,Payment Due date
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.disbursementPeriod(publishedOn: day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing RevenueLine) throws -> Void
    ) rethrows {
        let day = published + -1
        let period = (day + -Invoice.lifetimeDays)...day
        try world.forEachRevenueLine(in: period) { row in
            if row.invoice.isOpen(on: day) { try body(row) }
        }
    }

    func count(_ row: borrowing RevenueLine, in tally: inout FeedTally) {
        tally.add(.casGrossRevenue, row.currency, row.price)
        tally.add(.casNetRevenue, row.currency, row.net)
    }

    func write(_ row: borrowing RevenueLine, into writer: inout RowWriter) {
        let product = Product(index: row.agreement.product, of: world)
        writer.accountNumber(row.customer.payer)
        writer.name("", product.code, 25)
        writer.shares(row)
        writer.quoted(row.currency.code)
        writer.text(row.period)
        writer.reference(row)
        writer.opportunityTexts(row.agreement.offer)
        writer.solution()
        writer.payer(row.customer)
        writer.day(row.invoice.due)
    }
}

extension Invoice {
    /// The day by which it must be paid.
    var due: SimulatedDay { issued + 30 }

    /// Whether at the end of a day nobody has paid it, nor given it up.
    func isOpen(on day: SimulatedDay) -> Bool {
        guard issued <= day else { return false }
        return (paid ?? forgiven).map { $0 > day } ?? true
    }
}

extension World {
    /// What the data sets of a payout cover, on the day after it: all since the one before.
    func disbursementPeriod(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        let cycle = day + -1
        guard cycle.date.day == Payout.dayOfMonth, cycle >= start else { return nil }
        return ((cycle.month + -1).day(Payout.dayOfMonth) + 1)...cycle
    }
}
