/// Days and the time of day, read from fixed places of a text.
enum Calendar {
    /// Bytes of `YYYY-MM-DD`.
    static let dateBytes = 10

    /// Days from 2000-01-01, where Postgres starts to count; nil when there is no such day.
    ///
    /// - Throws: `refusal` when the text does not begin with `YYYY-MM-DD`.
    @inline(__always)
    static func days(
        _ text: UnsafeRawBufferPointer, orThrow refusal: EncodingRefusal
    ) throws(EncodingRefusal) -> Int {
        guard text.count >= dateBytes else { throw refusal }
        guard let pairs = pairs(text, 0, by: yearMonth) else { throw refusal }
        let year = Int(pairs & 0xFF) &* 100 &+ Int(pairs >> 16 & 0xFF)
        let month = Int(pairs >> 40 & 0xFF)
        let day = two(text, 8)
        guard day >= 0 else { throw refusal }
        guard year >= 1, month >= 1, month <= 12, day >= 1,
            day <= 28 || day <= daysIn(month, of: year)
        else { throw .outOfRange }
        return days(year, month, day)
    }

    /// Days from 2000-01-01 of `D-MON-YYYY` or `DD-MON-YYYY`, months being `jan` to `dec` in any case;
    /// nil when the text is not of that form.
    static func daysWithMonthName(
        _ text: UnsafeRawBufferPointer
    ) throws(EncodingRefusal) -> Int? {
        guard text.count == spelledBytes || text.count == spelledBytes - 1 else { return nil }
        let dash = text.count - 9
        guard text[dash] == UInt8(ascii: "-"), text[dash + 4] == UInt8(ascii: "-") else {
            return nil
        }
        let day = dash == 2 ? two(text, 0) : Int(text[0]) - 48
        let name =
            UInt32(text[dash + 1] | 0x20) << 16 | UInt32(text[dash + 2] | 0x20) << 8
            | UInt32(text[dash + 3] | 0x20)
        let year = two(text, dash + 5) * 100 + two(text, dash + 7)
        guard year >= 0, 0...99 ~= day, let month = month(named: name) else { return nil }
        guard year >= 1, day >= 1, day <= daysIn(month, of: year) else { throw .outOfRange }
        return days(year, month, day)
    }

    /// Bytes of `DD-MON-YYYY`.
    static let spelledBytes = 11

    /// The month of three lower-case letters, the first in the highest byte.
    private static func month(named name: UInt32) -> Int? {
        switch name {
        case 0x6A_616E: 1
        case 0x66_6562: 2
        case 0x6D_6172: 3
        case 0x61_7072: 4
        case 0x6D_6179: 5
        case 0x6A_756E: 6
        case 0x6A_756C: 7
        case 0x61_7567: 8
        case 0x73_6570: 9
        case 0x6F_6374: 10
        case 0x6E_6F76: 11
        case 0x64_6563: 12
        default: nil
        }
    }

    /// Seconds of the day from `HH:MM:SS`, and nil when it is something else.
    ///
    /// - Throws: `outOfRange` for a minute or second that no clock shows; a second of 60 is allowed.
    @inline(__always)
    static func seconds(
        _ text: UnsafeRawBufferPointer, at index: Int
    ) throws(EncodingRefusal) -> Int? {
        guard let pairs = pairs(text, index, by: hourMinuteSecond) else { return nil }
        let hour = Int(pairs & 0xFF)
        let minute = Int(pairs >> 24 & 0xFF)
        let second = Int(pairs >> 48 & 0xFF)
        guard minute < 60, second <= 60 else { throw .outOfRange }
        return (hour &* 60 &+ minute) &* 60 &+ second
    }

    // Eight bytes at a time, the first in the lowest byte. A pattern has a zero digit for every
    // digit, so that what differs from it is the digit's value, and nothing elsewhere.
    private typealias Pattern = (zeros: UInt64, slack: UInt64)
    /// What `YYYY-MM-` is compared with: `0000-00-`.
    private static var yearMonth: Pattern { (0x2D30_302D_3030_3030, 0x7F76_767F_7676_7676) }
    /// What `HH:MM:SS` is compared with: `00:00:00`.
    private static var hourMinuteSecond: Pattern {
        (0x3030_3A30_303A_3030, 0x7676_7F76_767F_7676)
    }

    /// Reads eight bytes by a pattern: each byte and the one after it as a number of two digits.
    ///
    /// The slack lifts every byte that is too large into its top bit: 10 and more for a digit, 1
    /// and more for the others.
    @inline(__always)
    private static func pairs(
        _ text: UnsafeRawBufferPointer, _ index: Int, by pattern: Pattern
    ) -> UInt64? {
        let chunk = text.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
        let values = chunk ^ pattern.zeros
        guard (values | (values &+ pattern.slack)) & 0x8080_8080_8080_8080 == 0 else { return nil }
        return values &* 10 &+ values >> 8
    }

    /// Two digits, or a number far below zero when they are not.
    @inline(__always)
    static func two(_ text: UnsafeRawBufferPointer, _ index: Int) -> Int {
        let tens = Int(text[index]) &- 48
        let ones = Int(text[index &+ 1]) &- 48
        let isDigits = tens | ones | (9 &- tens) | (9 &- ones) >= 0
        return isDigits ? tens &* 10 &+ ones : -1_000_000
    }

    private static func daysIn(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Counts in years that begin in March, so that the leap day is the last.
    @inline(__always)
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let isLate = month > 2
        let marchYear = isLate ? year : year &- 1
        let marchMonth = isLate ? month &- 3 : month &+ 9
        let dayOfYear = (153 &* marchMonth &+ 2) / 5 &+ day &- 1
        let leapDays = marchYear / 4 &- marchYear / 100 &+ marchYear / 400
        let daysToMillennium = 730_425  // from 1 March of year 0 to 2000-01-01
        return marchYear &* 365 &+ leapDays &+ dayOfYear &- daysToMillennium
    }
}
