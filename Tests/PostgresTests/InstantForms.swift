/// Ways to write an instant, and which of them we read.
enum InstantForms {
    /// Forms that leave no doubt, and the instant in the documented form.
    static let certain: [(text: String, instant: String)] = [
        ("2026-01-02T10:00Z", "2026-01-02T10:00:00Z"),
        ("2026-01-02 10:00", "2026-01-02T10:00:00Z"),
        ("2026-01-02 10:00:00 UTC", "2026-01-02T10:00:00Z"),
        ("2026-01-02 10:00:00 GMT", "2026-01-02T10:00:00Z"),
        ("2026-01-02 10:00:00utc", "2026-01-02T10:00:00Z"),
        ("2026-01-02 10:00:00 Ut", "2026-01-02T10:00:00Z"),
        ("2026-01-02T10:00:00 Zulu", "2026-01-02T10:00:00Z"),
        ("2026-01-02 10:00 UTC+00:00", "2026-01-02T10:00:00Z"),
        ("Fri Jan 02 2026 10:00:00 GMT+0000", "2026-01-02T10:00:00Z"),
        ("2026-01-02T10:00:00 Z", "2026-01-02T10:00:00Z"),
        ("2026-01-02t10:00z", "2026-01-02T10:00:00Z"),
        ("2026-01-02T12:00:00 +02:00", "2026-01-02T10:00:00Z"),
        ("2026-01-02T12:00+2", "2026-01-02T10:00:00Z"),
        ("2026-01-02T12:30:15.5+02:30:15", "2026-01-02T10:00:00.5Z"),
        ("2026-01-02T02:00-0800", "2026-01-02T10:00:00Z"),
        ("2026-01-02T10:00:00,25Z", "2026-01-02T10:00:00.25Z"),
        ("2026-01-02T10:00:00.123456789Z", "2026-01-02T10:00:00.123457Z"),
        ("2026-01-02T1000Z", "2026-01-02T10:00:00Z"),
        ("2026-01-02T100000.5Z", "2026-01-02T10:00:00.5Z"),
        ("20260102T100000Z", "2026-01-02T10:00:00Z"),
        ("20260102T1000+0000", "2026-01-02T10:00:00Z"),
        ("20260102 10:00", "2026-01-02T10:00:00Z"),
        ("20260102", "2026-01-02T00:00:00Z"),
        ("2026-002", "2026-01-02T00:00:00Z"), ("2024-366T10:00Z", "2024-12-31T10:00:00Z"),
        ("2026-1-2 9:05", "2026-01-02T09:05:00Z"),
        ("2026/01/02 10:00:00", "2026-01-02T10:00:00Z"), ("2026/1/2", "2026-01-02T00:00:00Z"),
        ("2026.01.02", "2026-01-02T00:00:00Z"),
        ("2026-01-02Z", "2026-01-02T00:00:00Z"), ("2026-01-02 UTC", "2026-01-02T00:00:00Z"),
        ("2026-01-02+00:00", "2026-01-02T00:00:00Z"),
        ("2026-01-02 05:30:00 PM", "2026-01-02T17:30:00Z"),
        ("2026-01-02 12:00 am", "2026-01-02T00:00:00Z"),
        ("2026-01-02 12:00PM", "2026-01-02T12:00:00Z"),
        ("2026-01-02 5:30 AM +02", "2026-01-02T03:30:00Z"),
        ("2026-01-02, 10:00", "2026-01-02T10:00:00Z"),
        ("2026-01-02 24:00", "2026-01-03T00:00:00Z"),
        ("02-JAN-2026 10:00:00", "2026-01-02T10:00:00Z"),
        ("2-January-2026", "2026-01-02T00:00:00Z"), ("2 Jan 2026", "2026-01-02T00:00:00Z"),
        ("2026-Jan-02", "2026-01-02T00:00:00Z"), ("Jan 2, 2026", "2026-01-02T00:00:00Z"),
        ("January 2 2026 10:00 AM", "2026-01-02T10:00:00Z"),
        ("02/Jan/2026:10:00:00 +0000", "2026-01-02T10:00:00Z"),
        ("Fri, 02 Jan 2026 10:00:00 GMT", "2026-01-02T10:00:00Z"),
        ("Friday, January 2, 2026", "2026-01-02T00:00:00Z"),
        ("Fri Jan  2 10:00:00 2026", "2026-01-02T10:00:00Z"),
        ("Fri Jan 02 10:00:00 UTC 2026", "2026-01-02T10:00:00Z"),
    ]

