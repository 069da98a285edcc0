/// A correction by AWS outside any invoice, paid with the next payout.
struct Adjustment: Sendable {
    let day: SimulatedDay
    let settlement: Settlement
    let amount: Money

    private static let dayOfMonth = 20

    /// The adjustments of a day: dollars each month, euros every third.
    static func all(on day: SimulatedDay, in world: World) -> [Adjustment] {
        guard day.date.day == dayOfMonth, day >= world.start else { return [] }
        let draw = world.root.child(.adjustment, day.number)
        let dollars = Adjustment(
            day: day, settlement: .dollars,
            amount: Money(millionths: Int64(draw.below(40_000) - 12_000) * 10_000))
        let euros = Adjustment(
            day: day, settlement: .euros, amount: .units(-1 - draw.child(.rate).below(90)))
        return day.month.index % 3 == 0 ? [dollars, euros] : [dollars]
    }

    /// The adjustments that a payout cycle pays.
    static func all(paidIn cycle: SimulatedDay, in world: World) -> [Adjustment] {
        all(on: (cycle.month + -1).day(dayOfMonth), in: world)
    }

    private func key(in world: World) -> Key {
        world.root.child(.adjustment, day.number).child(.event, settlement.rawValue)
    }

    /// The row that books it.
    func invoiced(in world: World) -> BillingEvent {
        let key = key(in: world)
        let seconds = day.midnight + 5_000
        return BillingEvent(
            key: key, action: .invoiced, kind: .adjustment, from: world.aws(settlement.broker),
            to: world.seller, parent: nil, disbursement: nil, amount: amount,
            currency: settlement.currency, payout: nil, isCounting: true,
            invoiceSeconds: seconds, actionSeconds: seconds, broker: settlement.broker,
            recipient: world.seller, sale: nil, bank: nil,
            version: Version(validFrom: seconds, inserted: world.written(key, on: day)))
    }

    /// The row that pays it, or takes it back as a part of the payout's failure.
    func disbursed(
        by payout: Payout, on day: SimulatedDay, isReturned: Bool = false, in world: World
    ) -> BillingEvent {
        var row = invoiced(in: world)
        row.parent = row.key
        row.key = row.key.child(.payoutLine, isReturned ? 8 : payout.attempt)
        row.action = .disbursed
        row.amount = isReturned ? amount : -amount
        row.isCounting = false
        row.disbursement = isReturned ? payout.failureKey(in: world) : payout.key(in: world)
        row.actionSeconds = day.midnight + 3_600
        row.version = Version(
            validFrom: row.actionSeconds, inserted: world.written(row.key, on: day))
        return row
    }
}
