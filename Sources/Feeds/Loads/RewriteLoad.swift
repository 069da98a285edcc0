internal import CSV
internal import Postgres

/// A log file whose loaded part has changed, compared with its table row by row.
///
/// Rows are multisets here: two equal records are two facts, wherever they stand in the file. New
/// ones are added, those that stand are left alone, and those that vanished stay in the table and
/// are listed in `ingest.vanished` until an operator decides.
final class RewriteLoad: RecordSink {
    private(set) var outcome = Outcome(.rewritten)
    private let context: LoadContext
    private var whole: WholeFile?
    private var hasReshaped = false

    private static let staged = "pg_temp.staged"
    private static let stagedReject = "pg_temp.staged_reject"

    init(_ context: LoadContext) {
        self.context = context
    }

    func header(_ titles: [String]) throws {
        let binding = try context.beginBinding(titles)
        try context.postgres.execute(
            """
            create temporary table staged on commit drop as
                select * from \(context.feed.table) with no data;
            create temporary table staged_reject on commit drop as
                select seller_id, feed, version_id, line, file_line, byte_offset, column_name,
                    reason, cause, raw
                from ingest.reject with no data
            """)
        hasReshaped = try reshapeOlderRows()
        let staging = (table: Self.staged, rejectTable: Self.stagedReject)
        whole = WholeFile(context, binding, context.writer(binding, staging: staging))
    }

    /// Rows from before the table had a column have its value in `extra`: they are compared as they
    /// would be loaded today, or they would seem to have vanished.
    ///
    /// - Returns: whether there are such rows.
    private func reshapeOlderRows() throws -> Bool {
        let titles = try context.postgres.query(
            """
            select distinct version_id, jsonb_object_keys(extra) as title from \(context.feed.table)
            where seller_id = $1 and extra is not null and version_id in
                (select version_id from ingest.version where file_id = $2)
            """, [.int(Int64(context.file.sellerID)), .int(context.record.fileID)]
        ).map { (versionID: try $0.int64("version_id"), name: try $0.string("title")) }
        let table = try context.postgres.columns(of: context.feed.name)
        let columns = Set(table.columns.map(\.name)).subtracting(HeaderBinding.loaderColumns)
        var known = titles.filter { title in
            let normalised = normalisedTitle(title.name)
            return columns.contains(context.feed.aliases[normalised] ?? normalised)
        }
        guard !known.isEmpty else { return false }
        let kept = try context.namesKeptInExtra(table)
        known.removeAll { kept[$0.versionID]?.contains($0.name) ?? false }
        guard !known.isEmpty else { return false }
        try context.postgres.execute(
            """
            create temporary table reshaped on commit drop as
                select * from \(context.feed.table) with no data;
            create temporary table misshaped (like pg_temp.staged_reject) on commit drop;
            """)
        let condition = Dictionary(grouping: known) { $0.versionID }.map { versionID, titles in
            let list = titles.map { PostgresConnection.quoteLiteral($0.name) }
            return "version_id = \(versionID) and extra ?| array[\(list.joined(separator: ", "))]"
        }
        let target = RowMove.Target(
            table: "pg_temp.reshaped", rejectTable: "pg_temp.misshaped", isMove: false)
        _ = try RowMove(context, from: context.feed, to: target)
            .run(where: condition.joined(separator: " or "))
        return true
    }

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
        // What vanished is known at the end only, so all of it is one transaction.
    }

    func end(_ progress: Progress) throws {
        guard let whole else { throw HeaderlessContent() }
        try whole.writer.finish()
        let columns = try context.postgres.columns(of: context.feed.name).columns.map(\.name)
        let difference = RewriteDifference(
            context, columns: columns, hasReshaped: hasReshaped)
        outcome.rowsRead = whole.rows
        outcome.rowsVanished = try difference.listVanished()
        try difference.markReturned()
        outcome.rowsLoaded = try difference.insertNew()
        try difference.settleRejects()
        outcome.rowsRejected = try difference.insertNewRejects()
        try context.budget?.judge(
            rejected: outcome.rowsRejected, of: whole.rows, context.record, context.feed,
            on: context.postgres)
        outcome.rowsStanding = whole.rows - outcome.rowsLoaded - outcome.rowsRejected
        outcome.bytesRead = progress.bytes
        try difference.writeTotals()
        try context.note(whole.writer.doubled, isWhole: true)
        try context.commit(whole.binding, progress, outcome, isFinal: true)
    }
}
