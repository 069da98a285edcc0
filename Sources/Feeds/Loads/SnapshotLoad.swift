internal import CSV
internal import Postgres

/// A file's rows in place of those that are there, in one transaction: of a snapshot's older
/// version, of a change log's, whose table then drops what newer operations have overtaken, or of
/// any file that is read again from the start.
final class SnapshotLoad: RecordSink {
    private(set) var outcome: Outcome
    private let context: LoadContext
    /// The feed whose table holds the file's rows until now.
    private let origin: Feed
    /// Copies of the file that counted until now.
    private let others: [Int64]
    private var whole: WholeFile?
    /// Of a change log: the seller's rows in the table, without the file's.
    private var otherRows: Int?

    init(
        _ context: LoadContext, _ kind: Outcome.Kind, from origin: Feed, others: [Int64] = []
    ) {
        self.context = context
        self.others = others
        self.origin = origin
        outcome = Outcome(kind)
    }

    func header(_ titles: [String]) throws {
        let binding = try context.beginBinding(titles)
        if isMove {
            try context.postgres.execute("lock table \(origin.table) in row exclusive mode")
        }
        outcome.rowsRemoved = try removeOlderRows()
        outcome.rowsRemoved += try Copies.standAside(
            others, for: context.record.fileID, of: origin, sellerID: context.file.sellerID,
            on: context.postgres)
        if context.ledger.isAside {
            try Copies.count(context.record.fileID, on: context.postgres)
        }
        if isMove {
            let target = RowMove.Target(
                table: context.feed.table, rejectTable: "ingest.reject", isMove: true)
            outcome.rowsRemoved += try RowMove(context, from: origin, to: target).run(where: "true")
        }
        if context.feed.kind == .changeLog { otherRows = try countRows() }
        whole = WholeFile(context, binding, context.writer(binding))
    }

    private var isMove: Bool { origin.name != context.feed.name }

    func record(
        _ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan
    ) throws -> Bool {
        try whole?.add(record, fields, raw)
        return false
    }

    func skipped(
        _ skip: SkippedContent, _ content: RawSpan, fileLine: Int, byteOffset: Int
    ) throws -> Bool {
        try whole?.pass(skip, content, fileLine: fileLine, byteOffset: byteOffset)
        return false
    }

    func isWorthCheckpoint(at bytes: Int) -> Bool { false }

    func checkpoint(_ progress: Progress) throws {
        // It is visible all at once: it is committed at its end only.
    }

    func end(_ progress: Progress) throws {
        guard let whole else { throw HeaderlessContent() }
        let writer = whole.writer
        try writer.finish()
        try writer.judge()
        try dismissAgain()
        try writeTotals(writer)
        // Of a file that has none noted none has to go.
        try context.note(writer.doubled, isWhole: context.ledger.hasDoubledColumns)
        outcome.rowsLoaded = writer.rowsLoaded
        outcome.rowsRejected = writer.rowsRejected
        if let otherRows {
            outcome.rowsRemoved += try otherRows + writer.rowsLoaded - countRows()
        }
        outcome.rowsRead = writer.rowsLoaded + writer.rowsRejected
        outcome.bytesRead = progress.bytes
        if isMove {
            try Checkpoint.assign(
                context.record.fileID, to: context.feed, on: context.postgres)
        }
        if outcome.kind == .reloaded {
            try Drift(whole.binding).settle(
                sellerID: context.file.sellerID, feed: context.feed, on: context.postgres)
        }
        try context.commit(whole.binding, progress, outcome, isFinal: true)
    }

    /// Of a file that is read again, rows that vanished from it count too: they are in the table.
    private func writeTotals(_ writer: RowWriter) throws {
        guard outcome.kind == .reloaded else {
            return try writer.writeTotals(loadID: context.record.loadID)
        }
        let columns = try context.postgres.columns(of: context.feed.name).columns.map(\.name)
        try ControlTotals.write(
            of: context,
            versions: "version_id in (select version_id from ingest.version where file_id = $5)",
            columns: columns)
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

    /// Removes what the file's older versions brought, but for what an operator has decided about.
    ///
    /// Rows that vanished from the file are not in what is read now: they stay until an operator
    /// accepts that, and for good if he keeps them. Of a log, rejects that vanished stay too.
    private func removeOlderRows() throws -> Int {
        try context.postgres.query(
            """
            delete from ingest.reject
            where seller_id = $1 and version_id in (\(older)) and state <> 'dismissed'
                and not (state = 'superseded' and $3)
            """, parameters + [.bool(origin.kind == .log)])
        return try context.postgres.query(
            """
            delete from \(origin.table) t
            where seller_id = $1 and version_id in (\(older)) and not exists (
                select from ingest.vanished v
                where v.version_id = t.version_id and v.line = t.line
                    and (v.decision is null or v.decision = 'kept'))
            """, parameters
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
