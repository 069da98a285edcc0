/// Text of an instant in any form that leaves no doubt, read part by part.
///
/// This is the way for what `Timestamp` does not find in its fixed places:
///
///     day      YYYY-M-D  YYYY/M/D  YYYY.M.D  YYYYMMDD  YYYY-DDD  YYYY-MON-D
///              D-MON-YYYY  D MON YYYY  D/MON/YYYY  MON D, YYYY
///              a weekday may stand before a day that is spelled, and must be that day's
///     time     H:MM  H:MM:SS  and after T also HHMM and HHMMSS; decimals of a second after a
///              point or a comma; AM or PM
///     zone     Z  ZULU  UTC  UT  GMT  +H  +HH  +HHMM  +HH:MM  +HH:MM:SS  GMT+0000
///     between  T, blanks, a comma; a colon after a day that is spelled
///     or       MON D TIME [ZONE] YYYY, as `date` prints it
///
/// Doubtful, and so refused: 01/02/2026 (day or month first), years of two digits, names of zones
/// other than UTC's (EST is in America and in Australia; UTC+2 is east or west), and a day alone in
/// another zone. What depends on the clock (`now`) and what is no instant (`infinity`) is refused
/// too; the differential test has the whole list.
struct InstantText {
    private let text: UnsafeRawBufferPointer
    private let refusal: EncodingRefusal
    private var index = 0

