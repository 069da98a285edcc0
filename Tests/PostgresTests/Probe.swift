import Postgres

/// What became of a text that was encoded.
enum Outcome: Equatable {
    case value([UInt8])
    case null
    case refused(EncodingRefusal)

    /// Encodes one field in a row of its own.
    init(_ text: [UInt8], as type: BinaryType) {
        var row = BinaryRow(capacity: 0)
        row.begin(fields: 1)
        let before = row.byteCount
        do {
            try row.append(text.span.bytes, as: type)
            self =
                row.lastFieldIsNull
                ? .null
                : .value(
                    row.withBytes(row.lastField) { $0.withUnsafeBytes { Array($0) } })
        } catch {
            precondition(row.byteCount == before, "a refused field left something behind")
            self = .refused(error)
        }
    }

    init(_ text: String, as type: BinaryType) {
        self.init(Array(text.utf8), as: type)
    }
}

extension BinaryType {
    /// The type as SQL names it.
    var sqlName: String {
        switch self {
        case .doublePrecision: "double precision"
        default: "\(self)"
        }
    }
}
