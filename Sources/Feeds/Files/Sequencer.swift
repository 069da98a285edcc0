/// The order that S3 gives to events of one key: hexadecimal digits of varying length.
///
/// Compared as if padded on the left with zeros to equal length. Says nothing about events of two
/// different keys. Amazon S3, "Event message structure".
package struct Sequencer: Sendable {
    /// The digits as S3 sent them.
    package let text: String

    private let digits: String

    /// Takes the text of an event's `sequencer`; nil when it is not hexadecimal digits.
    package init?(_ text: String) {
        let isHex = text.utf8.allSatisfy { hexDigit($0) != nil }
        guard !text.isEmpty, isHex else { return nil }
        self.text = text
        digits = text.drop { $0 == "0" }.uppercased()
    }
}

extension Sequencer: Comparable, Hashable {
    package static func == (left: Sequencer, right: Sequencer) -> Bool {
        left.digits == right.digits
    }

    package static func < (left: Sequencer, right: Sequencer) -> Bool {
        let leftLength = left.digits.utf8.count
        let rightLength = right.digits.utf8.count
        return leftLength == rightLength ? left.digits < right.digits : leftLength < rightLength
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(digits) }
}

/// The value of an ASCII hexadecimal digit, or nil.
func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
