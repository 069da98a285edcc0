internal import Postgres

/// A JSON value as the text of a column's type, by the rules that hold for the fields of files.
enum ValueCheck {
    case none
    case text(String)
    /// Why it does not fit, as what follows its place.
    case unfit(String)

    // What a message shows of a value; the whole body is in the row.
    private static let excerptCharacters = 60

    static func fit(_ value: JSONValue, _ type: BinaryType) -> ValueCheck {
        switch (value, type) {
        case (.null, _): .none
        case (.text(let text), _): fit(text.trimmed, type)
        // A number in place of text has lost the leading zeros that an id may have.
        case (.integer(let number), let type) where type != .text && type != .boolean:
            fit(String(number), type)
        // The shortest text that reads back as this number: what the sender wrote, up to 15 digits.
        case (.decimal(let number), .numeric), (.decimal(let number), .doublePrecision):
            fit(String(number), type)
        case (.bool(let truth), .boolean): .text(truth ? "true" : "false")
        default: .unfit("is a JSON \(value.typeName)")
        }
    }

    private static func fit(_ text: String, _ type: BinaryType) -> ValueCheck {
        var row = BinaryRow(capacity: 0)
        let utf8 = Array(text.utf8)
        do throws(EncodingRefusal) {
            try row.append(utf8.span.bytes, as: type)
        } catch {
            return .unfit("\"\(text.line(charactersMax: excerptCharacters))\" \(error)")
        }
        if row.lastFieldIsNull { return .none }
        return .text(asServerReads(text, type))
    }

    /// What the encoder has checked and the server's own parser does not know: thousands in groups,
    /// and a comma before the decimals of a second.
    private static func asServerReads(_ text: String, _ type: BinaryType) -> String {
        switch type {
        case .numeric: text.replacing(",", with: "")
        case .timestamptz, .date: text.replacing(/(:[0-9]{2}),/) { $0.output.1 + "." }
        default: text
        }
    }
}
