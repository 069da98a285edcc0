internal import Postgres

/// How much of a file is in its table: the row of `ingest.file`.
package struct Checkpoint: Sendable, Equatable {
    package let fileID: Int64
    /// The feed whose table holds the file's rows.
    package let feed: String
    /// Records dealt with, rejects counted, the header not.
    package let rows: Int
    /// Decompressed bytes that the header and those records take.
    package let bytes: Int
    /// Physical lines in those bytes.
    package let lines: Int
    /// SHA-256 of exactly those bytes; `nil` until something was loaded.
    package let digest: [UInt8]?
    /// The version that was last read, and its row in `ingest.version`.
    package let version: FileVersion?
    package let versionID: Int64?
    /// Whether that version was read to its end.
    package let isComplete: Bool
    /// What else the ledger has of the file.
    let ledger: FileLedger

    /// Whether everything of the version is in the table, so that it need not be fetched.
    package func covers(_ version: FileVersion) -> Bool {
        isComplete && self.version?.isSame(as: version) == true
    }
}

extension Checkpoint {
    /// The file's checkpoint; the caller holds its lock, and so it has its row in `ingest.file`.
    static func of(_ file: File, on postgres: PostgresConnection) throws -> Checkpoint {
        guard let checkpoint = try find(file, on: postgres) else {
            throw LoadError(.retry, "\(file): its row in ingest.file was removed meanwhile")
        }
        return checkpoint
    }

    /// Gives the file to a feed.
    ///
    /// Called where none of its rows is in a table yet, or in the transaction that moves them.
    func assign(to feed: Feed, on postgres: PostgresConnection) throws {
        try Self.assign(fileID, to: feed, on: postgres)
    }

    static func assign(
        _ fileID: Int64, to feed: Feed, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            "update ingest.file set feed = $2 where file_id = $1",
            [.int(fileID), .text(feed.name)])
        try postgres.query(
            "update ingest.vanished set feed = $2 where file_id = $1",
            [.int(fileID), .text(feed.name)])
        try postgres.query(
            """
            update ingest.reject set feed = $2
            where version_id in (select version_id from ingest.version where file_id = $1)
                and feed <> $2
            """, [.int(fileID), .text(feed.name)])
    }

    /// Notes why nothing could be learned of the file's newest version.
    func recordFailure(_ error: LoadError, on postgres: PostgresConnection) throws {
        guard error.disposition != .stop else { return }
        try postgres.query(
            """
            update ingest.file
            set failure = $2, failed_at = clock_timestamp(), unreadable = null
            where file_id = $1
            """, [.int(fileID), .text(error.description)])
    }

    /// The newest version is in the table after all: an older attempt's failure is history.
    func clearFailure(on postgres: PostgresConnection) throws {
        try postgres.query(
            """
            update ingest.file set failure = null, failed_at = null, unreadable = null
            where file_id = $1 and failure is not null
            """, [.int(fileID)])
    }

    private static func find(_ file: File, on postgres: PostgresConnection) throws -> Checkpoint? {
        let result = try postgres.query(
            """
            select f.file_id, f.feed, f.rows, f.bytes, f.lines, f.digest, f.version_id, f.is_complete,
                v.etag, v.s3_version_id, v.size, v.last_modified, \(FileLedger.columns)
            from ingest.file f left join ingest.version v using (version_id)
            where f.seller_id = $1 and f.bucket = $2 and f.key = $3
            """, [.int(Int64(file.sellerID)), .text(file.bucket), .text(file.key)])
        guard let row = result.first else { return nil }
        return Checkpoint(
            fileID: try row.int64("file_id"),
            feed: try row.string("feed"),
            rows: try row.int("rows"),
            bytes: try row.int("bytes"),
            lines: try row.int("lines"),
            digest: try row.optionalBytes("digest"),
            version: try row.optionalString("etag").map { eTag in
                FileVersion(
                    eTag: eTag, versionID: try row.optionalString("s3_version_id"),
                    size: try row.int("size"),
                    lastModified: try row.optionalString("last_modified"))
            },
            versionID: try row.optionalInt64("version_id"),
            isComplete: try row.bool("is_complete"),
            ledger: try FileLedger(row))
    }
}

/// Where a load has got to: what the next checkpoint will say.
package struct Progress: Sendable, Equatable {
    package var rows = 0
    package var bytes = 0
    package var lines = 0
    package var digest: [UInt8] = []
}
