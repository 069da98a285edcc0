/// A calendar day, UTC.
///
/// Deliveries and business events are both counted in days; instants are seconds since
/// 1970-01-01T00:00:00Z.
package struct SimulatedDay: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Days since 1970-01-01.
    package let number: Int

    /// The day that many days after 1970-01-01.
    package init(number: Int) {
        self.number = number
    }

    /// The day of a proleptic Gregorian date.
    ///
    /// March-based years put the leap day last, so that a month's start is one formula.
    package init(_ year: Int, _ month: Int, _ day: Int) {
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = era * 146_097 + dayOfEra - 719_468
    }

    /// Year, month and day of the month.
    package var date: (year: Int, month: Int, day: Int) {
        let shifted = number + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    /// The month that holds the day.
    package var month: SimulatedMonth {
        let date = date
        return SimulatedMonth(index: date.year * 12 + date.month - 1)
    }

    /// `YYYY-MM-DD`.
    package var description: String {
        let date = date
        return "\(date.year)-\(twoDigits(date.month))-\(twoDigits(date.day))"
    }

    /// The first second of the day.
    var midnight: Int64 { Int64(number) * 86_400 }

    /// Whether one day is before another.
    package static func < (left: SimulatedDay, right: SimulatedDay) -> Bool {
        left.number < right.number
    }

    /// The day that many days later, or earlier for a negative number.
    package static func + (day: SimulatedDay, days: Int) -> SimulatedDay {
        SimulatedDay(number: day.number + days)
    }

    /// The days from `right` to `left`.
    package static func - (left: SimulatedDay, right: SimulatedDay) -> Int {
        left.number - right.number
    }
}

/// A calendar month, UTC.
package struct SimulatedMonth: Hashable, Comparable, Sendable {
    /// Months since year 0: `year * 12 + month - 1`.
    package let index: Int

    /// The month that many months after year 0.
    package init(index: Int) {
        self.index = index
    }

    /// The calendar year.
    package var year: Int { index / 12 }
    /// The month of the year, from 1.
    package var month: Int { index % 12 + 1 }

    /// The given day of this month, counted from 1.
    package func day(_ day: Int) -> SimulatedDay { SimulatedDay(year, month, day) }

    /// The first day.
    package var first: SimulatedDay { day(1) }
    /// The last day.
    package var last: SimulatedDay { (self + 1).first + -1 }

    /// `YYYY-MM`.
    package var name: String { "\(year)-\(twoDigits(month))" }

    /// Whether one month is before another.
    package static func < (left: SimulatedMonth, right: SimulatedMonth) -> Bool {
        left.index < right.index
    }

    /// The month that many months later, or earlier for a negative number.
    package static func + (month: SimulatedMonth, months: Int) -> SimulatedMonth {
        SimulatedMonth(index: month.index + months)
    }
}

/// A number below 100 with its leading zero.
func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}
