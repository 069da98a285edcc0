internal import Postgres

/// The rows of `ingest.version` and `ingest.load` that tell of one load.
struct LoadRecord {
    let fileID: Int64
    let versionID: Int64
    let loadID: Int64

    /// Notes that a load begins, and that earlier ones of the file did not end by themselves.
    ///
    /// Committed by itself, and without waiting for the disk: losing it in a crash loses a note, no
    /// row. The caller holds the file's lock.
    static func begin(
        _ checkpoint: Checkpoint, _ version: FileVersion, worker: String,
        isRewrite: Bool, on postgres: PostgresConnection
    ) throws -> LoadRecord {
        try postgres.transaction {
            try postgres.execute("set local synchronous_commit = off")
            try postgres.query(
                """
                update ingest.load
                set outcome = 'interrupted', finished_at = now(),
                    failure = 'the process or its connection ended before the load did'
                where file_id = $1 and outcome = 'running'
                """, [.int(checkpoint.fileID)])
            let versionID =
                try reusable(checkpoint, version, isRewrite: isRewrite, on: postgres)
                ?? create(checkpoint, version, on: postgres)
            let loadID = try postgres.query(
                """
                insert into ingest.load (file_id, version_id, worker) values ($1, $2, $3)
                returning load_id
                """, [.int(checkpoint.fileID), .int(versionID), .text(worker)]
            ).only().int64("load_id")
            return LoadRecord(fileID: checkpoint.fileID, versionID: versionID, loadID: loadID)
        }
    }

    /// The newest version row, if it is this version and no row of a table could clash with it:
    /// nothing was ever loaded from it, or this load goes on where the checkpoint is in it.
    private static func reusable(
        _ checkpoint: Checkpoint, _ version: FileVersion, isRewrite: Bool,
        on postgres: PostgresConnection
    ) throws -> Int64? {
        try postgres.query(
            """
            select v.version_id
            from (select * from ingest.version where file_id = $1
                  order by version_id desc limit 1) v
            where v.etag = $2 and v.s3_version_id is not distinct from $3 and v.size = $4
                and ((v.version_id = $5 and not $6 and not $7)
                     or not exists (select from ingest.load l
                                    where l.version_id = v.version_id
                                        and l.rows_loaded + l.rows_rejected > 0))
            """,
            [
                .int(checkpoint.fileID), .text(version.eTag), PostgresValue(version.versionID),
                .int(Int64(version.size)), PostgresValue(checkpoint.versionID),
                .bool(checkpoint.isComplete), .bool(isRewrite),
            ]
        ).first?.int64("version_id")
    }

    private static func create(
        _ checkpoint: Checkpoint, _ version: FileVersion, on postgres: PostgresConnection
    ) throws -> Int64 {
        try postgres.query(
            """
            insert into ingest.version (file_id, etag, s3_version_id, size, last_modified)
            values ($1, $2, $3, $4, $5) returning version_id
            """,
            [
                .int(checkpoint.fileID), .text(version.eTag), PostgresValue(version.versionID),
                .int(Int64(version.size)), PostgresValue(version.lastModified),
            ]
        ).only().int64("version_id")
    }

    /// Keeps the titles with the version, for whoever reads its rejects again.
    func keep(header titles: [String], on postgres: PostgresConnection) throws {
        try postgres.query(
            "update ingest.version set header = $2 where version_id = $1 and header is null",
            [.int(versionID), .textArray(titles)])
    }

    /// Moves checkpoint and counts, in the transaction that holds the rows they speak of.
    ///
    /// - Parameters:
    ///   - progress: how far the content is in the table now.
    ///   - outcome: what the load came to so far; counts are those of the whole load.
    ///   - isFinal: whether the version was read to its end.
    ///   - position: where the checkpoint must be now.
    ///   - feed: whose table must be the one that the rows go to.
    ///   - postgres: the connection with that transaction open.
    /// - Throws: ``CheckpointMoved``, `PostgresError`.
    func advance(
        to progress: Progress, _ outcome: Outcome, isFinal: Bool, from position: Position,
        in feed: Feed, on postgres: PostgresConnection
    ) throws {
        let moved = try postgres.query(
            """
            with checkpoint as (
                update ingest.file
                set rows = $2, bytes = $3, lines = $4, digest = $5, version_id = $6,
                    is_complete = $7, failure = null, failed_at = null, unreadable = null
                where file_id = $1 and version_id is not distinct from $17 and rows = $18
                    and bytes = $19 and digest is not distinct from $20::bytea and feed = $21
                returning file_id
            )
            update ingest.load l
            set outcome = $9, failure = null, rows_read = $10, rows_loaded = $11, rows_rejected = $12,
                rows_standing = $13, rows_removed = $14, rows_vanished = $15, bytes_read = $16,
                finished_at = case when $7 then clock_timestamp() end
            from checkpoint c
            where l.load_id = $8 and l.file_id = c.file_id
            """,
            [
                .int(fileID), .int(Int64(progress.rows)), .int(Int64(progress.bytes)),
                .int(Int64(progress.lines)), .bytes(progress.digest), .int(versionID),
                .bool(isFinal), .int(loadID),
                .text(isFinal ? outcome.kind.rawValue : "running"),
                .int(Int64(outcome.rowsRead)), .int(Int64(outcome.rowsLoaded)),
                .int(Int64(outcome.rowsRejected)), .int(Int64(outcome.rowsStanding)),
                .int(Int64(outcome.rowsRemoved)), .int(Int64(outcome.rowsVanished)),
                .int(Int64(outcome.bytesRead)),
            ] + position.parameters + [.text(feed.name)])
        guard moved.affectedRows == 1 else { throw CheckpointMoved() }
    }

    /// Forgets a load that turned out to be of another kind before it did anything.
    ///
    /// - Returns: whether it had done nothing.
    func discard(on postgres: PostgresConnection) throws -> Bool {
        try postgres.query(
            "delete from ingest.load where load_id = $1 and rows_read = 0", [.int(loadID)]
        ).affectedRows == 1
    }

    /// Notes why the load ended early; what it had committed stands.
    ///
    /// A failure is the file's, and is noted there too; otherwise it was merely interrupted.
    func end(
        _ error: LoadError, isFailure: Bool, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            with failed as (
                update ingest.file
                set failure = $3, failed_at = clock_timestamp(), unreadable = null
                where file_id = $4 and $2 = 'failed'
            )
            update ingest.load set outcome = $2, failure = $3, finished_at = clock_timestamp()
            where load_id = $1 and outcome = 'running'
            """,
            [
                .int(loadID), .text(isFailure ? "failed" : "interrupted"),
                .text(error.description), .int(fileID),
            ])
    }
}
