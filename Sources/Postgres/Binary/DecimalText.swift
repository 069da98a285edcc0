/// Where the parts of a decimal number are in its text; digits stay in the text.
///
/// A digit's power is that of the ten it stands for: 0 for ones, -1 for tenths.
struct DecimalText {
    /// The server gives up on exponents from here on, whatever the digits (INT_MAX / 2).
    private static let exponentMax = 1_073_741_823

    let isNegative: Bool
    /// Indices of digits, commas and the point.
    let mantissa: Range<Int>
    /// Power of the first digit.
    let firstPower: Int
    /// How many decimals the number displays.
    let displayScale: Int
    /// Powers from the last to the first digit that is not zero; nil for zero.
    let significantPowers: ClosedRange<Int>?
    /// Whether thousands are grouped.
    let hasCommas: Bool
    private let exponentIsTooLarge: Bool

    /// Whether the server's numeric can hold the number, rather than call it an overflow.
    var fitsNumeric: Bool {
        let weight = (significantPowers?.upperBound ?? 0) >> 2
        return !exponentIsTooLarge && displayScale <= Numeric.displayScaleMax
            && weight <= Numeric.weightMax
    }

    /// Whether the number has no digit but zeros beyond those that an amount may have.
    var fitsAmount: Bool {
        guard let powers = significantPowers else { return true }
        return powers.upperBound < Numeric.wholesMax && powers.lowerBound >= -Numeric.decimalsMax
    }

    /// Reads a text without blanks; nil when it is no decimal number.
    init?(_ text: UnsafeRawBufferPointer) {
        var index = 0
        isNegative = text.first == UInt8(ascii: "-")
        if isNegative || text.first == UInt8(ascii: "+") { index = 1 }
        guard let mantissa = Mantissa(text, from: index) else { return nil }
        var exponent = 0
        if mantissa.range.upperBound < text.count {
            guard !mantissa.hasCommas,
                let value = Self.exponent(text, at: mantissa.range.upperBound)
            else { return nil }
            exponent = value
        }
        self.mantissa = mantissa.range
        hasCommas = mantissa.hasCommas
        firstPower = mantissa.wholes - 1 + exponent
        displayScale = max(0, mantissa.digits - mantissa.wholes - exponent)
        exponentIsTooLarge = abs(exponent) >= Self.exponentMax
        significantPowers = mantissa.significant.map { [firstPower] digits in
            firstPower - digits.upperBound...firstPower - digits.lowerBound
        }
    }

    /// Reads `e`, an optional sign and digits to the end of the text.
    private static func exponent(_ text: UnsafeRawBufferPointer, at start: Int) -> Int? {
        var index = start
        guard text[index] | 0x20 == UInt8(ascii: "e") else { return nil }
        index += 1
        guard index < text.count else { return nil }
        let isNegative = text[index] == UInt8(ascii: "-")
        if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
        guard index < text.count else { return nil }
        var value = 0
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = min(value * 10 + Int(digit), exponentMax)
            index += 1
        }
        return isNegative ? -value : value
    }
}

/// Digits with at most one point, or whole digits in groups of three.
private struct Mantissa {
    private(set) var range: Range<Int>
    private(set) var digits = 0
    /// Digits before the point.
    private(set) var wholes = 0
    private(set) var hasCommas = false
    /// Ordinals of the first and the last digit that is not zero.
    private(set) var significant: ClosedRange<Int>?

    init?(_ text: UnsafeRawBufferPointer, from start: Int) {
        var index = start
        var hasPoint = false
        var groupDigits = 0
        scan: while index < text.count {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if byte != UInt8(ascii: "0") {
                    significant = (significant?.lowerBound ?? digits)...digits
                }
                digits += 1
                groupDigits += 1
                if !hasPoint { wholes += 1 }
            case UInt8(ascii: ",") where !hasPoint:
                // 0,123 would rather be a decimal comma.
                let isGroup =
                    hasCommas
                    ? groupDigits == 3
                    : (1...3).contains(digits) && text[start] != UInt8(ascii: "0")
                guard isGroup else { return nil }
                hasCommas = true
                groupDigits = 0
            case UInt8(ascii: ".") where !hasPoint:
                guard !hasCommas || groupDigits == 3 else { return nil }
                hasPoint = true
            default:
                break scan
            }
            index += 1
        }
        guard digits > 0, hasPoint || !hasCommas || groupDigits == 3 else { return nil }
        range = start..<index
    }
}
