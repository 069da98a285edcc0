/// A purchase agreement with its whole life.
struct Agreement: Sendable {
    enum Kind: Sendable {
        /// Pay as you go: billed monthly for what was used.
        case usage
        /// A fixed price, billed up front or in instalments.
        case contract
    }

    enum Ending: Sendable {
        case cancelled
        case expired
        case renewed
        case replaced
        case terminated
    }

    /// More bought within the same agreement.
    struct Amendment: Sendable {
        let day: SimulatedDay
        let extra: Money
        /// Taken back three days later, and never billed.
        let isRolledBack: Bool

        var rolledBack: SimulatedDay? { isRolledBack ? day + 3 : nil }
    }

    /// What a buyer meant by the agreement.
    enum Intent: Sendable {
        case new
        case renew
        case replace
    }

    let customer: Customer
    let key: Key
    let kind: Kind
    let product: Int
    let channel: Channel
    let offer: Offer
    let accepted: SimulatedDay
    let end: (day: SimulatedDay, how: Ending)?
    /// What the buyer pays for a contract in all, but for an amendment.
    let value: Money
    let amendment: Amendment?
    /// The first row shows a wrong value and is corrected a day later.
    let isCorrected: Bool
    let preceding: Key?
    let intent: Intent
    /// Dimensions that are metered, or 1 for a contract.
    let dimensions: Int
    /// Payments of a contract; more than one by a schedule.
    let instalments: Int
    /// Free of charge, and followed by a paid agreement if the buyer likes it.
    let isTrial: Bool
    /// Whether it follows a trial.
    var isUpgrade = false

    static let instalmentDays = 30

    /// The end that a contract has by its terms; it may end sooner.
    var plannedEnd: SimulatedDay? {
        guard kind == .contract, let end else { return nil }
        return end.how == .cancelled || end.how == .replaced ? accepted + 365 : end.day
    }

    /// The amendment, unless it is taken back.
    var standingAmendment: Amendment? {
        amendment.flatMap { $0.isRolledBack ? nil : $0 }
    }

    var licences: Int { standingAmendment == nil ? 1 : 2 }
    var currency: Currency { customer.currency }

    /// The instant of acceptance.
    var acceptedSeconds: Int64 { accepted.midnight + Int64(key.child(.version).below(30_000)) }

    /// The instant from which the agreement is in force; some contracts begin days later.
    var startSeconds: Int64 {
        let isFuture = kind == .contract && !isTrial && preceding == nil && key.below(6) == 0
        return isFuture ? (accepted + 4).midnight : acceptedSeconds
    }

    /// The instant from which an amendment of a day counts.
    static func amendedSeconds(_ day: SimulatedDay) -> Int64 { day.midnight + 5_400 }

    /// The licence of the acceptance, 0, or of the amendment, 1.
    func licence(_ index: Int) -> Key { key.child(.licence, index) }

    /// The seats that a licence is for.
    func seats(_ licence: Int) -> Int { 5 + key.child(.entitlement, licence).below(200) }

    /// The day and the amount of a payment; what does not divide is paid first.
    func instalment(_ index: Int) -> (day: SimulatedDay, amount: Money) {
        let part = value.times(1, over: Int64(instalments), in: currency)
        var first = value
        for _ in 1..<max(instalments, 1) { first = first - part }
        return (accepted + Self.instalmentDays * index, index == 0 ? first : part)
    }

    /// Whether a payment falls due before the agreement ends.
    func isDue(_ index: Int) -> Bool {
        guard let end, end.how == .cancelled || end.how == .replaced else { return true }
        return instalment(index).day < end.day
    }

    /// Whether there can be usage on a day.
    func isMetered(on day: SimulatedDay, in world: World) -> Bool {
        guard kind == .usage, day >= accepted else { return false }
        if let end, day >= end.day + world.overrun(of: self) { return false }
        if day.month == SimulatedDay.historyMonth { return customer.hasHistory }
        return day >= world.start
    }

    /// Whether it is in force at the end of a day.
    func isInForce(on day: SimulatedDay) -> Bool {
        day >= accepted && end.map { day < $0.day } ?? true
    }
}
