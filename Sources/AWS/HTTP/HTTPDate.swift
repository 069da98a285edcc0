internal import FoundationEssentials

/// The dates of HTTP headers.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`; nil for any other form.
    ///
    /// Source: RFC 9110 §5.6.7, IMF-fixdate, the only form that a server may send.
    static func parse(_ text: String) -> Date? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT",
            let month = months.firstIndex(of: String(words[2]))
        else { return nil }
        let day = words[1].count == 1 ? "0\(words[1])" : words[1]
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        return ISODate.parse("\(words[3])-\(number)-\(day)T\(words[4])Z")
    }
}

/// The dates inside documents.
enum ISODate {
    /// Reads `2026-09-15T23:41:07Z`, with or without a fraction; nil for anything else.
    static func parse(_ text: String) -> Date? {
        // The reason for a refusal would only repeat the text, which the caller has.
        try? Date(text, strategy: .iso8601)
    }
}
