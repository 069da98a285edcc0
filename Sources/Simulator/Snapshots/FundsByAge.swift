/// CAS "Disbursement": uncollected, disbursed and past due funds by age.
///
/// One row, of the sales in dollars: the data sets have no currency column.
struct FundsByAge: Snapshot {
    /// Which of three data sets that differ in titles only.
    enum Kind: Sendable {
        case uncollected
        case disbursed
        case pastDue
    }

    /// Amounts of up to 30, 60, 90 and 120 days, and of more.
    struct Row {
        var ages = [Money](repeating: .zero, count: 5)
        var sum: Money { ages.reduce(.zero, +) }
    }

    let world: World
    let kind: Kind

    var name: String {
        switch kind {
        case .uncollected: "cas.disbursed_amount_by_age_of_uncollected_funds"
        case .disbursed: "cas.disbursed_amount_by_age_of_disbursed_funds"
        case .pastDue: "cas.disbursed_amount_by_age_of_past_due_funds"
        }
    }

    var header: StaticString {
        switch kind {
        case .uncollected:
            """
            Uncollected (< 31 days pending),Uncollected (31–60 days pending),\
            Uncollected (61–90 days pending),Uncollected (91–120 days pending),\
            Uncollected (> 120 days pending),Uncollected (overall)
            """
        case .disbursed:
            """
            Collected (< 31 days pending),Collected (31–60 days pending),\
            Collected (61–90 days pending),Collected (91–120 days pending),\
            Collected (> 120 days pending),Collected (overall)
            """
        case .pastDue:
            """
            Past Due (< 31 days),Past Due (31–60 days),Past Due (61–90 days),\
            Past Due (91–120 days),Past Due (> 120 days),Past Due (overall)
            """
        }
    }

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.disbursementPeriod(publishedOn: day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        guard let period = coverage(publishedOn: published) else { return }
        var row = Row()
        world.forEachAgreement { agreement in
            guard agreement.currency == .usd else { return }
            world.forEachInvoice(of: agreement, around: period.upperBound) { invoice in
                guard let age = age(of: invoice, in: period) else { return }
                world.forEachLine(of: invoice) { line in
                    row.ages[min(max(age - 1, 0) / 30, 4)] += line.price
                }
            }
        }
        try body(row)
    }

    // In days, or nil for an invoice that is not of the kind.
    private func age(of invoice: Invoice, in period: ClosedRange<SimulatedDay>) -> Int? {
        let day = period.upperBound
        switch kind {
        case .uncollected: return invoice.isOpen(on: day) ? day - invoice.issued : nil
        case .pastDue: return invoice.isOpen(on: day) && invoice.due < day ? day - invoice.due : nil
        case .disbursed:
            guard let paid = invoice.paid, period.contains(paid) else { return nil }
            return paid - invoice.issued
        }
    }

    func count(_ row: borrowing Row, in tally: inout FeedTally) {
        switch kind {
        case .uncollected: tally.add(.casUncollected, nil, row.sum)
        case .disbursed: tally.add(.casCollected, nil, row.sum)
        case .pastDue: tally.add(.casPastDue, nil, row.sum)
        }
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        for age in row.ages { writer.money(age, .usd) }
        writer.money(row.sum, .usd)
    }
}
