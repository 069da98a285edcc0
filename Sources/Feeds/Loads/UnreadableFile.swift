internal import Postgres

/// A file whose bytes cannot be had for now, however often that is tried.
///
/// No load of it has failed: that would be told again at every sweep, and would bring its message
/// to the dead letters. It is a finding, which ends when the file can be read.
package struct UnreadableFile: Sendable, Equatable {
    /// Raw values are those of `ingest.file.unreadable`.
    package enum Cause: String, Sendable {
        /// Its bytes are in an archive until somebody has them restored.
        case archived
        /// It was listed or announced, and is no longer there.
        case gone
    }

    package let cause: Cause
    /// Which file, why, and what to do.
    package let reason: String
    /// Whether the ledger did not have it yet.
    package let isNew: Bool
}

extension UnreadableFile {
    /// Notes in the ledger what a store said of the file; the caller holds the file's lock.
    ///
    /// - Parameters:
    ///   - error: what the store said.
    ///   - file: of what.
    ///   - fileID: its row in `ingest.file`.
    ///   - announced: ETag of the version that a message told of, where one did.
    ///   - postgres: the connection that holds the lock.
    /// - Returns: nil where the file is gone and all that is known of it is in its table.
    /// - Throws: the error itself where it says anything else; `PostgresError`.
    static func noted(
        _ error: StoreError, of file: File, _ fileID: Int64, announced: String?,
        on postgres: PostgresConnection
    ) throws -> UnreadableFile? {
        let cause: Cause
        var reason = error.description
        switch error.kind {
        case .archived: cause = .archived
        case .missing:
            guard try !isLoaded(fileID, announced: announced, on: postgres) else { return nil }
            cause = .gone
            reason = goneReason(of: file)
        default: throw error
        }
        // `failed_at` stays while the cause does: it says since when.
        let row = try postgres.query(
            """
            with before as (
                select file_id, unreadable from ingest.file where file_id = $1 for update
            )
            update ingest.file f
            set failure = $2, unreadable = $3,
                failed_at = case when b.unreadable = $3 then f.failed_at
                    else clock_timestamp() end
            from before b where f.file_id = b.file_id
            returning b.unreadable is distinct from $3 as is_new
            """, [.int(fileID), .text(reason), .text(cause.rawValue)]
        ).only()
        return UnreadableFile(cause: cause, reason: reason, isNew: try row.bool("is_new"))
    }

    /// Whether the newest version that is known of was read to its end.
    private static func isLoaded(
        _ fileID: Int64, announced: String?, on postgres: PostgresConnection
    ) throws -> Bool {
        try postgres.query(
            """
            select is_complete and failure is null and ($2::text is null or exists (
                select from ingest.version v where v.file_id = f.file_id and v.etag = $2))
                as is_loaded
            from ingest.file f where file_id = $1
            """, [.int(fileID), PostgresValue(announced)]
        ).only().bool("is_loaded")
    }

    private static func goneReason(of file: File) -> String {
        "\(file): is not there, or no longer, and its newest version was not loaded. Put it back "
            + "if the bucket keeps older versions, or ask AWS for it; the bucket's lifecycle rules "
            + "must leave files longer than a worker may be away"
    }
}
