internal import CSV

/// The records of a file that is committed at its end only, in the transaction that is open.
struct WholeFile {
    let binding: HeaderBinding
    let writer: RowWriter
    /// How many records have come.
    private(set) var rows = 0
    private let context: LoadContext

    // Often enough to stop within a second, seldom enough not to show.
    static let rowsBetweenStops = 10_000

    init(_ context: LoadContext, _ binding: HeaderBinding, _ writer: RowWriter) {
        self.context = context
        self.binding = binding
        self.writer = writer
    }

    mutating func add(
        _ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan
    ) throws {
        rows += 1
        if rows.isMultiple(of: Self.rowsBetweenStops) { try context.throwIfStopping() }
        try writer.add(record, fields, raw, line: rows)
    }

    mutating func pass(
        _ skip: SkippedContent, _ content: RawSpan, fileLine: Int, byteOffset: Int
    ) throws {
        rows += 1
        try writer.add(
            Reject(skip, line: rows, fileLine: fileLine, byteOffset: byteOffset), content)
    }
}
