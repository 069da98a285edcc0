/// Days and the time of day, read from fixed places of a text.
enum Calendar {
    /// Bytes of `YYYY-MM-DD`.
    static let dateBytes = 10

    /// Days from 2000-01-01, where Postgres starts to count; nil when the text does not begin with
    /// `YYYY-MM-DD`.
    ///
    /// - Throws: `outOfRange` when there is no such day.
    @inline(__always)
    static func days(_ text: UnsafeRawBufferPointer) throws(EncodingRefusal) -> Int? {
        guard text.count >= dateBytes, let pairs = pairs(text, 0, by: yearMonth) else { return nil }
        let year = Int(pairs & 0xFF) &* 100 &+ Int(pairs >> 16 & 0xFF)
        let month = Int(pairs >> 40 & 0xFF)
        let day = two(text, 8)
        guard day >= 0 else { return nil }
        guard year >= 1, month >= 1, month <= 12, day >= 1,
            day <= 28 || day <= daysIn(month, of: year)
        else { throw .outOfRange }
        return days(year, month, day)
    }

    /// Days from 2000-01-01 to a day by its numbers.
    ///
    /// - Throws: `outOfRange` when there is no such day.
    static func days(
        _ year: Int, month: Int, day: Int
    ) throws(EncodingRefusal) -> Int {
        guard 1...9999 ~= year, 1...12 ~= month, day >= 1, day <= daysIn(month, of: year) else {
            throw .outOfRange
        }
        return days(year, month, day)
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

    static func daysIn(_ month: Int, of year: Int) -> Int {
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
