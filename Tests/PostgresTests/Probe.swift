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

/// Random numbers that are the same in every run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
