/// A transfer to the seller's bank, of one pair of currencies.
struct Payout: Hashable, Sendable {
    /// The first payout day of the lines that it pays.
    let cycle: SimulatedDay
    let settlement: Settlement
    /// 0, and 1 for the repetition of one that failed.
    let attempt: Int

    /// Payouts leave on this day of every month.
    static let dayOfMonth = 12
    private static let failureDays = 4
    private static let repetitionDays = 8

    func key(in world: World) -> Key {
        world.root.child(.payout, cycle.number * 16 + settlement.rawValue * 2 + attempt)
    }

    /// The first cycle after a day.
    static func cycle(after day: SimulatedDay) -> SimulatedDay {
        let same = day.month.day(dayOfMonth)
        return same > day ? same : (day.month + 1).day(dayOfMonth)
    }

    /// The cycle whose dollar payout the bank rejects: that of the second simulated month.
    static func failingCycle(in world: World) -> SimulatedDay {
        (world.start.month + 1).day(dayOfMonth)
    }

    /// What happens to payouts on a day.
    enum Step: Sendable {
        /// Lines are paid.
        case pay(cycle: SimulatedDay, attempt: Int)
        /// The bank sends the money back.
        case fail(cycle: SimulatedDay)
    }

    static func step(on day: SimulatedDay, in world: World) -> Step? {
        let failing = failingCycle(in: world)
        if day.date.day == dayOfMonth { return .pay(cycle: day, attempt: 0) }
        if day == failing + failureDays { return .fail(cycle: failing) }
        if day == failing + repetitionDays { return .pay(cycle: failing, attempt: 1) }
        return nil
    }

    /// Whether the bank rejects payouts of a pair in a cycle.
    static func fails(_ settlement: Settlement, _ cycle: SimulatedDay, in world: World) -> Bool {
        settlement == .dollars && cycle == failingCycle(in: world)
    }
}
