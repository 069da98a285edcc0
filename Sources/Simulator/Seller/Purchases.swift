/// What each customer buys.
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
            if isStanding || random.below(100) < 60 {
                try body(usageAgreement(of: customer, slot, key, random))
            } else {
                try forEachContract(of: customer, slot, random, body)
            }
        }
    }

    /// An agreement that was recorded by mistake: deleted two days later, never used.
    func phantom(of customer: Customer) -> Agreement? {
        let key = customer.key.child(.phantomAgreement)
        guard key.below(12) == 0 else { return nil }
        let recorded = max(customer.joined, start) + 3
        var offer = privateOffer(key, of: customer, 0, .direct, on: recorded, amended: nil)
        offer.withdrawn = recorded + 2
        return Agreement(
            customer: customer, key: key, kind: .contract, product: 0, channel: .direct,
            offer: offer, accepted: recorded, end: nil, value: .units(500), amendment: nil,
            isCorrected: false, preceding: nil, intent: .new, dimensions: 1, instalments: 1,
            isTrial: false)
    }

    private func firstDay(of customer: Customer, _ slot: Int, _ draw: Int) -> SimulatedDay {
        if slot == 0 { return customer.joined }
        return max(customer.joined, start) + draw % 60
    }

    private func channel(of key: Key, _ product: Int) -> Channel {
        if Product(index: product, of: self).isForeign { return .reselling }
        switch key.child(.partner).below(12) {
        case 0: return .resold(by: .firstReseller)
        case 1: return .resold(by: .secondReseller)
        default: return .direct
        }
    }

    private func usageAgreement(
        of customer: Customer, _ slot: Int, _ key: Key, _ source: Random
    ) -> Agreement {
        var random = source
        let accepted = firstDay(of: customer, slot, random.below(60))
        let cancelled = max(accepted, start) + 35 + random.below(90)
        let product = Product.index(random.below(1000), on: accepted, of: self)
        let channel = channel(of: key, product)
        let ending: Agreement.Ending =
            key.child(.reference).below(4) == 0 ? .terminated : .cancelled
        return Agreement(
            customer: customer, key: key, kind: .usage, product: product, channel: channel,
            offer: usageOffer(key, of: customer, product, channel, on: accepted),
            accepted: accepted, end: random.oneIn(8) ? (cancelled, ending) : nil,
            value: .zero, amendment: nil, isCorrected: random.oneIn(12), preceding: nil,
            intent: .new, dimensions: 2 + random.below(5), instalments: 0, isTrial: false)
    }

    private func usageOffer(
        _ key: Key, of customer: Customer, _ product: Int, _ channel: Channel,
        on accepted: SimulatedDay
    ) -> Offer {
        let draw = key.child(.offer).below(10)
        if draw < 6, channel == sharedOffer(of: product).channel {
            return sharedOffer(of: product)
        }
        guard draw == 6, channel == .direct else {
            return privateOffer(key, of: customer, product, channel, on: accepted, amended: nil)
        }
        return Offer(
            key: key.child(.offer), product: product, audience: .everyone, channel: channel,
            isPlaceholder: true, listed: accepted, validFrom: accepted.midnight, revised: nil)
    }

    private func privateOffer(
        _ key: Key, of customer: Customer, _ product: Int, _ channel: Channel,
        on accepted: SimulatedDay, amended: SimulatedDay?
    ) -> Offer {
        let offer = key.child(.offer)
        // History is delivered up to a day long before the start.
        let early = accepted + -offer.below(4)
        let possible = min(max(start, Product(index: product, of: self).listed), accepted)
        let listed = accepted >= start ? max(early, possible) : accepted
        let isLate = listed == accepted && offer.bits & 1 == 0
        return Offer(
            key: offer, product: product, audience: .buyer, channel: channel, listed: listed,
            validFrom: listed.midnight + (isLate ? 32_000 : 0), revised: amended,
            buyer: customer.account)
    }
}

