internal import Feeds
internal import Foundation

/// JSON that a program can read and a terminal can show: what ``String/printable`` would show as an
/// escape is one of JSON's own here, so that printing changes nothing.
func jsonText(_ object: Any) throws -> String {
    let data = try JSONSerialization.data(
        withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return jsonEscaped(String(decoding: data, as: UTF8.self))
}

/// JSON of somebody else's making, such as the server's, that a terminal can show.
func jsonEscaped(_ json: String) -> String {
    var text = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
        // Line ends between values are the only control characters that are not part of a text.
        if !scalar.isPrintable, scalar != "\n" {
            for unit in String(scalar).utf16 {
                text.append(contentsOf: String(format: "\\u%04x", unit).unicodeScalars)
            }
        } else {
            text.append(scalar)
        }
    }
    return String(text)
}

extension String {
    /// With line breaks as blanks, for a text that takes one line of several.
    var oneLine: String {
        split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
