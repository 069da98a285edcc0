internal import CSV
internal import Postgres

/// A record's fields, encoded as one row of COPY BINARY, or the reason why they cannot be.
///
/// Rows pile up in one reused buffer until the caller sends them. Nothing is allocated per field.
struct RowEncoder: ~Copyable {
    struct Refusal {
        let column: String?
        let reason: String
        /// The reason without the value; `nil` where no value is in it.
        var cause: String?
    }

    /// What the hot loop needs of a target; names stay in the binding, for messages.
    private struct Plan {
        enum Kind {
            case column(BinaryType, isNullable: Bool, bytesMax: Int)
            case extra
        }
        let kind: Kind
        /// Position in `binding.totals` of the total that adds this field up; -1 for none.
        let total: Int
    }

    private let binding: HeaderBinding
    private let plans: [Plan]
    private let sellerID: Int32
    private let versionID: Int64
    private var row = BinaryRow(capacity: 2 * RowEncoder.flushBytes)
    private var extra = ExtraColumns()
    /// Where in `row` the amounts of the row just encoded lie; empty where they are NULL.
    private var amounts: [Range<Int>]
    /// In which rows titles of one column differ; as many as `binding.doubled`.
    private var differences: [Difference]

    // Large enough that system calls do not show, and small beside a socket's buffer of some 200 kB:
    // what waits there is what the server works on while the next rows are encoded.
    private static let flushBytes = 16 * 1024

    init(binding: HeaderBinding, sellerID: Int32, versionID: Int64) {
        self.binding = binding
        self.sellerID = sellerID
        self.versionID = versionID
        amounts = Array(repeating: 0..<0, count: binding.totals.count)
        differences = Array(repeating: Difference(), count: binding.doubled.count)
        plans = binding.targets.enumerated().map { index, target in
            let total = binding.totals.firstIndex { $0.amount == index } ?? -1
            return switch target {
            case .column(_, let type, let isNullable, let bytesMax):
                Plan(
                    kind: .column(type, isNullable: isNullable, bytesMax: bytesMax), total: total)
            case .extra: Plan(kind: .extra, total: total)
            }
        }
    }

    var isFull: Bool { row.byteCount >= Self.flushBytes }
    var isEmpty: Bool { row.byteCount == 0 }

    mutating func flush(to copy: borrowing CopyIn) throws {
        try row.flush(to: copy)
    }

    /// Appends the record as a row.
    ///
    /// - Returns: `nil`, or why the record is refused; nothing of it was appended then.
    mutating func encode(
        _ record: borrowing CSVRecord, _ fields: RawSpan, line: Int
    ) -> Refusal? {
        if let fault = record.fault {
            return Refusal(
                column: plans.indices.contains(fault.field) ? title(fault.field) : nil,
                reason: fault.reason)
        }
        guard record.count == plans.count else {
            return Refusal(
                column: nil,
                reason: "has \(record.count) fields where the header has \(plans.count)",
                cause: "has not as many fields as the header")
        }
        row.begin(fields: binding.columns.count + HeaderBinding.loaderColumns.count)
        row.append(int32: sellerID)
        row.append(int64: versionID)
        row.append(int64: Int64(line))
        extra.removeAll()
        for index in 0..<plans.count {
            let field = fields.extracting(record.range(index))
            let plan = plans[index]
            do throws(EncodingRefusal) {
                switch plan.kind {
                case .column(let type, let isNullable, let bytesMax):
                    guard field.byteCount <= bytesMax else {
                        row.abandonRow()
                        return tooLong(field, at: index, bytesMax)
                    }
                    try append(field, as: type, at: index)
                    if row.lastFieldIsNull, !isNullable {
                        row.abandonRow()
                        return Refusal(
                            column: title(index), reason: "is empty, and it may not be")
                    }
                    if plan.total >= 0 { amounts[plan.total] = row.lastField }
                case .extra:
                    guard try extra.append(field, title: title(index)) else {
                        row.abandonRow()
                        return Refusal(
                            column: title(index),
                            reason: "does not fit into extra, which holds "
                                + "\(ExtraColumns.bytesMax) bytes of a row")
                    }
                }
            } catch {
                row.abandonRow()
                return refusal(of: field, at: index, error)
            }
        }
        extra.write(to: &row)
        if !differences.isEmpty { countDifferences(record, fields, line: line) }
        return nil
    }

    /// Titles of one column, and the rows so far in which they differ.
    var doubled: [(DoubledColumn, Difference)] { Array(zip(binding.doubled, differences)) }

    /// An empty field beside a value is no other value; a value beside an empty column is one.
    private mutating func countDifferences(
        _ record: borrowing CSVRecord, _ fields: RawSpan, line: Int
    ) {
        for (index, pair) in binding.doubled.enumerated() {
            let other = fields.extracting(record.range(pair.other))
            guard !other.isEmpty else { continue }
            let first = fields.extracting(record.range(pair.first))
            let isEqual = first.withUnsafeBytes { first in
                other.withUnsafeBytes { first.elementsEqual($0) }
            }
            if !isEqual { differences[index].add(line: line) }
        }
    }

    /// Adds the amounts of the row that was encoded last.
    func addTotals(
        to totals: inout ControlTotals, record: borrowing CSVRecord, _ fields: RawSpan
    ) {
        for (index, total) in binding.totals.enumerated() where !amounts[index].isEmpty {
            let range = total.currency.map { record.range($0) } ?? 0..<0
            let currency = fields.extracting(range)
            row.withBytes(amounts[index]) { amount in
                totals.add(amount, column: total.column, currency: currency)
            }
        }
    }

    @inline(__always)
    private mutating func append(
        _ field: RawSpan, as type: BinaryType, at index: Int
    ) throws(EncodingRefusal) {
        guard type == .jsonb else { return try row.append(field, as: type) }
        do throws(EncodingRefusal) {
            try row.append(field, as: type)
        } catch {
            // Structured text that is not JSON must not cost the row: it is kept as text.
            let refusal = error
            guard try extra.append(field, title: title(index)) else { throw refusal }
            row.appendNull()
        }
    }

    private func title(_ index: Int) -> String {
        switch binding.targets[index] {
        case .column(let name, _, _, _): name
        case .extra(let title): title
        }
    }

    private func refusal(of field: RawSpan, at index: Int, _ error: EncodingRefusal) -> Refusal {
        Refusal(
            column: title(index), reason: "\(excerpt(field)) \(error)", cause: error.description)
    }

    private func tooLong(_ field: RawSpan, at index: Int, _ bytesMax: Int) -> Refusal {
        Refusal(
            column: title(index),
            reason:
                "\(excerpt(field)) has \(field.byteCount) bytes, and an id has at most \(bytesMax)",
            cause: "is longer than an id, which has at most \(bytesMax) bytes")
    }

    // What a message shows of a value; the whole record is in ingest.reject.
    private static let excerptBytes = 60

    private func excerpt(_ field: RawSpan) -> String {
        let shown = field.extracting(0..<min(field.byteCount, Self.excerptBytes))
        let text = shown.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        let printable = text.replacing("\0", with: "\u{FFFD}")
        return "\"\(printable)\(shown.byteCount < field.byteCount ? "..." : "")\""
    }
}
