/// What AWS delivered before month files began.
///
/// The object `year=2010/month=01` holds everything up to 2020-04-30. It is generated as if it
/// were the delivery of one far-away day, so that history needs no code path of its own.
extension SimulatedDay {
    /// The pseudo day whose changes are the backfill.
    static let backfill = SimulatedDay(2010, 1, 1)

    /// The last day whose changes are in the backfill.
    static let historyEnd = SimulatedDay(2020, 4, 30)

    /// The month whose usage, invoices and payouts the history holds.
    static let historyMonth = SimulatedDay(2020, 2, 1).month

    /// The day under which a change of this day is generated.
    var stream: SimulatedDay { self <= Self.historyEnd ? .backfill : self }

    /// The days to generate, one after the other, for this day's stream.
    ///
    /// Only for feeds whose history lies within `historyMonth` and the two months after it.
    var generated: ClosedRange<Int> {
        self == .backfill
            ? Self.historyMonth.first.number...Self.historyEnd.number : number...number
    }
}
