package import Postgres

/// What an operator decides about rows that vanished from a rewritten file.
package enum Decision: Sendable {
    /// The newer version is right: the rows are removed from their table.
    case accept
    /// The rows stay for good.
    case keep

    /// Decides about every waiting row of one file, or of all files.
    ///
    /// - Parameters:
    ///   - file: key of the file, with or without its bucket; `nil` for all.
    ///   - person: who decided, as it is recorded beside the rows.
    ///   - postgres: the connection; the decision is one transaction on it.
    /// - Returns: how many rows it was.
    /// - Throws: `PostgresError`.
    package func apply(
        to file: String?, by person: String, on postgres: PostgresConnection
    ) throws -> Int {
        try postgres.transaction {
            let waiting = try postgres.query(
                """
                select distinct v.feed, f.table_schema, f.table_name, v.file_id
                from ingest.vanished v
                join ingest.feed f using (feed)
                join ingest.file i using (file_id)
                where v.decision is null
                    and ($1::text is null or $1 in
                         (i.key, i.bucket || '/' || i.key, 's3://' || i.bucket || '/' || i.key))
                order by v.file_id
                """, [PostgresValue(file)])
            if waiting.isEmpty, let file { try Self.throwUnlessKnown(file, on: postgres) }
            var rows = 0
            for row in waiting {
                let table = [try row.string("table_schema"), try row.string("table_name")]
                    .map(PostgresConnection.quoteIdentifier).joined(separator: ".")
                rows += try decide(
                    fileID: try row.int64("file_id"), table: table, by: person, on: postgres)
            }
            return rows
        }
    }

    /// Zero rows are an answer for a file that there is, and hide a mistyped key otherwise.
    static func throwUnlessKnown(
        _ file: String, on postgres: PostgresConnection
    ) throws {
        let found = try postgres.query(
            """
            select from ingest.file
            where $1 in (key, bucket || '/' || key, 's3://' || bucket || '/' || key)
            """, [.text(file)])
        guard found.isEmpty else { return }
        throw LoadError(
            .stop, "there is no file \(file); name its key as sluice status shows it, or say --all")
    }

    /// Removes exactly the rows that it marks, in one statement: a load that finds a row again at
    /// the same time either is waited for, and the row stays, or finds it gone, and brings it anew.
    private func decide(
        fileID: Int64, table: String, by person: String, on postgres: PostgresConnection
    ) throws -> Int {
        let removal = """
            , removed as (
                delete from \(table) t using decided d
                where t.seller_id = d.seller_id and t.version_id = d.version_id and t.line = d.line
            )
            """
        return try postgres.query(
            """
            with decided as (
                update ingest.vanished set decision = $2, decided_at = now(), decided_by = $3
                where file_id = $1 and decision is null
                returning seller_id, version_id, line
            )\(self == .accept ? removal : "")
            select count(*) as rows from decided
            """,
            [.int(fileID), .text(self == .accept ? "accepted" : "kept"), .text(person)]
        ).only().int("rows")
    }
}