    /// Forms that could mean two things, or something else; most of them the server refuses too.
    static let doubtful = [
        "01/02/2026", "13/01/2026", "1-2-2026", "26-01-02", "02-Jan-26", "Jan 2 26", "2026-01",
        "2026", "1767225600", "20260102100000", "2026-01-02 10", "2026-01-02T10", "2026-01-02T",
        "2026-01-02 10:00:00 EST", "2026-01-02 10:00 Europe/Berlin", "2026-01-02 10:00 UTC+2",
        "2026-01-02 10:00 GMT-2", "2026-01-02+05:00", "2026-01-02-05", "now", "today", "infinity",
        "epoch", "2026-01-02 1000", "10:00 2026-01-02", "Fri 2026-01-02", "2026-01-02 10:00 Fri",
        "2026-01-02 BC", "2026-01-02T10:00:00Z Z", "2026-W01-5", "2026-01-02T10:0Z", "T10:00Z",
        "+2026-01-02", "Foo 2 2026", "2026-01-02T10:00+530", "2026-01-02 5 PM",
        "J2461042", "2026-01-02 at 10:00", "2026-01-02_10:00", "2026-01/02", "2026-01-02T10:00:00.",
    ]

    /// A form that the server reads and we refuse.
    struct Refused: Sendable {
        let reason: String
        /// The form, as a regular expression of the server's for the text without blanks around it.
        let pattern: String
        let examples: [String]
    }

    static let refused = [
        Refused(
            reason: "depends on the clock", pattern: "now|today|tomorrow|yesterday",
            examples: ["now", "today", "yesterday", "tomorrow"]),
        Refused(
            reason: "is no instant, or a word of Postgres's own", pattern: "inf|epoch|allballs",
            examples: ["infinity", "-infinity", "epoch"]),
        Refused(
            reason: "has a year without four digits, which may as well be a day",
            pattern:
                #"^\d{1,3}[^\d:]|^\D*\d{1,2}\D+\d{1,3}\D*$|\d{5}|^\D*\d{1,3}(\D|$)(?!.*\d{4})"#,
            examples: ["26-01-02", "226-01-02", "02-Jan-26", "Jan 2 26", "10000-01-01"]),
        Refused(
            reason: "has a year before the first, or says so", pattern: "[a-z ](bc|ad)",
            examples: ["2026-01-02 BC", "2026-01-02 AD"]),
        Refused(
            reason: "is a number of astronomers", pattern: "^j",
            examples: ["J2461042"]),
        Refused(
            reason: "has minutes or seconds of another length than two digits",
            pattern: #":\d(\D|$)|:\d{3}|[^\d.]\d{3,}:"#,
            examples: ["2026-01-02 10:5", "2026-01-02T10:005:00Z", "2026-01-02T010:00Z"]),
        Refused(
            reason: "has an offset from a zone, which is east for some and west for others",
            pattern: #"(z|utc|ut|gmt|zulu)\s*[-+:]?\d"#,
            examples: ["2026-01-02 10:00 UTC+2", "2026-01-02 10:00:00 GMT-02:00"]),
        Refused(
            reason: "is a day in a zone, which is no instant",
            pattern: #"^[^:]*\d\s*[-+]\d\d?(:?\d\d)*$"#,
            examples: ["2026-01-02+05:00", "2026-01-02 -08"]),
        Refused(
            reason: "has more hours than a day", pattern: #"t\s*(2[4-9]|[3-9]\d)\d\d"#,
            examples: ["2026-01-02T6002"]),
        Refused(
            reason: "has an offset of three digits", pattern: #"[-+]\d{3}$"#,
            examples: ["2026-01-02T10:00+530"]),
        Refused(
            reason: "has digits where a time may be meant", pattern: #"[ ,]\d{4,6}(\D|$)"#,
            examples: ["2026-01-02 1000", "20260102 100000"]),
        Refused(
            reason: "has half a day without a time, or an hour that has none",
            pattern: #"^[^:]*(am|pm)|\D(0?0|1[3-9]|2\d):.*(am|pm)"#,
            examples: ["2026-01-02 AM", "2026-01-02 0:00 AM"]),
        Refused(
            reason: "has a word that is no month, no weekday and not UTC, or is in the wrong place",
            pattern: "(^|[^a-z])(?!(\(known))([^a-z]|$))[a-z]|\\d.*(\(weekdays))",
            examples: [
                "2026-01-02 10:00 EST", "2026-01-02 10:00 Europe/Berlin", "2026-01-02 at 10:00",
                "2026-01-02 10:00 Fri",
            ]),
        Refused(
            reason: "has a month or day of three digits", pattern: #"[-/.]0\d\d+(\D|$)"#,
            examples: ["2026-Jan-002", "2026/01/002"]),
        Refused(
            reason: "has punctuation that stands for nothing, or for something else",
            pattern: #"[-/:.,]{2}|[-/:.,]$|[^a-z0-9:./,+\s-]|:\D|[^\d]:|^[^a-z\d]|[.,][a-z]|t\s*-"#
                + #"|,\s*\d+-|\d-\d\d?:"#,
            examples: ["2026/1//2", "2026-01-02T10:00:00.", "2026-01-02_10:00"]),
    ]

    private static let weekdays =
        "mon|monday|tue|tuesday|wed|wednesday|thu|thursday|fri|friday|sat|saturday|sun|sunday"
    private static let known =
        "jan|january|feb|february|mar|march|apr|april|may|jun|june|jul|july|aug|august|sep|september"
        + "|oct|october|nov|november|dec|december|t|z|utc|ut|gmt|zulu|am|pm|\(weekdays)"
}
