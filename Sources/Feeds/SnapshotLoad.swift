internal import CSV
internal import Postgres

/// A file's rows in place of those of its older version, in one transaction: a snapshot, or the
/// operations of a change log, whose table then drops what newer operations have overtaken.
final class SnapshotLoad: RecordSink {
    private(set) var outcome: Outcome
    private let context: LoadContext
    private var whole: WholeFile?
    /// Of a change log: the seller's rows in the table, before anything went or came.
    private var rowsBefore: Int?

    init(_ context: LoadContext, isFirst: Bool) {
        self.context = context
        outcome = Outcome(isFirst ? .loaded : .replaced)
    }

    func header(_ titles: [String]) throws {
        let binding = try context.beginBinding(titles)
        if context.feed.kind == .changeLog { rowsBefore = try countRows() }
        outcome.rowsRemoved = try removeOlderRows()
        whole = WholeFile(context, binding, context.writer(binding))
    }

    func record(
        _ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan
    ) throws -> Bool {
        try whole?.add(record, fields, raw)
        return false
    }

    func checkpoint(_ progress: Progress) throws {
        // A snapshot is visible all at once: it is committed at its end only.
    }

    func end(_ progress: Progress) throws {
        guard let whole else { throw HeaderlessContent() }
        let writer = whole.writer
        try writer.finish()
        try writer.writeTotals(loadID: context.record.loadID)
        outcome.rowsLoaded = writer.rowsLoaded
        outcome.rowsRejected = writer.rowsRejected
        if let rowsBefore {
            outcome.rowsRemoved = try rowsBefore + writer.rowsLoaded - countRows()
        }
        outcome.rowsRead = writer.rowsLoaded + writer.rowsRejected
        outcome.bytesRead = progress.bytes
        try context.commit(whole.binding, progress, outcome, isFinal: true)
    }

    private func countRows() throws -> Int {
        try context.postgres.query(
            "select count(*) as rows from \(context.feed.table) where seller_id = $1",
            [.int(Int64(context.file.sellerID))]
        ).only().int("rows")
    }

    private func removeOlderRows() throws -> Int {
        let parameters: [PostgresValue] = [
            .int(Int64(context.file.sellerID)), .int(context.record.fileID),
        ]
        let older = "select version_id from ingest.version where file_id = $2"
        try context.postgres.query(
            "delete from ingest.reject where seller_id = $1 and version_id in (\(older))",
            parameters)
        return try context.postgres.query(
            "delete from \(context.feed.table) where seller_id = $1 and version_id in (\(older))",
            parameters
        ).affectedRows
    }
}
