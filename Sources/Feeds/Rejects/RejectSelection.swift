package import Postgres

/// Which rejects a person means.
package struct RejectSelection: Sendable {
    package var ids: [Int64] = []
    package var seller: String?
    package var feed: String?
    package var column: String?
    /// What was wrong, as `ingest.reject.cause` has it.
    package var cause: String?
    /// Key of the file, with or without its bucket.
    package var file: String?

    package init() {}

    /// Whether nothing narrows it down.
    package var isEverything: Bool {
        ids.isEmpty && [seller, feed, column, cause, file].allSatisfy { $0 == nil }
    }

    /// How many parameters ``condition`` takes, from `$1` on.
    static let parameterCount = 6

    /// A condition on `ingest.reject r`.
    static let condition = """
        ($1::bigint[] is null or r.reject_id = any ($1))
        and ($2::text is null
             or r.seller_id = (select seller_id from ingest.seller where name = $2))
        and ($3::text is null or r.feed = $3)
        and ($4::text is null or r.column_name = $4)
        and ($5::text is null or r.cause = $5)
        and ($6::text is null or r.version_id in (
            select v.version_id from ingest.version v join ingest.file f using (file_id)
            where $6 in (f.key, f.bucket || '/' || f.key, 's3://' || f.bucket || '/' || f.key)))
        """

    /// Waiting, or dismissed and now named by its id: a decision may be thought over.
    static let isOpen =
        "(r.state = 'waiting' or (r.state = 'dismissed' and r.reject_id = any ($1)))"

    var parameters: [PostgresValue] {
        [
            ids.isEmpty ? .null : .intArray(ids), PostgresValue(seller), PostgresValue(feed),
            PostgresValue(column), PostgresValue(cause), PostgresValue(file),
        ]
    }

    /// Sees to it that what a person names is there, for nothing found hides a mistyped name.
    ///
    /// - Throws: ``LoadError`` that says what there is.
    package func throwUnlessKnown(on postgres: PostgresConnection) throws {
        if let feed { try Feed.throwUnlessKnown([feed], on: postgres) }
        if let seller { _ = try Seller.chosen(seller, on: postgres) }
        if let file { try Decision.throwUnlessKnown(file, on: postgres) }
        if !ids.isEmpty {
            let unknown = try postgres.query(
                """
                select i.id from unnest($1::bigint[]) as i (id)
                where not exists (select from ingest.reject where reject_id = i.id) limit 1
                """, [.intArray(ids)])
            if let row = unknown.first {
                throw LoadError(
                    .stop,
                    "there is no reject \(try row.int64("id")); sluice rejects show lists the ids")
            }
        }
    }
}
