/// Text of a timestamptz, in any form that names an instant without doubt.
///
/// Read fast: `YYYY-MM-DD`, then perhaps `T` or a space and `HH:MM:SS`, then perhaps `.` and
/// decimals, then perhaps `Z`, `+hh`, `+hhmm` or `+hh:mm`; blanks around it. `InstantText` lists the
/// others.
///
/// The binary form is microseconds from 2000-01-01 00:00 UTC. As in the server 24:00:00 is the next
/// day's midnight, a second of 60 the next minute, and the seventh decimal rounds to even.
///
/// Without a zone it is UTC, which is the time zone of our sessions too.
/// Wider than the server: a comma before the decimals, as ISO 8601 has it.
/// Narrower than the server: what leaves a doubt, years BC or of five digits, and more than 64
/// bytes.
enum Timestamp {
    static let microsecondsPerSecond = 1_000_000
    static let microsecondsPerDay = 86_400 * microsecondsPerSecond
    /// The server reads at most 128 bytes; 64 leave room for the longest names and 15 decimals.
    private static let bytesMax = 64
    /// The server's MAX_TZDISP_HOUR.
    static let zoneHoursMax = 15

    @inline(__always)
    static func encode(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        let value = try microseconds(trimmed(text), orThrow: .notTimestamp)
        output.storeBytes(of: Int64(value).bigEndian, as: Int64.self)
        return 8
    }

    /// Microseconds from 2000-01-01 00:00 UTC.
    @inline(__always)
    static func microseconds(
        _ text: UnsafeRawBufferPointer, orThrow refusal: EncodingRefusal
    ) throws(EncodingRefusal) -> Int {
        guard text.count <= bytesMax else { throw refusal }
        if let value = try inFixedPlaces(text, orThrow: refusal) { return value }
        return try InstantText.microseconds(text, orThrow: refusal)
    }

    /// Reads the one form that AWS documents, fast; nil when it is another.
    @inline(__always)
    private static func inFixedPlaces(
        _ text: UnsafeRawBufferPointer, orThrow refusal: EncodingRefusal
    ) throws(EncodingRefusal) -> Int? {
        guard let days = try Calendar.days(text) else { return nil }
        guard text.count > Calendar.dateBytes else { return days &* microsecondsPerDay }
        guard text.count >= 19, isSeparator(text[10]),
            let seconds = try Calendar.seconds(text, at: 11)
        else { return nil }
        var time = seconds &* microsecondsPerSecond
        var index = 19
        if index < text.count, text[index] == UInt8(ascii: ".") {
            time &+= try fraction(text, &index, orThrow: refusal)
        }
        guard time <= microsecondsPerDay else { throw .outOfRange }
        if index == text.count { return days &* microsecondsPerDay &+ time }
        guard let zone = try zoneSeconds(text, index) else { return nil }
        return days &* microsecondsPerDay &+ time &- zone &* microsecondsPerSecond
    }

    @inline(__always)
    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "T") || byte == UInt8(ascii: " ") || byte == UInt8(ascii: "t")
    }

    /// Reads the point at `index` and the decimals after it, in microseconds.
    static func fraction(
        _ text: UnsafeRawBufferPointer, _ index: inout Int, orThrow refusal: EncodingRefusal
    ) throws(EncodingRefusal) -> Int {
        index += 1
        let start = index
        var value = 0
        while index < text.count, text[index] &- UInt8(ascii: "0") < 10 {
            value = value &* 10 &+ Int(text[index] &- UInt8(ascii: "0"))
            index += 1
        }
        let decimals = index - start
        // 15 decimals are exact as a Double, so that the server's rounding comes out the same.
        guard decimals > 0, decimals <= 15 else { throw refusal }
        var unit = 1
        for _ in 0..<decimals { unit = unit &* 10 }
        if decimals <= 6 { return value &* (microsecondsPerSecond / unit) }
        let seconds = Double(value) / Double(unit)
        return Int((seconds * Double(microsecondsPerSecond)).rounded(.toNearestOrEven))
    }

    /// Reads the zone that ends the text: seconds east of UTC; nil when it has another form.
    @inline(__always)
    private static func zoneSeconds(
        _ text: UnsafeRawBufferPointer, _ start: Int
    ) throws(EncodingRefusal) -> Int? {
        let sign = text[start]
        let digits = text.count &- start &- 1
        if digits == 0, sign | 0x20 == UInt8(ascii: "z") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), digits >= 2 else {
            return nil
        }
        let hours = Calendar.two(text, start &+ 1)
        let minutes: Int
        switch digits {
        case 2: minutes = 0
        case 4: minutes = Calendar.two(text, start &+ 3)
        case 5 where text[start &+ 3] == UInt8(ascii: ":"):
            minutes = Calendar.two(text, start &+ 4)
        default: return nil
        }
        guard hours | minutes >= 0 else { return nil }
        guard hours <= zoneHoursMax, minutes < 60 else { throw .outOfRange }
        let seconds = (hours &* 60 &+ minutes) &* 60
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }
}
