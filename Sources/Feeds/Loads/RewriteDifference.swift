internal import Postgres

/// The statements that make a table equal to a rewritten file, staged in `pg_temp`.
///
/// Rows are equal when all their feed columns and `extra` are, as Postgres compares them; they are
/// joined on 128 bits of hash over the whole row. Of n equal rows on one side and m on the other,
/// min(n, m) stand.
struct RewriteDifference {
    private let context: LoadContext
    private let columns: [String]
    private let hashes: String
    private let parameters: [PostgresValue]
    /// Whether `pg_temp.reshaped` has some of the rows as they would be loaded today.
    private let hasReshaped: Bool

    init(_ context: LoadContext, columns: [String], hasReshaped: Bool = false) {
        self.context = context
        self.columns = columns
        self.hasReshaped = hasReshaped
        let content = columns.filter { !["seller_id", "version_id", "line"].contains($0) }
            .map { "r." + PostgresConnection.quoteIdentifier($0) }.joined(separator: ", ")
        hashes = """
            hash_record_extended(row(\(content)), 0) as h0, \
            hash_record_extended(row(\(content)), 1) as h1
            """
        parameters = [
            .int(Int64(context.file.sellerID)), .int(context.record.fileID),
            .int(context.record.versionID),
        ]
    }

    /// Rows in the table that came from this file.
    private var held: String {
        let asLoaded = """
            select r.version_id, r.line, \(hashes) from \(context.feed.table) r
            where r.seller_id = $1 and r.version_id in
                (select version_id from ingest.version where file_id = $2)
            """
        guard hasReshaped else { return asLoaded }
        return """
            \(asLoaded) and not exists (
                select from pg_temp.reshaped n
                where n.version_id = r.version_id and n.line = r.line)
            union all select r.version_id, r.line, \(hashes) from pg_temp.reshaped r
            """
    }

    private var heldCopies: String {
        """
        select version_id, line, h0, h1,
            row_number() over (partition by h0, h1 order by version_id, line) as copy
        from (\(held)) h
        """
    }

    private var stagedCounts: String {
        "select h0, h1, count(*) as n from (select \(hashes) from pg_temp.staged r) s group by 1, 2"
    }

    /// Lists the rows that the file no longer has; those already listed or kept are not new.
    func listVanished() throws -> Int {
        try context.postgres.query(
            """
            with held as (\(heldCopies)), staged as (\(stagedCounts))
            insert into ingest.vanished as v
                (version_id, line, seller_id, feed, file_id, missing_from)
            select h.version_id, h.line, $1, $4, $2, $3
            from held h left join staged s using (h0, h1)
            where h.copy > coalesce(s.n, 0)
            on conflict (version_id, line) do update
                set decision = null, decided_at = null, missing_from = excluded.missing_from,
                    noticed_at = now()
                where v.decision = 'returned'
            """, parameters + [.text(context.feed.name)]
        ).affectedRows
    }

    /// Rows that were listed and are there again need no decision.
    func markReturned() throws {
        try context.postgres.query(
            """
            with held as (\(heldCopies)), staged as (\(stagedCounts))
            update ingest.vanished v set decision = 'returned', decided_at = now()
            from held h join staged s using (h0, h1)
            where v.file_id = $2 and v.decision is null and h.copy <= s.n
                and (v.version_id, v.line) = (h.version_id, h.line) and $3::bigint is not null
            """, parameters)
    }

    /// Whether one of the version's rows, from a line on, is equal to one that vanished from the file
    /// and is in the table all the same.
    func hasReturned(from line: Int) throws -> Bool {
        try context.postgres.query(
            """
            select exists (
                select from (
                    select \(hashes) from \(context.feed.table) r
                    where r.seller_id = $1 and r.version_id = $3 and r.line >= $4
                ) n
                join (
                    select \(hashes) from ingest.vanished v
                    join \(context.feed.table) r using (seller_id, version_id, line)
                    where v.seller_id = $1 and v.file_id = $2
                        and (v.decision is null or v.decision = 'kept')
                ) g using (h0, h1)
            ) as has_returned
            """, parameters + [.int(Int64(line))]
        ).only().bool("has_returned")
    }

    func insertNew() throws -> Int {
        let list = columns.map(PostgresConnection.quoteIdentifier).joined(separator: ", ")
        return try context.postgres.query(
            """
            with held as (select h0, h1, count(*) as n from (\(held)) h group by 1, 2),
            staged as (
                select s.*, row_number() over (partition by h0, h1 order by line) as copy
                from (select r.*, \(hashes) from pg_temp.staged r) s
            )
            insert into \(context.feed.table) (\(list))
            select \(list) from staged s left join held h using (h0, h1)
            where s.copy > coalesce(h.n, 0) and $3::bigint is not null
            """, parameters
        ).affectedRows
    }

    /// Rejects of this file that stand for a record of it: waiting, or dismissed for good.
    private let heldRejects = """
        select r.reject_id, r.raw, r.state from ingest.reject r
        where r.seller_id = $1 and r.state in ('waiting', 'dismissed') and r.version_id in
            (select version_id from ingest.version where file_id = $2)
        """

    /// Settles rejects whose record the file no longer has, or the table takes by now.
    ///
    /// Those that go on waiting say why in today's words. Of equal ones those that were dismissed go last: a decision is not taken back.
    func settleRejects() throws {
        try context.postgres.query(
            """
            with held as (
                select *, row_number() over
                    (partition by raw order by state = 'dismissed', reject_id) as copy
                from (\(heldRejects)) h
            ),
            staged as (
                select raw, count(*) as n, min(column_name) as column_name, min(reason) as reason,
                    min(cause) as cause
                from pg_temp.staged_reject group by 1
            ),
            changed as (
                select h.reject_id, h.copy <= coalesce(s.n, 0) as is_waiting, s.column_name,
                    s.reason, s.cause
                from held h left join staged s using (raw)
                where h.state = 'waiting'
            )
            update ingest.reject r
            set state = case when c.is_waiting then r.state else 'superseded' end,
                settled_at = case when not c.is_waiting then now() end,
                column_name = case when c.is_waiting then c.column_name else r.column_name end,
                reason = case when c.is_waiting then c.reason else r.reason end,
                cause = case when c.is_waiting then c.cause else r.cause end
            from changed c
            where r.reject_id = c.reject_id and r.state = 'waiting' and $3::bigint is not null
                and not (c.is_waiting and (r.column_name, r.reason, r.cause)
                    is not distinct from (c.column_name, c.reason, c.cause))
            """, parameters)
    }

    /// Rejects that were not there before; equal means the same bytes.
    func insertNewRejects() throws -> Int {
        try context.postgres.query(
            """
            with held as (select raw, count(*) as n from (\(heldRejects)) h group by 1),
            staged as (
                select s.*, row_number() over (partition by raw order by line) as copy
                from pg_temp.staged_reject s
            )
            insert into ingest.reject (seller_id, feed, version_id, line, file_line, byte_offset,
                column_name, reason, cause, raw)
            select seller_id, feed, version_id, line, file_line, byte_offset, column_name, reason,
                cause, raw
            from staged s left join held h using (raw)
            where s.copy > coalesce(h.n, 0) and $3::bigint is not null
            """, parameters
        ).affectedRows
    }

    /// Totals of the rows that were new: no other row carries the version.
    func writeTotals() throws {
        try ControlTotals.write(of: context, versions: "version_id = $4", columns: columns)
    }
}
