/// A parameter of a query.
package enum PostgresValue: Sendable, Equatable {
    case null
    case text(String)
    case int(Int64)
    case bool(Bool)
    case bytes([UInt8])
    case textArray([String?])
    case intArray([Int64])
}

extension PostgresValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// Makes text.
    package init(stringLiteral value: String) { self = .text(value) }
}

extension PostgresValue: ExpressibleByIntegerLiteral {
    /// Makes an integer.
    package init(integerLiteral value: Int64) { self = .int(value) }
}

extension PostgresValue: ExpressibleByBooleanLiteral {
    /// Makes a boolean.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension PostgresValue: ExpressibleByNilLiteral {
    /// Makes NULL.
    package init(nilLiteral: ()) { self = .null }
}

extension PostgresValue {
    /// Text or NULL.
    package init(_ text: String?) { self = text.map { .text($0) } ?? .null }

    /// An integer or NULL.
    package init(_ int: Int64?) { self = int.map { .int($0) } ?? .null }

    /// What is sent in text format; nil for NULL and for bytes, which travel as they are.
    var textForm: String? {
        switch self {
        case .null, .bytes: nil
        case .text(let text): text
        case .int(let int): String(int)
        case .bool(let bool): bool ? "t" : "f"
        case .intArray(let ints): "{" + ints.map { String($0) }.joined(separator: ",") + "}"
        case .textArray(let texts):
            "{" + texts.map { Self.arrayElement($0) }.joined(separator: ",") + "}"
        }
    }

    /// Every text is quoted, so that `NULL`, blanks and braces mean themselves ("Array Input").
    private static func arrayElement(_ text: String?) -> String {
        guard let text else { return "NULL" }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" || scalar == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}

/// Parameters laid out as PQexecParams reads them.
struct ParameterBuffer {
    /// "bytea"; the others are left to the server to infer.
    private static let byteaOID: UInt32 = 17

    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var types: [UInt32] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// Number of parameters.
    var count: Int { types.count }

    /// Copies the parameters.
    ///
    /// - Throws: `PostgresError` 22021 for a text with a NUL character, which would be cut there.
    init(_ values: [PostgresValue]) throws(PostgresError) {
        for (index, value) in values.enumerated() {
            if case .bytes(let raw) = value {
                append(raw, type: Self.byteaOID, format: 1)
            } else if let text = value.textForm {
                guard !text.utf8.contains(0) else {
                    throw PostgresError(
                        "parameter $\(index + 1) contains a NUL character", sqlState: "22021")
                }
                append(text.utf8, type: 0, format: 0)
            } else {
                append(nil as [UInt8]?, type: 0, format: 0)
            }
        }
    }

    private mutating func append(
        _ content: (some Collection<UInt8>)?, type: UInt32, format: Int32
    ) {
        offsets.append(content == nil ? nil : bytes.count)
        types.append(type)
        lengths.append(Int32(clamping: content?.count ?? 0))
        formats.append(format)
        guard let content else { return }
        bytes.append(contentsOf: content)
        bytes.append(0)
    }

    /// Lends types, values, lengths and formats.
    func withPointers<R>(
        _ body: (
            UnsafePointer<UInt32>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?,
            UnsafePointer<Int32>?
        ) -> R
    ) -> R {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            return body(types, values, lengths, formats)
        }
    }
}
