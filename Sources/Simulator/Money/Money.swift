/// A currency of a sale or a payout.
enum Currency: UInt8, CaseIterable, Sendable {
    case usd
    case eur
    case jpy
    case aud

    var code: StaticString {
        switch self {
        case .usd: "USD"
        case .eur: "EUR"
        case .jpy: "JPY"
        case .aud: "AUD"
        }
    }

    /// The smallest amount that is billed, in millionths.
    var quantum: Int64 { self == .jpy ? 1_000_000 : 10_000 }
}

/// An exact amount: a whole number of millionths of a currency's unit.
///
/// Six places are what unit rates have; 64 bits hold nine billion units, and sums that may be
/// larger are kept in `Int128`.
struct Money: Hashable, Sendable {
    var millionths: Int64

    init(millionths: Int64) {
        self.millionths = millionths
    }

    static let zero = Money(millionths: 0)

    static func units(_ units: Int) -> Money { Money(millionths: Int64(units) * 1_000_000) }

    static func + (left: Money, right: Money) -> Money {
        Money(millionths: left.millionths + right.millionths)
    }

    static func - (left: Money, right: Money) -> Money {
        Money(millionths: left.millionths - right.millionths)
    }

    static prefix func - (money: Money) -> Money { Money(millionths: -money.millionths) }

    static func += (left: inout Money, right: Money) { left = left + right }

    /// This amount times a fraction, rounded half away from zero to what `currency` bills.
    func times(_ numerator: Int64, over denominator: Int64, in currency: Currency) -> Money {
        let divisor = Int128(denominator) * Int128(currency.quantum)
        let product = Int128(millionths) * Int128(numerator)
        let half = product < 0 ? -divisor / 2 : divisor / 2
        return Money(millionths: Int64((product + half) / divisor) * currency.quantum)
    }
}

/// A sum of amounts, which may exceed what one `Money` can hold.
package struct Total: Sendable, Equatable {
    private(set) var millionths: Int128 = 0

    static func += (total: inout Total, money: Money) {
        total.millionths += Int128(money.millionths)
    }
    static func -= (total: inout Total, money: Money) {
        total.millionths -= Int128(money.millionths)
    }

    static func += (total: inout Total, other: Total) { total.millionths += other.millionths }
    static func -= (total: inout Total, other: Total) { total.millionths -= other.millionths }

    var isZero: Bool { millionths == 0 }

    /// The total as a decimal number, without trailing zeros.
    package var decimal: String {
        let magnitude = millionths.magnitude
        let (units, rest) = magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        let sign = millionths < 0 ? "-" : ""
        guard rest > 0 else { return "\(sign)\(units)" }
        var places = String(String(rest + 1_000_000).dropFirst())
        while places.last == "0" { places.removeLast() }
        return "\(sign)\(units).\(places)"
    }
}