    private static let months: [StaticString] = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ]
    private static let weekdays: [StaticString] = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]
    private static let namesOfUTC: [StaticString] = ["z", "utc", "gmt", "ut", "zulu"]

    /// Microseconds from 2000-01-01 00:00 UTC.
    ///
    /// - Throws: `refusal` for another form, `outOfRange` for a day or time that there is not.
    @inline(never)
    static func microseconds(
        _ text: UnsafeRawBufferPointer, orThrow refusal: EncodingRefusal
    ) throws(EncodingRefusal) -> Int {
        var parts = InstantText(text: text, refusal: refusal)
        return try parts.read()
    }

    private init(text: UnsafeRawBufferPointer, refusal: EncodingRefusal) {
        self.text = text
        self.refusal = refusal
    }

    private struct Day {
        /// 0 when it follows the time.
        var year: Int
        var month: Int
        var day: Int
        var isSpelled = false
    }

    private mutating func read() throws(EncodingRefusal) -> Int {
        let weekday = name(of: Self.weekdays)
        if weekday != nil {
            _ = take(",")
            guard blanks() > 0 else { throw refusal }
        }
        var day = try date()
        guard weekday == nil || day.isSpelled else { throw refusal }
        var time = 0
        var zone: Int?
        if let isAfterT = separator(isSpelled: day.isSpelled) {
            time = try clock(isAfterT: isAfterT)
            zone = try self.zone()
            if day.year == 0, blanks() > 0, let year = number(digits: 4...4) {
                day.year = year
                if zone == nil { zone = try self.zone() }
            }
        } else {
            zone = try self.zone()
            guard zone ?? 0 == 0 else { throw refusal }
        }
        guard index == text.count, day.year > 0 || !day.isSpelled else { throw refusal }
        let days = try Calendar.days(day.year, month: day.month, day: day.day)
        // 2000-01-01 was a Saturday, the sixth.
        let weekdayOfDays = ((days + 5) % 7 + 7) % 7 + 1
        guard weekday == nil || weekday == weekdayOfDays else { throw .outOfRange }
        return days * Timestamp.microsecondsPerDay + time
            - (zone ?? 0) * Timestamp.microsecondsPerSecond
    }

    // MARK: The day

    private mutating func date() throws(EncodingRefusal) -> Day {
        if let month = name(of: Self.months) {
            guard blanks() > 0 || take("-"), let day = number(digits: 1...2) else { throw refusal }
            return Day(year: yearAfterDay() ?? 0, month: month, day: day, isSpelled: true)
        }
        let start = index
        guard let first = number(digits: 1...8) else { throw refusal }
        switch index - start {
        case 8:
            return Day(year: first / 10_000, month: first / 100 % 100, day: first % 100)
        case 4: return try restOfDate(year: first)
        case 1, 2:
            let separator = dateSeparator()
            let month = name(of: Self.months)
            guard let separator, let month, dateSeparator() == separator,
                let year = number(digits: 4...4)
            else { throw refusal }
            return Day(year: year, month: month, day: first, isSpelled: true)
        default: throw refusal
        }
    }

    /// What follows a year: a month by number or name and a day, or the day of the year.
    private mutating func restOfDate(year: Int) throws(EncodingRefusal) -> Day {
        guard let separator = dateSeparator() else { throw refusal }
        if let month = name(of: Self.months) {
            guard dateSeparator() == separator, let day = number(digits: 1...2) else {
                throw refusal
            }
            return Day(year: year, month: month, day: day, isSpelled: true)
        }
        let start = index
        guard separator != UInt8(ascii: " "), let month = number(digits: 1...3) else {
            throw refusal
        }
        if index - start == 3 {
            guard separator == UInt8(ascii: "-") else { throw refusal }
            return try Self.ordinal(year: year, day: month)
        }
        guard dateSeparator() == separator, let day = number(digits: 1...2) else { throw refusal }
        return Day(year: year, month: month, day: day)
    }

    /// ISO 8601: 2026-032 is the first of February.
    private static func ordinal(year: Int, day: Int) throws(EncodingRefusal) -> Day {
        var rest = day
        for month in 1...12 {
            let days = Calendar.daysIn(month, of: year)
            if rest <= days { return Day(year: year, month: month, day: rest) }
            rest -= days
        }
        throw .outOfRange
    }

    /// The year of `Jan 2, 2026`; nothing is taken of `Jan 2 10:00:00 2026`.
    private mutating func yearAfterDay() -> Int? {
        let mark = index
        let hasSeparator = take("-") || take(",")
        let hasBlanks = blanks() > 0
        if hasSeparator || hasBlanks, let year = number(digits: 4...4), !isAt(":") { return year }
        index = mark
        return nil
    }

    /// Takes what stands between two parts of a day, blanks as one.
    private mutating func dateSeparator() -> UInt8? {
        if blanks() > 0 { return UInt8(ascii: " ") }
        for separator in [UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ".")]
        where isAt(separator) {
            index += 1
            return separator
        }
        return nil
    }

    // MARK: The time

    /// Takes what stands between day and time; nil, and nothing is taken, when no time follows.
    ///
    /// - Returns: whether it is a T.
    private mutating func separator(isSpelled: Bool) -> Bool? {
        let mark = index
        if isSpelled, take(":"), isAtDigit { return false }
        index = mark
        let hasComma = take(",")
        let hasBlanks = blanks() > 0
        let hasT = !hasComma && (take("T") || take("t"))
        if hasT { _ = blanks() }
        guard hasBlanks || hasT, isAtDigit else {
            index = mark
            return nil
        }
        return hasT
    }

    /// Microseconds of the day.
    private mutating func clock(isAfterT: Bool) throws(EncodingRefusal) -> Int {
        let start = index
        guard let first = number(digits: 1...6) else { throw refusal }
        var (hour, minute, second) = (first, 0, 0)
        var hasSeconds = false
        switch index - start {
        case 1, 2:
            guard take(":"), let minutes = number(digits: 2...2) else { throw refusal }
            minute = minutes
            if take(":") {
                guard let seconds = number(digits: 2...2) else { throw refusal }
                (second, hasSeconds) = (seconds, true)
            }
        case 4 where isAfterT: (hour, minute) = (first / 100, first % 100)
        case 6 where isAfterT:
            (hour, minute, second) = (first / 10_000, first / 100 % 100, first % 100)
            hasSeconds = true
        default: throw refusal
        }
        var fraction = 0
        if hasSeconds, isAt(".") || (index - start > 6 && isAt(",")) {
            fraction = try Timestamp.fraction(text, &index, orThrow: refusal)
        }
        hour = try hourByHalfDay(hour)
        guard minute < 60, second <= 60 else { throw .outOfRange }
        let seconds = (hour * 60 + minute) * 60 + second
        let time = seconds * Timestamp.microsecondsPerSecond + fraction
        guard time <= Timestamp.microsecondsPerDay else { throw .outOfRange }
        return time
    }

    /// Reads AM or PM, if it is there: 12 AM is midnight, 12 PM is noon.
    private mutating func hourByHalfDay(_ hour: Int) throws(EncodingRefusal) -> Int {
        let mark = index
        _ = blanks()
        let isMorning = takeWord("am")
        guard isMorning || takeWord("pm") else {
            index = mark
            return hour
        }
        guard (1...12).contains(hour) else { throw .outOfRange }
        return hour % 12 + (isMorning ? 0 : 12)
    }

    /// Seconds east of UTC; nil, and nothing is taken, when no zone follows.
    private mutating func zone() throws(EncodingRefusal) -> Int? {
        let mark = index
        _ = blanks()
        if Self.namesOfUTC.contains(where: { takeWord($0) }) {
            // GMT+0000 is GMT; any other offset from it is east for some and west for others.
            guard isAtSign else { return 0 }
            guard try offset() == 0 else { throw refusal }
            return 0
        }
        guard isAtSign else {
            index = mark
            return nil
        }
        return try offset()
    }

    /// Seconds of a sign and what follows it.
    private mutating func offset() throws(EncodingRefusal) -> Int {
        let sign = isAt("-") ? -1 : 1
        index += 1
        let start = index
        guard var hours = number(digits: 1...4) else { throw refusal }
        var (minutes, seconds) = (0, 0)
        switch index - start {
        case 4: (hours, minutes) = (hours / 100, hours % 100)
        case 1, 2:
            if take(":") {
                guard let value = number(digits: 2...2) else { throw refusal }
                minutes = value
                if take(":") {
                    guard let value = number(digits: 2...2) else { throw refusal }
                    seconds = value
                }
            }
        default: throw refusal
        }
        guard hours <= Timestamp.zoneHoursMax, minutes < 60, seconds < 60 else { throw .outOfRange }
        return sign * ((hours * 60 + minutes) * 60 + seconds)
    }

    // MARK: Parts

    private var isAtDigit: Bool { index < text.count && text[index] &- UInt8(ascii: "0") < 10 }

    private var isAtSign: Bool { isAt("+") || isAt("-") }

    private func isAt(_ byte: UInt8) -> Bool { index < text.count && text[index] == byte }

    private func isAt(_ character: Unicode.Scalar) -> Bool { isAt(UInt8(ascii: character)) }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard isAt(character) else { return false }
        index += 1
        return true
    }

    private mutating func blanks() -> Int {
        let start = index
        while isAt(" ") || isAt("\t") { index += 1 }
        return index - start
    }

    /// Takes a run of digits of an allowed length; nil, and nothing is taken, for another.
    private mutating func number(digits allowed: ClosedRange<Int>) -> Int? {
        let start = index
        var value = 0
        while isAtDigit, index - start <= allowed.upperBound {
            value = value * 10 + Int(text[index] &- UInt8(ascii: "0"))
            index += 1
        }
        if allowed.contains(index - start) { return value }
        index = start
        return nil
    }

    /// Takes a whole word, in any case.
    private mutating func takeWord(_ word: StaticString) -> Bool {
        guard lettersAhead() == word.utf8CodeUnitCount, begins(word, letters: lettersAhead())
        else { return false }
        index += word.utf8CodeUnitCount
        return true
    }

    /// Takes a name by its place in a list, from 1: whole, or its first three letters.
    private mutating func name(of names: [StaticString]) -> Int? {
        let letters = lettersAhead()
        guard letters >= 3 else { return nil }
        for (place, name) in names.enumerated()
        where letters == 3 || letters == name.utf8CodeUnitCount {
            guard begins(name, letters: letters) else { continue }
            index += letters
            return place + 1
        }
        return nil
    }

    private func lettersAhead() -> Int {
        var end = index
        while end < text.count, (text[end] | 0x20) &- UInt8(ascii: "a") < 26 { end += 1 }
        return end - index
    }

    private func begins(_ name: StaticString, letters: Int) -> Bool {
        (0..<letters).allSatisfy { text[index + $0] | 0x20 == name.utf8Start[$0] }
    }
}
