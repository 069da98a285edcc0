/// Text of a date: `YYYY-MM-DD`, or an instant as `Timestamp` reads it, which gives its day in UTC.
///
/// The binary form is days from 2000-01-01. The server would take the day as written, whatever the
/// zone; the feeds mean instants.
/// Narrower than the server: as `Timestamp`.
enum Date {
    static func encode(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        let text = trimmed(text)
        let days: Int
        if text.count == Calendar.dateBytes, let plain = try Calendar.days(text) {
            days = plain
        } else {
            let instant = try Timestamp.microseconds(text, orThrow: .notDate)
            let (quotient, rest) = instant.quotientAndRemainder(
                dividingBy: Timestamp.microsecondsPerDay)
            days = rest < 0 ? quotient - 1 : quotient
        }
        output.storeBytes(of: Int32(truncatingIfNeeded: days).bigEndian, as: Int32.self)
        return 4
    }
}
