/// JSON to be written; members keep their order.
indirect enum JSONText {
    case null
    case bool(Bool)
    case number(String)
    case text(String)
    case list([JSONText])
    case members([(String, JSONText)])

    /// On one line, without blanks (RFC 8259).
    var line: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let digits): digits
        case .text(let text): Self.quoted(text)
        case .list(let list): "[" + list.map(\.line).joined(separator: ",") + "]"
        case .members(let members):
            "{" + members.map { Self.quoted($0) + ":" + $1.line }.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// Identifiers and instants as they are in JSON.
extension JSONText {
    /// An id with its prefix: `agmt-` and 25 characters.
    static func id(_ prefix: StaticString, _ key: Key, _ length: Int) -> JSONText {
        .text(key.name(prefix, length))
    }

    // 2026-01-31T23:59:59Z
    static func instant(_ seconds: Int64) -> JSONText {
        var writer = RowWriter()
        return .text(writer.collected { $0.instantText(seconds, .iso) })
    }

    static func account(_ key: Key) -> JSONText {
        .members([("accountId", .text(key.accountNumber))])
    }
}

extension Key {
    func name(_ prefix: StaticString, _ length: Int) -> String {
        var writer = RowWriter()
        return writer.collected { $0.nameText(prefix, self, length) }
    }

    /// The AWS account number of an account.
    var accountNumber: String {
        var writer = RowWriter()
        return writer.collected { $0.accountNumberText(self) }
    }

    /// The handle of a buyer's account.
    var customerIdentifier: String { child(.reference).name("cus-", 16) }

    /// The ARN of a licence.
    var licenseARN: String {
        var writer = RowWriter()
        return writer.collected { $0.licenceText(self) }
    }
}

extension Offer {
    /// The id as text.
    var id: String { key.name(isPlaceholder ? "aiqoffer-" : "offer-", 13) }
}
