/// A purchase agreement with its whole life.
struct Agreement: Sendable {
    enum Kind: Sendable {
        /// Pay as you go: billed monthly for what was used.
        case usage
        /// A fixed price, billed up front.
        case contract
    }

    enum Ending: Sendable {
        case cancelled
        case expired
        case renewed
    }

    /// More bought within the same agreement.
    struct Amendment: Sendable {
        let day: SimulatedDay
        let extra: Money
    }

    let customer: Customer
    let key: Key
    let kind: Kind
    let product: Int
    let accepted: SimulatedDay
    let end: (day: SimulatedDay, how: Ending)?
    let value: Money
    let amendment: Amendment?
    /// The first row shows a wrong value and is corrected a day later.
    let isCorrected: Bool
    let preceding: Key?
    /// Dimensions that are metered, or 1 for a contract.
    let dimensions: Int

    var offer: Key { key.child(.offer) }
    var licences: Int { amendment == nil ? 1 : 2 }

    /// The instant of acceptance.
    var acceptedSeconds: Int64 { accepted.midnight + Int64(key.child(.version).below(30_000)) }

    /// Whether there can be usage on a day.
    func isMetered(on day: SimulatedDay, in world: World) -> Bool {
        guard kind == .usage, day >= accepted else { return false }
        if let end, day >= end.day { return false }
        if day.month == SimulatedDay.historyMonth { return customer.hasHistory }
        return day >= world.start
    }
}

extension World {
    // One to four concurrent agreements, two and a half on average.
    private func slots(of customer: Customer) -> Int {
        1 + customer.key.child(.agreement, 999).below(4)
    }

    /// Every agreement of a customer, also those of the future.
    func forEachAgreement(
        of customer: Customer, _ body: (Agreement) throws -> Void
    ) rethrows {
        for slot in 0..<slots(of: customer) {
            let key = customer.key.child(.agreement, slot * 64)
            var random = key.random
            // What was bought long ago and still lives is paid by use.
            let isStanding = slot == 0 && customer.isStanding
            if isStanding || random.below(100) < 65 {
                try body(usageAgreement(of: customer, slot, key, random))
            } else {
                try forEachContract(of: customer, slot, random, body)
            }
        }
    }

    private func firstDay(of customer: Customer, _ slot: Int, _ draw: Int) -> SimulatedDay {
        if slot == 0 { return customer.joined }
        return max(customer.joined, start) + draw % 60
    }

    private func usageAgreement(
        of customer: Customer, _ slot: Int, _ key: Key, _ source: Random
    ) -> Agreement {
        var random = source
        let accepted = firstDay(of: customer, slot, random.below(60))
        let cancelled = max(accepted, start) + 35 + random.below(90)
        return Agreement(
            customer: customer, key: key, kind: .usage,
            product: Product.index(random.below(1000), on: accepted, of: self),
            accepted: accepted,
            end: random.oneIn(8) ? (cancelled, .cancelled) : nil,
            value: .zero, amendment: nil, isCorrected: random.oneIn(12), preceding: nil,
            dimensions: 2 + random.below(5))
    }

    private func forEachContract(
        of customer: Customer, _ slot: Int, _ source: Random,
        _ body: (Agreement) throws -> Void
    ) rethrows {
        var random = source
        let first = firstDay(of: customer, slot, random.below(60))
        let product = Product.index(random.below(1000), on: first, of: self)
        let isMonthly = random.below(2) == 0
        let generations = isMonthly ? 2 + random.below(5) : 1
        let price = Int64(3 + random.below(400)) * (customer.currency == .jpy ? 15_000 : 125)
        let amendment = Agreement.Amendment(
            day: first + 12 + random.below(30), extra: .units(Int(price) / 4))
        let isAmended = !isMonthly && random.oneIn(2)
        for generation in 0..<generations {
            let key = customer.key.child(.agreement, slot * 64 + generation)
            let accepted = first + 30 * generation
            let isLast = generation == generations - 1
            let day = isMonthly ? accepted + 30 : accepted + 365
            try body(
                Agreement(
                    customer: customer, key: key, kind: .contract, product: product,
                    accepted: accepted, end: (day, isLast ? .expired : .renewed),
                    value: .units(Int(price)), amendment: isAmended ? amendment : nil,
                    isCorrected: key.child(.row).below(8) == 0,
                    preceding: generation == 0
                        ? nil : customer.key.child(.agreement, slot * 64 + generation - 1),
                    dimensions: 1))
        }
    }
}
