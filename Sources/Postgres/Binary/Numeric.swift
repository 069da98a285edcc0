/// Text of a numeric: sign, digits, point, exponent, blanks around it.
///
/// The binary form is a number in base 10000: count of digits, weight of the first, sign, count of
/// decimals to display, digits ("numeric_recv" of the server).
///
/// Wider than the server: thousands in perfect groups, `-12,345,678.90`.
/// Narrower than the server: NaN and Infinity, which are no amounts; blanks within an exponent; more
/// than 38 digits before the point or after it, zeros at either end not counted.
enum Numeric {
    /// The most digits before the point, and after it.
    ///
    /// AWS's own queries read money as decimal(38,6), and 38 digits are the most that a decimal has
    /// in Athena and in Glue, wherever its point is. What is beyond that is no amount, and 1e400
    /// would be one of 400 digits in every sum.
    static let wholesMax = 38
    static let decimalsMax = 38

    /// The most decimals that the server keeps.
    static let displayScaleMax = 16_383
    /// The greatest power of 10000 that the server keeps.
    static let weightMax = 32_767

    private static let headerBytes = 8
    private static let positive: UInt16 = 0x0000
    private static let negative: UInt16 = 0x4000

    @inline(__always)
    static func encode(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        if let size = encodePlain(text, to: output) { return size }
        return try encodeAny(text, to: output)
    }

    /// Encodes sign, at most 16 digits and a point: nearly every amount there is.
    ///
    /// 16 digits and the zeros that fill the last group still fit 64 bits.
    @inline(__always)
    private static func encodePlain(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) -> Int? {
        guard text.count <= 18 else { return nil }
        var value: UInt64 = 0
        var digits = 0
        var decimals = -1
        var index = 0
        let isNegative = text[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            if digit < 10 {
                value = value &* 10 &+ UInt64(digit)
                digits &+= 1
            } else if text[index] == UInt8(ascii: "."), decimals < 0 {
                decimals = digits
            } else {
                return nil
            }
            index &+= 1
        }
        guard digits > 0, digits <= 16 else { return nil }
        decimals = decimals < 0 ? 0 : digits &- decimals
        return write(value, decimals: decimals, isNegative: isNegative, to: output)
    }

    @inline(__always)
    private static func write(
        _ digits: UInt64, decimals: Int, isNegative: Bool, to output: UnsafeMutableRawPointer
    ) -> Int {
        guard digits != 0 else {
            writeHeader(0, weight: 0, isNegative: false, decimals: decimals, to: output)
            return headerBytes
        }
        var value = digits
        switch decimals & 3 {
        case 1: value &*= 1000
        case 2: value &*= 100
        case 3: value &*= 10
        default: break
        }
        var lowest = -((decimals &+ 3) >> 2)
        while value % 10_000 == 0 {
            value /= 10_000
            lowest &+= 1
        }
        let count =
            value < 10_000
            ? 1
            : value < 100_000_000
                ? 2 : value < 1_000_000_000_000 ? 3 : value < 10_000_000_000_000_000 ? 4 : 5
        writeHeader(
            count, weight: lowest &+ count &- 1, isNegative: isNegative, decimals: decimals,
            to: output)
        var offset = headerBytes &+ 2 &* count
        while value != 0 {
            offset &-= 2
            let group = UInt16(truncatingIfNeeded: value % 10_000)
            output.storeBytes(of: group.bigEndian, toByteOffset: offset, as: UInt16.self)
            value /= 10_000
        }
        return headerBytes &+ 2 &* count
    }

    @inline(never)
    private static func encodeAny(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        let text = trimmed(text)
        guard let decimal = DecimalText(text) else { throw .notNumeric }
        guard decimal.fitsAmount else { throw .tooManyDigits }
        // A zero of too many decimals, for the server as well.
        guard decimal.fitsNumeric else { throw .outOfRange }
        // Zeros at the end say nothing, and a sum would show as many as its longest addend.
        let decimals = min(decimal.displayScale, decimalsMax)
        guard let span = decimal.significantPowers else {
            writeHeader(0, weight: 0, isNegative: false, decimals: decimals, to: output)
            return headerBytes
        }
        let weight = span.upperBound >> 2
        let count = weight - span.lowerBound >> 2 + 1
        writeHeader(
            count, weight: weight, isNegative: decimal.isNegative, decimals: decimals, to: output)
        writeGroups(of: text, decimal, powers: span, to: output + headerBytes)
        return headerBytes + 2 * count
    }

    private static func writeGroups(
        of text: UnsafeRawBufferPointer, _ decimal: DecimalText, powers: ClosedRange<Int>,
        to output: UnsafeMutableRawPointer
    ) {
        let weight = powers.upperBound >> 2
        var power = decimal.firstPower
        var group: UInt16 = 0
        for index in decimal.mantissa where power >= powers.lowerBound {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { continue }
            if power <= powers.upperBound {
                group = group * 10 + UInt16(digit)
                if power & 3 == 0 || power == powers.lowerBound {
                    for _ in 0..<power & 3 { group *= 10 }
                    let offset = 2 * (weight - power >> 2)
                    output.storeBytes(
                        of: group.bigEndian, toByteOffset: offset, as: UInt16.self)
                    group = 0
                }
            }
            power -= 1
        }
    }

    @inline(__always)
    private static func writeHeader(
        _ count: Int, weight: Int, isNegative: Bool, decimals: Int,
        to output: UnsafeMutableRawPointer
    ) {
        let sign = isNegative ? negative : positive
        let header =
            UInt64(UInt16(truncatingIfNeeded: count)) << 48
            | UInt64(UInt16(truncatingIfNeeded: weight)) << 32
            | UInt64(sign) << 16 | UInt64(UInt16(truncatingIfNeeded: decimals))
        output.storeBytes(of: header.bigEndian, as: UInt64.self)
    }
}
