internal import Postgres

/// Files that are the same delivery: one month of a feed, or one data set of a day, in two places.
///
/// One of them counts, whichever came first.
enum Copies {
    /// What a file is among its copies.
    enum Standing {
        /// Its rows are to be in the table, and those of these files are not.
        case counts(others: [Int64])
        /// That file's rows are in the table, and its own are not.
        case aside(fileID: Int64)
    }

    /// Whether the file counts, if its newest version is this one.
    ///
    /// The caller holds the lock of the delivery.
    static func standing(
        of checkpoint: Checkpoint, _ version: FileVersion, on postgres: PostgresConnection
    ) throws -> Standing {
        guard checkpoint.ledger.hasCopies else { return .counts(others: []) }
        let fileID = checkpoint.fileID
        let result = try postgres.query(
            "select file_id, holds_place from ingest.copies($1, $2)",
            [.int(fileID), PostgresValue(version.lastModified)])
        var others: [Int64] = []
        for (index, row) in result.enumerated() {
            let found = try row.int64("file_id")
            if index == 0, found != fileID { return .aside(fileID: found) }
            if found != fileID, try row.bool("holds_place") { others.append(found) }
        }
        return .counts(others: others)
    }

    /// Removes the rows of files from the feed's table, and lists them as copies of the one that
    /// counts, in the transaction that is open.
    ///
    /// - Returns: how many rows were removed.
    static func standAside(
        _ fileIDs: [Int64], for fileID: Int64, of feed: Feed, sellerID: Int32,
        on postgres: PostgresConnection
    ) throws -> Int {
        guard !fileIDs.isEmpty else { return 0 }
        let files: [PostgresValue] = [.int(Int64(sellerID)), .intArray(fileIDs)]
        let removed = try removeRows(files, of: feed, on: postgres)
        try postgres.query(
            """
            update ingest.file
            set stands_aside_for = nullif($3, file_id), rows = 0, bytes = 0, lines = 0,
                digest = null
            where seller_id = $1 and file_id = any($2)
            """, files + [.int(fileID)])
        return removed
    }

    /// The loader's role may delete nothing of a log unless an operator lets it: where nothing was
    /// loaded, nothing is asked of it.
    private static func removeRows(
        _ files: [PostgresValue], of feed: Feed, on postgres: PostgresConnection
    ) throws -> Int {
        let versions = "select version_id from ingest.version where file_id = any($2)"
        let loaded = try postgres.query(
            """
            select from ingest.file
            where seller_id = $1 and file_id = any($2) and digest is not null limit 1
            """, files)
        guard !loaded.isEmpty else { return 0 }
        try postgres.query(
            """
            delete from ingest.reject
            where seller_id = $1 and version_id in (\(versions)) and state <> 'dismissed'
            """, files)
        if feed.kind == .log {
            try postgres.query(
                """
                delete from ingest.vanished
                where seller_id = $1 and file_id = any($2) and decision is null
                """, files)
        }
        return try postgres.query(
            "delete from \(feed.table) where seller_id = $1 and version_id in (\(versions))", files
        ).affectedRows
    }

    /// The file counts from now on, in the transaction that is open.
    static func count(_ fileID: Int64, on postgres: PostgresConnection) throws {
        try postgres.query(
            """
            update ingest.file set stands_aside_for = null
            where file_id = $1 and stands_aside_for is not null
            """, [.int(fileID)])
    }
}

extension LoadRecord {
    /// Notes that the version is not read because another file is the same delivery; the rows of
    /// an older version of it leave the table.
    func standAside(
        for fileID: Int64, of feed: Feed, sellerID: Int32, from checkpoint: Checkpoint,
        on postgres: PostgresConnection
    ) throws -> Outcome {
        try postgres.transaction {
            var outcome = Outcome(.aside)
            let held = try postgres.query(
                """
                select from ingest.file
                where file_id = $1 and version_id is not distinct from $2 and rows = $3
                    and bytes = $4 and digest is not distinct from $5::bytea
                for update
                """, [.int(self.fileID)] + Position(of: checkpoint).parameters)
            guard !held.isEmpty else { throw CheckpointMoved() }
            outcome.rowsRemoved = try Copies.standAside(
                [self.fileID], for: fileID, of: feed, sellerID: sellerID, on: postgres)
            try advance(
                to: Progress(), outcome, isFinal: true, from: Position(emptied: checkpoint),
                in: feed, on: postgres)
            try postgres.query(
                "update ingest.file set digest = null where file_id = $1", [.int(self.fileID)])
            return outcome
        }
    }
}
