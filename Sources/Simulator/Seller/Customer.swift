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

    var address: Key { key.child(.address) }

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
        case ..<86: .ireland
        default: .japan
        }
    }
}

/// A pair of pricing and payout currency; each has payouts of its own.
enum Settlement: Int, CaseIterable, Sendable {
    case dollars
    case euros
    case yen
    case euroInDollars

    init(_ currency: Currency) {
        switch currency {
        case .usd: self = .dollars
        case .eur: self = .euros
        case .jpy: self = .yen
        }
    }

    var currency: Currency {
        switch self {
        case .dollars: .usd
        case .euros, .euroInDollars: .eur
        case .yen: .jpy
        }
    }

    var payoutCurrency: Currency? { self == .euroInDollars ? .usd : nil }

    var broker: Broker {
        switch self {
        case .dollars: .incorporated
        case .euros, .euroInDollars: .europe
        case .yen: .japan
        }
    }
}
