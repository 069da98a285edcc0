/// What a simulated file's bytes are lent to.
package typealias ByteSink = (RawSpan) throws -> Void

/// Writes CSV records into one reused buffer and lends it to a sink when full.
///
/// RFC 4180 with LF line ends. Every field is followed by a comma, and `endRow` turns the last
/// one into the line end: no field needs to know its place. Fields are written byte by byte, so
/// a row costs no allocation; text of unknown length makes room first.
struct RowWriter {
    private var bytes: [UInt8]
    private var count = 0
    private(set) var rows = 0

    private static let flushBytes = 64 << 10
    // More than any row whose fields are all of bounded length; free text asks for room.
    private static let reserveBytes = 4 << 10

    init() {
        bytes = [UInt8](repeating: 0, count: Self.flushBytes + 2 * Self.reserveBytes)
    }

    mutating func endRow(into sink: ByteSink) throws {
        bytes[count - 1] = 0x0A
        rows += 1
        guard count >= Self.flushBytes else { return }
        try flush(into: sink)
    }

    mutating func flush(into sink: ByteSink) throws {
        guard count > 0 else { return }
        try sink(bytes.span.bytes.extracting(0..<count))
        count = 0
    }

    @inline(__always)
    mutating func byte(_ byte: UInt8) {
        bytes[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func literal(_ text: StaticString) {
        let size = text.utf8CodeUnitCount
        for index in 0..<size { bytes[count + index] = text.utf8Start[index] }
        count += size
    }

    /// Takes back the last byte: a comma after what is not yet the whole field.
    mutating func takeBack() { count -= 1 }

    /// Free text of any length, not escaped.
    mutating func raw(_ text: String) {
        reserve(text.utf8.count)
        for unit in text.utf8 { byte(unit) }
    }

    /// Empties the buffer into a text.
    mutating func takeText() -> String {
        defer { count = 0 }
        return String(decoding: bytes[0..<count], as: UTF8.self)
    }

    private mutating func reserve(_ size: Int) {
        guard count + size + Self.reserveBytes > bytes.count else { return }
        bytes.append(contentsOf: repeatElement(0, count: size + Self.reserveBytes))
    }
}

/// Fields.
extension RowWriter {
    mutating func empty() { byte(0x2C) }

    /// A word that needs no quotes.
    mutating func word(_ text: StaticString) {
        literal(text)
        byte(0x2C)
    }

    /// Text in quotes that holds none of its own.
    mutating func quoted(_ text: StaticString) {
        byte(0x22)
        literal(text)
        byte(0x22)
        byte(0x2C)
    }

    /// Free text: quoted, with inner quotes doubled (RFC 4180 §2.5 to §2.7).
    mutating func text(_ text: String) {
        reserve(2 * text.utf8.count)
        byte(0x22)
        for unit in text.utf8 {
            if unit == 0x22 { byte(unit) }
            byte(unit)
        }
        byte(0x22)
        byte(0x2C)
    }

    mutating func integer(_ value: Int) {
        if value < 0 { byte(0x2D) }
        digits(UInt64(value.magnitude))
        byte(0x2C)
    }

    /// A decimal with as many places as it needs and at least `places`.
    mutating func decimal(millionths: Int64, places: Int) {
        if millionths < 0 { byte(0x2D) }
        let (units, rest) = millionths.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        digits(units)
        fraction(rest, places: places)
        byte(0x2C)
    }

    private mutating func fraction(_ millionths: UInt64, places: Int) {
        var rest = millionths
        var written = 0
        var unit: UInt64 = 100_000
        while written < 6, written < places || rest > 0 {
            if written == 0 { byte(0x2E) }
            byte(0x30 + UInt8(rest / unit))
            rest %= unit
            unit /= 10
            written += 1
        }
    }

    mutating func money(_ money: Money, _ currency: Currency) {
        decimal(millionths: money.millionths, places: currency == .jpy ? 0 : 2)
    }

    mutating func digits(_ value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        var rest = value
        while divisor > 0 {
            byte(0x30 + UInt8(rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }
}