/// Contracts.
extension World {
    /// One contract after the other, as an agreement is renewed or replaced.
    private struct Chain {
        let customer: Customer
        let slot: Int
        let product: Int
        let first: SimulatedDay
        let isMonthly: Bool
        let isTrial: Bool
        let isReplaced: Bool
        let count: Int
        let price: Int
        let amendment: Agreement.Amendment?
        let instalments: Int
        let cancelled: SimulatedDay?

        private static let replacedDays = 40

        func key(_ generation: Int) -> Key {
            customer.key.child(.agreement, slot * 64 + generation)
        }

        func accepted(_ generation: Int) -> SimulatedDay {
            first + (isMonthly ? 30 : Self.replacedDays) * generation
        }

        func end(_ generation: Int) -> (day: SimulatedDay, how: Agreement.Ending) {
            let isLast = generation == count - 1
            if !isLast { return (accepted(generation + 1), isReplaced ? .replaced : .renewed) }
            if let cancelled { return (cancelled, .cancelled) }
            return (accepted(generation) + (isMonthly ? 30 : 365), .expired)
        }

        func intent(_ generation: Int) -> Agreement.Intent {
            generation == 0 ? .new : isReplaced ? .replace : .renew
        }

        func value(_ generation: Int) -> Money {
            if isTrial, generation == 0 { return .zero }
            return .units(isReplaced ? price + price / 2 * generation : price)
        }
    }

    private func chain(of customer: Customer, _ slot: Int, _ source: Random) -> Chain {
        var random = source
        let first = firstDay(of: customer, slot, random.below(60))
        let product = Product.index(random.below(1000), on: first, of: self)
        let isMonthly = random.below(2) == 0
        let isTrial = isMonthly && random.oneIn(3)
        let isReplaced = !isMonthly && random.oneIn(5)
        let renewals = 2 + random.below(5)
        // Not everyone who tries buys.
        let isRefused = isTrial && random.oneIn(3)
        let price = (3 + random.below(400)) * (customer.currency == .jpy ? 15_000 : 125)
        let amended = first + 12 + random.below(30)
        let isAmended = !isMonthly && !isReplaced && random.oneIn(2)
        let isScheduled = !isMonthly && random.oneIn(3)
        let isCancelled = !isMonthly && !isReplaced && random.oneIn(6)
        return Chain(
            customer: customer, slot: slot, product: product, first: first,
            isMonthly: isMonthly, isTrial: isTrial, isReplaced: isReplaced,
            count: isRefused ? 1 : isMonthly ? renewals : isReplaced ? 2 : 1, price: price,
            amendment: isAmended
                ? .init(day: amended, extra: .units(price / 4), isRolledBack: random.oneIn(5))
                : nil,
            instalments: isScheduled ? 3 + random.below(2) : 1,
            cancelled: isCancelled ? first + 50 + random.below(30) : nil)
    }

    private func forEachContract(
        of customer: Customer, _ slot: Int, _ source: Random,
        _ body: (Agreement) throws -> Void
    ) rethrows {
        let chain = chain(of: customer, slot, source)
        for generation in 0..<chain.count { try body(contract(chain, generation)) }
    }

    private func contract(_ chain: Chain, _ generation: Int) -> Agreement {
        let key = chain.key(generation)
        let accepted = chain.accepted(generation)
        let channel = channel(of: chain.key(0), chain.product)
        let shared = sharedOffer(of: chain.product)
        let isShared =
            channel == shared.channel && chain.amendment == nil
            && chain.key(0).child(.offer).below(10) < 4
        return Agreement(
            customer: chain.customer, key: key, kind: .contract, product: chain.product,
            channel: channel,
            offer: isShared
                ? shared
                : privateOffer(
                    key, of: chain.customer, chain.product, channel, on: accepted,
                    amended: chain.amendment?.day),
            accepted: accepted, end: chain.end(generation), value: chain.value(generation),
            amendment: chain.amendment, isCorrected: key.child(.row).below(8) == 0,
            preceding: generation == 0 ? nil : chain.key(generation - 1),
            intent: chain.intent(generation), dimensions: 1,
            instalments: chain.isTrial && generation == 0 ? 1 : chain.instalments,
            isTrial: chain.isTrial && generation == 0,
            isUpgrade: chain.isTrial && generation == 1)
    }
}
