/// The encoding of form values (`application/x-www-form-urlencoded`), which S3 uses for keys in
/// events.
package enum FormEncoding {
    /// Decodes once: `+` is a space, `%2B` a plus, percent bytes are UTF-8.
    ///
    /// Nil when a percent sign is not followed by two hexadecimal digits, when the bytes are not
    /// UTF-8, or when the text would be empty or hold U+0000, which no column can.
    package static func decode(_ text: String) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(text.utf8.count)
        var bytes = text.utf8.makeIterator()
        while let byte = bytes.next() {
            switch byte {
            case UInt8(ascii: "+"):
                decoded.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = bytes.next().flatMap(hexDigit),
                    let low = bytes.next().flatMap(hexDigit)
                else { return nil }
                decoded.append(high << 4 | low)
            default:
                decoded.append(byte)
            }
        }
        guard !decoded.isEmpty, !decoded.contains(0) else { return nil }
        return String(validating: decoded, as: UTF8.self)
    }
}
