/// A buyer with the accounts that pay for it and use what it bought.
struct Customer: Sendable {
    let index: Int
    let key: Key
    let market: Market
    /// Bought before the simulation starts and is part of the backfill.
    let isStanding: Bool
    /// The day of its first agreement.
    let joined: SimulatedDay
    let hasPayer: Bool
    let hasEndUser: Bool
    /// Priced in euro, paid out in dollars.
    let isDual: Bool
    let tax: Tax
    /// Whether history holds usage and invoices of it.
    let hasHistory: Bool

    init(index: Int, of world: World) {
        self.index = index
        key = world.root.child(.customer, index)
        var random = key.random
        market = Market.of(random.below(100))
        isStanding = index % 5 < 3
        hasPayer = random.below(100) < 30
        hasEndUser = random.below(100) < 20
        isDual = random.oneIn(4) && market.currency == .eur
        hasHistory = isStanding && index % 4 == 0
        let taxDraw = random.below(3)
        switch market {
        case .unitedStates: tax = taxDraw == 0 ? .none : taxDraw == 1 ? .seller : .aws
        case .germany, .france, .ireland: tax = .aws
        case .japan: tax = .seller
        case .australia: tax = taxDraw == 0 ? .seller : .aws
        }
        joined =
            isStanding
            ? SimulatedDay(2017, 1, 2) + random.below(1000) : world.start + random.below(75)
    }

    var currency: Currency { market.currency }
    var account: Key { key.child(.account, 0) }
    var payer: Key { hasPayer ? key.child(.account, 1) : account }
    var endUser: Key { hasEndUser ? key.child(.account, 2) : account }

    /// All its accounts, each once.
    var accounts: [Key] {
        [account] + (hasPayer ? [payer] : []) + (hasEndUser ? [endUser] : [])
    }

    /// Where letters go, until it moves.
    var address: Key { key.child(.address) }

    /// Where it is taxed, if that is known: there or at an address of its own.
    var taxAddress: Key? {
        switch key.child(.address, 1).below(3) {
        case 0: nil
        case 1: address
        default: key.child(.address, 1)
        }
    }

    /// Where its invoices go.
    var billingAddress: Key { hasPayer ? key.child(.address, 2) : address }

    /// Where an invoice of a day goes.
    func billingAddress(on day: SimulatedDay, in world: World) -> Key {
        guard !hasPayer, let move = move(in: world), move.day < day else { return billingAddress }
        return move.address
    }

    /// All its first addresses, each once.
    var addresses: [Key] {
        var all = [address]
        if let taxAddress, taxAddress != address { all.append(taxAddress) }
        if hasPayer { all.append(billingAddress) }
        return all
    }

    /// One customer in five moves, to an address of its own.
    func move(in world: World) -> (day: SimulatedDay, address: Key)? {
        let moved = key.child(.address, 3)
        guard moved.below(5) == 0 else { return nil }
        return (max(joined, world.start) + 14 + moved.child(.row).below(60), moved)
    }

    /// One tax address in four is erased.
    func erasure(in world: World) -> SimulatedDay? {
        guard let taxAddress, taxAddress != address, taxAddress.child(.version).below(4) == 0
        else { return nil }
        return max(joined, world.start) + 20 + taxAddress.child(.row).below(20)
    }

    /// The first version of one of its accounts or addresses.
    func firstVersion(of thing: Key, in world: World) -> Version {
        let validFrom = validFrom(in: world)
        let day = SimulatedDay(number: Int(validFrom / 86_400))
        return Version(validFrom: validFrom, inserted: world.written(thing, on: day))
    }

    // Can be after the first agreement: the oldest were recorded anew in 2020.
    private func validFrom(in world: World) -> Int64 {
        if joined <= SimulatedDay.historyEnd {
            return key.below(3) == 0 ? SimulatedDay(2020, 3, 15).midnight : joined.midnight
        }
        return key.below(2) == 0 ? joined.midnight : joined.midnight + 35_000
    }

    /// The pair of currencies under which its sales are paid out.
    var settlement: Settlement {
        isDual ? .euroInDollars : Settlement(currency)
    }
}

extension Market {
    /// The market of a draw from a hundred.
    fileprivate static func of(_ draw: Int) -> Market {
        switch draw {
        case ..<50: .unitedStates
        case ..<62: .germany
        case ..<74: .france
        case ..<84: .ireland
        case ..<94: .japan
        default: .australia
        }
    }
}

/// A pair of pricing and payout currency; each has payouts of its own.
enum Settlement: Int, CaseIterable, Sendable {
    case dollars
    case euros
    case yen
    case euroInDollars
    case australianDollars

    init(_ currency: Currency) {
        switch currency {
        case .usd: self = .dollars
        case .eur: self = .euros
        case .jpy: self = .yen
        case .aud: self = .australianDollars
        }
    }

    var currency: Currency {
        switch self {
        case .dollars: .usd
        case .euros, .euroInDollars: .eur
        case .yen: .jpy
        case .australianDollars: .aud
        }
    }

    var payoutCurrency: Currency? { self == .euroInDollars ? .usd : nil }

    var broker: Broker {
        switch self {
        case .dollars: .incorporated
        case .euros, .euroInDollars: .europe
        case .yen: .japan
        case .australianDollars: .australia
        }
    }
}
