package import Postgres

/// Rejects that one fix will mend, and what has become of them.
package struct RejectGroup: Sendable {
    package let feed: String
    /// `nil` where the record as a whole was refused.
    package let column: String?
    package let cause: String
    package let waiting: Int
    package let dismissed: Int
    package let replayed: Int
    package let superseded: Int
    package let sellers: Int
    /// When the newest was rejected, in UTC.
    package let newest: String
    /// The newest of them.
    package let example: RejectedRecord
}

/// A reject with its place and the bytes that were delivered.
package struct RejectedRecord: Sendable {
    package let id: Int64
    package let seller: String
    package let feed: String
    /// Bucket and key.
    package let file: String
    /// Line of the file, as an editor counts.
    package let fileLine: Int
    package let byteOffset: Int
    package let column: String?
    package let cause: String
    package let reason: String
    package let raw: [UInt8]
    package let state: String
    package let noticedAt: String
    package let settledAt: String?
    package let settledBy: String?
    package let note: String?
}

/// What is known of rejects, and what people decide about them.
package struct RejectLedger {
    private let postgres: PostgresConnection

    package init(on postgres: PostgresConnection) {
        self.postgres = postgres
    }

    private static let time = "'YYYY-MM-DD HH24:MI:SS'"

    /// What is wrong, the most frequent cause first.
    ///
    /// - Parameters:
    ///   - selection: which rejects.
    ///   - withSettled: whether those count that no longer wait.
    ///   - limit: most causes returned.
    /// - Returns: the causes, and how many there are in all.
    /// - Throws: `PostgresError`.
    package func groups(
        _ selection: RejectSelection, withSettled: Bool, limit: Int
    ) throws -> (groups: [RejectGroup], causes: Int) {
        let rows = try postgres.query(
            """
            with groups as (
                select r.feed, r.column_name, r.cause, count(*) as rejects,
                    count(*) filter (where r.state = 'waiting') as waiting,
                    count(*) filter (where r.state = 'dismissed') as dismissed,
                    count(*) filter (where r.state = 'replayed') as replayed,
                    count(*) filter (where r.state = 'superseded') as superseded,
                    count(distinct r.seller_id) as sellers, max(r.reject_id) as example_id,
                    max(r.noticed_at) as newest
                from ingest.reject r
                where (r.state = 'waiting' or $7) and \(RejectSelection.condition)
                group by 1, 2, 3
            ),
            largest as (
                select g.*, count(*) over () as causes from groups g
                order by rejects desc, newest desc, example_id limit $8
            )
            select g.*, to_char(g.newest, \(Self.time)) as newest_text, e.*
            from largest g, lateral (\(Self.records) and r.reject_id = g.example_id) e
            order by g.rejects desc, g.newest desc, g.example_id
            """, selection.parameters + [.bool(withSettled), .int(Int64(limit))])
        let groups = try rows.map { row in
            RejectGroup(
                feed: try row.string("feed"), column: try row.optionalString("column_name"),
                cause: try row.string("cause"), waiting: try row.int("waiting"),
                dismissed: try row.int("dismissed"), replayed: try row.int("replayed"),
                superseded: try row.int("superseded"), sellers: try row.int("sellers"),
                newest: try row.string("newest_text"), example: try RejectedRecord(row))
        }
        return (groups, try rows.first?.int("causes") ?? 0)
    }

    /// Single rejects, the newest first.
    package func records(
        _ selection: RejectSelection, withSettled: Bool, limit: Int
    ) throws -> [RejectedRecord] {
        try postgres.query(
            """
            \(Self.records) and (r.state = 'waiting' or $7 or r.reject_id = any ($1))
                and \(RejectSelection.condition)
            order by r.reject_id desc limit $8
            """, selection.parameters + [.bool(withSettled), .int(Int64(limit))]
        ).map { try RejectedRecord($0) }
    }

    /// How many wait.
    package func waiting(_ selection: RejectSelection) throws -> Int {
        try postgres.query(
            """
            select count(*) as rows from ingest.reject r
            where r.state = 'waiting' and \(RejectSelection.condition)
            """, selection.parameters
        ).only().int("rows")
    }

    /// Ends the waiting of rejects that need not be loaded; they stay, for the auditor.
    ///
    /// - Returns: how many it was.
    package func dismiss(
        _ selection: RejectSelection, note: String, by person: String
    ) throws -> Int {
        try postgres.query(
            """
            update ingest.reject r
            set state = 'dismissed', settled_at = now(), settled_by = $7, note = $8
            where r.state = 'waiting' and \(RejectSelection.condition)
            """, selection.parameters + [.text(person), .text(note)]
        ).affectedRows
    }

    /// Ends in a condition, so that another may follow.
    private static let records = """
        select r.reject_id, s.name as seller, r.feed as record_feed,
            f.bucket || '/' || f.key as file, r.file_line, r.byte_offset,
            r.column_name as record_column, r.cause as record_cause, r.reason, r.raw, r.state,
            to_char(r.noticed_at, \(time)) as noticed_at,
            to_char(r.settled_at, \(time)) as settled_at, r.settled_by, r.note
        from ingest.reject r join ingest.seller s using (seller_id)
        join ingest.version v using (version_id) join ingest.file f using (file_id)
        where true
        """
}

extension RejectedRecord {
    fileprivate init(_ row: PostgresResult.Row) throws {
        id = try row.int64("reject_id")
        seller = try row.string("seller")
        feed = try row.string("record_feed")
        file = try row.string("file")
        fileLine = try row.int("file_line")
        byteOffset = try row.int("byte_offset")
        column = try row.optionalString("record_column")
        cause = try row.string("record_cause")
        reason = try row.string("reason")
        raw = try row.bytes("raw")
        state = try row.string("state")
        noticedAt = try row.string("noticed_at")
        settledAt = try row.optionalString("settled_at")
        settledBy = try row.optionalString("settled_by")
        note = try row.optionalString("note")
    }
}
