/// What one agreement used of one dimension on one day.
struct Usage: Sendable {
    /// What happens to the record after the day of use.
    enum Fate: Sendable {
        case plain
        /// Metered late: the first row comes days after.
        case late(SimulatedDay)
        /// The first row was wrong: a newer one replaces it.
        case corrected(SimulatedDay)
        /// The record is withdrawn.
        case withdrawn(SimulatedDay)
    }

    let agreement: Agreement
    let dimension: Int
    let day: SimulatedDay
    let key: Key
    let fate: Fate

    /// A record's key without the record, for scans that look for few.
    static func key(_ agreement: Agreement, _ dimension: Int, on day: SimulatedDay) -> Key {
        agreement.key.child(.usage, day.number * 16 + dimension)
    }

    init(_ agreement: Agreement, _ dimension: Int, on day: SimulatedDay) {
        self.agreement = agreement
        self.dimension = dimension
        self.day = day
        key = Self.key(agreement, dimension, on: day)
        fate = Self.fate(of: key, on: day)
    }

    // Everything about a month is known on the first of the next, before it is invoiced.
    private static func fate(of key: Key, on day: SimulatedDay) -> Fate {
        let draw = key.below(10_000)
        guard draw < 800 else { return .plain }
        let later = min(day + 1 + draw % 5, (day.month + 1).first)
        switch draw {
        case ..<300: return .late(later)
        case ..<700: return .corrected(later)
        default: return .withdrawn(later)
        }
    }

    /// The price of one unit, in millionths.
    var rate: Int64 {
        let draw = Int64(agreement.key.child(.rate, dimension).below(90_000) + 1_000)
        return agreement.currency == .jpy ? draw * 120 : draw
    }

    /// The quantity, in hundredths, that stands in the end.
    var quantity: Int64 { Int64(25 + key.child(.line).below(60_000)) }

    /// The quantity of the first row.
    var firstQuantity: Int64 {
        if case .corrected = fate { return quantity + 100 + Int64(key.child(.row).below(5000)) }
        return quantity
    }

    /// Rate times quantity, as the feed rounds it.
    func revenue(_ quantity: Int64) -> Money {
        Money(millionths: rate).times(quantity, over: 100, in: agreement.currency)
    }

    /// What is billed.
    var billed: Money {
        if case .withdrawn = fate { return .zero }
        return revenue(quantity)
    }
}
