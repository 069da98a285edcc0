/// A transfer to the seller's bank, of one pair of currencies.
struct Payout: Hashable, Sendable {
    /// The first payout day of the lines that it pays.
    let cycle: SimulatedDay
    let settlement: Settlement
    /// 0, and 1 for the repetition of one that failed.
    let attempt: Int

    /// Payouts leave on this day of every month.
    static let dayOfMonth = 12
    /// Days from a payout to its failure.
    static let failureDays = 4
    static let repetitionDays = 8

    func key(in world: World) -> Key {
        world.root.child(.payout, cycle.number * 16 + settlement.rawValue * 2 + attempt)
    }

    /// What stands for the bank's trace in some of the first payouts.
    func tracePlaceholder(in world: World) -> StaticString? {
        guard cycle.month == world.start.month + 1 else { return nil }
        switch settlement {
        case .euros: return "EMEA_MP_TEST_TRACE_ID"
        case .australianDollars: return "testTraceId"
        default: return nil
        }
    }

    /// The identity of the payout's failure.
    func failureKey(in world: World) -> Key { key(in: world).child(.event) }

    /// The first cycle after a day.
    static func cycle(after day: SimulatedDay) -> SimulatedDay {
        let same = day.month.day(dayOfMonth)
        return same > day ? same : (day.month + 1).day(dayOfMonth)
    }

    /// A payout that the bank rejects.
    struct Failure: Sendable {
        let settlement: Settlement
        /// Whether each line is taken back by a line of the failure; else the lines just stand.
        let hasLines: Bool
    }

    /// What the bank rejects: dollars in the second simulated month, euros in the fourth.
    static func failure(in cycle: SimulatedDay, of world: World) -> Failure? {
        guard cycle.date.day == dayOfMonth else { return nil }
        switch cycle.month.index - world.start.month.index {
        case 1: return Failure(settlement: .dollars, hasLines: false)
        case 3: return Failure(settlement: .euros, hasLines: true)
        default: return nil
        }
    }

    /// What happens to payouts on a day.
    enum Step: Sendable {
        /// Lines are paid.
        case pay(cycle: SimulatedDay, attempt: Int)
        /// The bank sends the money back.
        case fail(cycle: SimulatedDay)
    }

    static func step(on day: SimulatedDay, in world: World) -> Step? {
        let cycle = day.month.day(dayOfMonth)
        if day == cycle { return .pay(cycle: cycle, attempt: 0) }
        guard failure(in: cycle, of: world) != nil else { return nil }
        if day == cycle + failureDays { return .fail(cycle: cycle) }
        if day == cycle + repetitionDays { return .pay(cycle: cycle, attempt: 1) }
        return nil
    }

    /// Whether the bank rejects payouts of a pair in a cycle.
    static func fails(_ settlement: Settlement, _ cycle: SimulatedDay, in world: World) -> Bool {
        failure(in: cycle, of: world)?.settlement == settlement
    }
}
