internal import FoundationEssentials

/// Reads an instant as AWS writes it: ISO 8601 with a zone, with or without a fraction.
func instant(_ text: String) -> Date? {
    let whole = Date.ISO8601FormatStyle()
    // `try?`: the two forms are told apart only by trying, and neither is "not an instant".
    return (try? whole.parse(text))
        ?? (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
}
