internal import Postgres

/// The `extra` column of a row: fields that no typed column took, as one JSON object of strings.
struct ExtraColumns {
    private var bytes: [UInt8] = []

    var isEmpty: Bool { bytes.isEmpty }

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Most bytes of a row's object: far more than a row with every column unknown has, and little
    /// enough to be held for each load.
    static let bytesMax = 256 << 10

    /// Keeps a field under its title; an empty field is NULL, and so left out.
    ///
    /// - Returns: whether the object still has room for it; if not, the row is to be refused.
    /// - Throws: ``EncodingRefusal`` for text that Postgres cannot hold.
    mutating func append(_ field: RawSpan, title: String) throws(EncodingRefusal) -> Bool {
        guard !field.isEmpty else { return true }
        guard field.byteCount <= Self.bytesMax else { return false }
        try BinaryType.validate(text: field)
        bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
        appendString(title.utf8Span.span.bytes)
        bytes.append(UInt8(ascii: ":"))
        appendString(field)
        return bytes.count < Self.bytesMax
    }

    /// Closes the object and appends it to the row.
    mutating func write(to row: inout BinaryRow) {
        guard !isEmpty else { return row.appendNull() }
        bytes.append(UInt8(ascii: "}"))
        row.append(jsonb: bytes.span.bytes)
    }

    /// RFC 8259, section 7: quote, backslash and control characters are escaped.
    private mutating func appendString(_ text: RawSpan) {
        bytes.append(UInt8(ascii: "\""))
        text.withUnsafeBytes { text in
            for byte in text {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                    bytes.append(UInt8(ascii: "\\"))
                    bytes.append(byte)
                case 0..<0x20:
                    bytes.append(contentsOf: "\\u00".utf8)
                    bytes.append(UInt8(ascii: "0") + (byte >> 4))
                    bytes.append(Self.hexadecimalDigits[Int(byte & 15)])
                default: bytes.append(byte)
                }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static let hexadecimalDigits = Array("0123456789abcdef".utf8)
}
