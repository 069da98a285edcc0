import Postgres
import Support

extension Specimens {
    private static let isOurs =
        "not btrim(t, E' \\t\\n\\r\\f\\v') ~* '"
        + InstantForms.refused.map { "(\($0.pattern))" }.joined(separator: "|") + "'"
    /// A comma before the decimals is ISO 8601's, and not the server's.
    private static let cast = #"regexp_replace(t, '(:\d\d),(\d)', '\1.\2')::timestamptz"#
    private static let pieces = [
        "0", "9", "1", "2", "3", "5", "6", "-", "+", ":", ".", "T", "Z", " ", "z", "t", "00",
        "24", "59", "60", "02-29", "12", "13", "31", ".5", ".999999", "9999999", "+05:30", "-08",
        "+0530", "Z", "+15:59", "+16", "-JAN-", "1-feb-2020", "UTC", " GMT", " PM", "AM", ",",
        "/", "Jan ", " 2020", "Fri, ", "20200229", "T1200", "120000", "1", "7", ":30",
    ]
    private static let instants = [
        "2018-12-12T02:00:00Z", "2018-12-12 02:00:00", "2018-12-12", "2018-12-12T02:00:00",
        "2018-12-12 02:00:00Z", "2018-12-12 02:00:00.123456", "2018-12-12T02:00:00.5Z",
        "2018-12-12T02:00:00.1234565Z", "2018-12-12T02:00:00.1234575Z",
        "2018-12-12T02:00:00.9999994Z", "2018-12-12T02:00:00.9999995Z",
        "2018-12-12T02:00:00.99999999Z", "2018-12-12T02:00:00.000000499999999Z",
        "2018-12-12T02:00:00.1234565000001Z", "2018-12-12T02:00:00.Z", "2018-12-12T02:00:00.",
        "2018-12-12T02:00:00+05", "2018-12-12T02:00:00+05:30", "2018-12-12T02:00:00+0530",
        "2018-12-12T02:00:00-08:00", "2018-12-12T02:00:00+15:59", "2018-12-12T02:00:00+16:00",
        "2018-12-12T02:00:00+15:60", "2018-12-12T02:00:00+5", "2018-12-12T02:00:00+05:30:15",
        "2018-12-12T02:00:00-00", "2018-12-12T02:00:00 Z", "2018-12-12T02:00:00 +00",
        "2018-12-12T02:00:00 UTC", "2018-12-12T02:00:00GMT", "2018-12-12t02:00:00z",
        "2018-12-12  02:00:00", "2018-12-12T02:00", "2018-12-12T02", "2018-12-12T",
        "2018-12-12T020000Z", "20181212T020000Z", "2018-12-12Z", "2018-12-12+05",
        " 2018-12-12T02:00:00Z ", "\t2018-12-12\n", "", " ", "null", "NULL",
        "9999-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "9999-12-31T24:00:00Z",
        "9999-12-31T23:59:60-15:59", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+15:59",
        "0000-01-01T00:00:00Z", "0000-01-01", "10000-01-01", "10000-01-01T00:00:00Z",
        "2018-12-12T24:00:00Z", "2018-12-12T24:00:01Z", "2018-12-12T24:00:00.000001Z",
        "2018-12-12T24:00:00.0Z", "2018-12-12T25:00:00Z", "2018-12-12T23:59:60Z",
        "2018-12-12T23:59:60.5Z", "2018-12-12T12:30:60Z", "2018-12-12T12:30:60.5Z",
        "2018-12-12T12:30:61Z", "2018-12-12T12:60:00Z", "2018-12-12T23:59:59.9999999Z",
        "2018-12-12T12:30:60.9999999Z", "2016-12-31T23:59:60Z",
        "2020-02-29", "2019-02-29", "1900-02-29", "2000-02-29", "2100-02-29T00:00:00Z",
        "2018-00-12", "2018-13-12", "2018-12-00", "2018-12-32", "2018-04-31", "2018-11-31",
        "1999-12-31T23:59:59Z", "2000-01-01T00:00:00Z", "1970-01-01 00:00:00", "2000-01-01",
        "2000-03-01", "1999-12-31", "epoch", "infinity", "-infinity", "now", "today", "Jan 8 1999",
        "January 8, 1999", "1/8/1999", "1999-Jan-08", "2018-12-12 BC", "2018-1-2", "18-12-12",
        "99-12-31 23:00:00", "2018.12.12", "2018/12/12", "2018-346", "J2451187",
        "2018-12-12T02:00:00.1234567890123456Z", "2018-12-12T02:00:00,5Z", "2018-12-12 2:00:00",
        "2018-12-12 02:00:00 PM", "2018-12-12T02:00:00Z Z", "2018-12-12T02:00:00ZZ",
        "2018-12-12T02:00:00Z+05", "+2018-12-12", "-2018-12-12", "2018-12-12T-2:00:00Z",
        "2018-12-12T02:00:00--08", "2018-W50-3", "1582-10-10", "1752-09-05", "2018-12-12_02:00:00",
    ]

    private static func padded(_ range: ClosedRange<Int>, _ random: inout SeededGenerator) -> String
    {
        let digits = String(Int.random(in: range, using: &random))
        return digits.utf8.count < 2 ? "0" + digits : digits
    }

    /// Any day from year 1 to 9999, some of which are not in the calendar, and perhaps a time.
    @Sendable private static func instant(_ random: inout SeededGenerator) -> String {
        let year = String(10_000 + Int.random(in: 1...9999, using: &random)).dropFirst()
        var text = "\(year)-\(padded(1...12, &random))-\(padded(1...31, &random))"
        guard random.next() % 4 != 0 else { return text }
        text += Bool.random(using: &random) ? "T" : " "
        text += "\(padded(0...24, &random)):\(padded(0...60, &random)):\(padded(0...61, &random))"
        if Bool.random(using: &random) {
            text += "."
            for _ in 0..<Int.random(in: 1...15, using: &random) {
                text += random.next() % 3 == 0 ? "5" : String(random.next() % 10)
            }
        }
        switch random.next() % 5 {
        case 0: text += "Z"
        case 1: text += "+\(padded(0...16, &random))"
        case 2: text += "-\(padded(0...16, &random)):\(padded(0...60, &random))"
        case 3: text += "+\(padded(0...16, &random))\(padded(0...60, &random))"
        default: break
        }
        return text
    }

    static let timestamp = Specimens(
        type: .timestamptz, isOurs: isOurs, cast: cast, pieces: pieces,
        seeds: instants + InstantForms.certain.map(\.text), wild: instant)

    static let date = Specimens(
        type: .date, isOurs: isOurs,
        cast: "((\(cast)) at time zone 'UTC')::date", pieces: pieces,
        seeds: instants + InstantForms.certain.map(\.text), wild: instant)
}
