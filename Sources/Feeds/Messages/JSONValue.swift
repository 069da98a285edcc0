internal import FoundationEssentials

/// A JSON value of a message, read without expecting any shape.
enum JSONValue: Sendable, Equatable {
    case object(JSONObject)
    case array([JSONValue])
    case text(String)
    case integer(Int64)
    case decimal(Double)
    case bool(Bool)
    case null
    // Nested deeper than any known message, or a number that fits no type: present, but not
    // looked into.
    case unread
}

/// The members of a JSON object.
typealias JSONObject = [String: JSONValue]

extension JSONValue {
    /// Reads JSON text, or nil when it is not JSON.
    static func parse(_ text: String) -> JSONValue? {
        // Whatever the decoder dislikes, the caller's answer is the same: the text is not JSON.
        try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    /// What JSON calls this value, for a message to the operator.
    var typeName: String {
        switch self {
        case .object: "object"
        case .array: "array"
        case .text: "string"
        case .integer, .decimal: "number"
        case .bool: "boolean"
        case .null: "null"
        case .unread: "unreadable value"
        }
    }

    var object: JSONObject? {
        if case .object(let members) = self { members } else { nil }
    }

    var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// Text that is not empty and that PostgreSQL can hold: U+0000 is refused by its text type.
    var text: String? {
        guard case .text(let text) = self, !text.isEmpty, !text.unicodeScalars.contains("\0") else {
            return nil
        }
        return text
    }

    /// A boolean, or the words true and false in any case: AWS documents both for the same field.
    var truth: Bool? {
        switch self {
        case .bool(let value): value
        case .text(let word): ["true": true, "false": false][word.trimmed.lowercased()]
        default: nil
        }
    }

    /// A count: a whole number that is not negative, or its digits as text.
    var count: Int64? {
        let number: Int64? =
            switch self {
            case .integer(let value): value
            case .text(let digits): Int64(digits.trimmed)
            default: nil
            }
        return number.flatMap { $0 < 0 ? nil : $0 }
    }
}

extension JSONObject {
    /// Whether the member is there at all, null included.
    func has(_ name: String) -> Bool { self[name] != nil }

    /// The text of the first of these members that has any, as written.
    func text(_ names: String...) -> String? {
        names.lazy.compactMap { self[$0]?.text }.first
    }

    /// The text of the first of these members that has any, without surrounding blanks.
    func word(_ names: String...) -> String? {
        names.lazy.compactMap { self[$0]?.text?.trimmed }.first { !$0.isEmpty }
    }

    /// The members of the object in this member; none when it is no object.
    func members(_ name: String) -> JSONObject { self[name]?.object ?? [:] }
}

extension JSONValue: Decodable {
    // The deepest known field is Records[0].s3.bucket.ownerIdentity.principalId. What lies far
    // below it is not looked into, so that hostile nesting costs no stack.
    private static let depthMax = 16

    init(from decoder: any Decoder) throws {
        guard decoder.codingPath.count <= Self.depthMax else {
            self = .unread
            return
        }
        // A value is of exactly one type: each failed attempt only says that it is not this one.
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let members = try? value.decode(JSONObject.self) {
            self = .object(members)
        } else if let elements = try? value.decode([JSONValue].self) {
            self = .array(elements)
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let decimal = try? value.decode(Double.self) {
            self = .decimal(decimal)
        } else {
            self = .unread
        }
    }
}
