internal import ArgumentParser
internal import Foundation

/// Reads a day from the command line: `2024-01-31`, or `2024-01` for its first or last day.
///
/// - Parameters:
///   - text: what the command line says.
///   - atEndOfMonth: which day a month alone means.
///   - option: the option, for the error.
/// - Returns: the day as `YYYY-MM-DD`.
/// - Throws: `ValidationError` for what the calendar does not have.
func calendarDay(
    _ text: String, atEndOfMonth: Bool = false, option: String
) throws -> String {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, (2...3).contains(parts.count),
        (1...9999).contains(numbers[0]), (1...12).contains(numbers[1])
    else {
        throw ValidationError(
            "\(option): \"\(text)\" is not a month such as 2024-01 or a day such as 2024-01-31")
    }
    let days = [31, isLeap(numbers[0]) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    let last = days[numbers[1] - 1]
    let day = numbers.count == 3 ? numbers[2] : atEndOfMonth ? last : 1
    guard (1...last).contains(day) else {
        throw ValidationError("\(option): \"\(text)\" is not in the calendar")
    }
    return String(format: "%04d-%02d-%02d", numbers[0], numbers[1], day)
}

private func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
}
