internal import Foundation

/// JSON that a program can read and a terminal can show: control characters are escaped, those
/// too that JSON allows as they are.
func jsonText(_ object: Any) throws -> String {
    let data = try JSONSerialization.data(
        withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: data, as: UTF8.self).unicodeScalars {
        // Line ends between values are the only control characters that are not part of a text.
        if scalar.properties.generalCategory == .control, scalar != "\n" {
            text.append(contentsOf: String(format: "\\u%04x", scalar.value).unicodeScalars)
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
