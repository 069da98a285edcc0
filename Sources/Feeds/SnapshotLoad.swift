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
        try writer.judge()
        try dismissAgain()
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

    private var parameters: [PostgresValue] {
        [.int(Int64(context.file.sellerID)), .int(context.record.fileID)]
    }

    private let older = "select version_id from ingest.version where file_id = $2"

    private func removeOlderRows() throws -> Int {
        try context.postgres.query(
            """
            delete from ingest.reject
            where seller_id = $1 and version_id in (\(older)) and state <> 'dismissed'
            """, parameters)
        return try context.postgres.query(
            "delete from \(context.feed.table) where seller_id = $1 and version_id in (\(older))",
            parameters
        ).affectedRows
    }

    /// A record that an operator has dismissed, and that is refused once more, needs no second
    /// decision.
    ///
    /// The decision moves to the newer reject; of those that are not there any more the older one
    /// stays, for the auditor.
    private func dismissAgain() throws {
        try context.postgres.query(
            """
            with dismissed as (
                select *, row_number() over (partition by raw order by reject_id) as copy
                from ingest.reject
                where seller_id = $1 and version_id in (\(older)) and version_id <> $3
                    and state = 'dismissed'
            ),
            refused as (
                select reject_id, raw, row_number() over (partition by raw order by line) as copy
                from ingest.reject where version_id = $3
            ),
            moved as (
                update ingest.reject r
                set state = d.state, settled_at = d.settled_at, settled_by = d.settled_by,
                    note = d.note
                from refused n join dismissed d using (raw, copy)
                where r.reject_id = n.reject_id
                returning d.reject_id
            )
            delete from ingest.reject r using moved m where r.reject_id = m.reject_id
            """, parameters + [.int(context.record.versionID)])
    }
}
