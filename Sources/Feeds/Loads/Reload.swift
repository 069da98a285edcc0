package import Postgres

/// Files that are to be read again from the start, and the feeds that their rows go to.
package struct Reload: Sendable {
    package struct Entry: Sendable {
        package let file: File
        package let feed: Feed
        /// The feed whose table holds the rows now.
        package let origin: String
    }

    /// Which files are wanted.
    package enum Selection: Sendable {
        /// Those whose key belongs to another feed than their rows do.
        case moved
        /// Those of feeds by name, and those that move to or from them.
        case feeds(Set<String>)
        /// One file, by its key, with or without its bucket.
        case file(String)
    }

    package private(set) var entries: [Entry] = []
    /// Files that match no feed any more; their rows stay where they are.
    package private(set) var unmatched: [String] = []

    // Keys looked up in one statement.
    private static let keysPerQuery: Int64 = 1_000

    /// Looks through the ledger.
    ///
    /// - Parameters:
    ///   - selection: which files.
    ///   - seller: whose files; `nil` for all sellers'.
    ///   - postgres: the connection.
    /// - Throws: ``LoadError`` when a file is named that there is not; `PostgresError`.
    package init(
        _ selection: Selection, of seller: Seller? = nil, on postgres: PostgresConnection
    ) throws {
        var after: Int64 = 0
        while true {
            let rows = try Self.rows(selection, seller, after: after, on: postgres)
            guard let last = rows.last else { break }
            after = last.fileID
            let feeds = try Feed.matching(rows.map(\.file.key), on: postgres)
            for row in rows { add(row, feeds[ExactText(row.file.key)], selection) }
        }
        if case .file(let name) = selection, entries.isEmpty, unmatched.isEmpty {
            throw LoadError(
                .stop, "there is no file \(name); name its key as sluice status shows it")
        }
        entries.sort {
            ($0.origin, $0.feed.name, ExactText($0.file.key))
                < ($1.origin, $1.feed.name, ExactText($1.file.key))
        }
    }

    private mutating func add(_ row: Row, _ feed: Feed?, _ selection: Selection) {
        guard let feed else {
            unmatched.append(row.file.description)
            return
        }
        let isWanted =
            switch selection {
            case .moved: feed.name != row.origin
            case .feeds(let names): names.contains(feed.name) || names.contains(row.origin)
            case .file: true
            }
        if isWanted { entries.append(Entry(file: row.file, feed: feed, origin: row.origin)) }
    }

    private struct Row {
        let fileID: Int64
        let file: File
        let origin: String
    }

    private static func rows(
        _ selection: Selection, _ seller: Seller?, after fileID: Int64,
        on postgres: PostgresConnection
    ) throws -> [Row] {
        var name: String?
        if case .file(let text) = selection { name = text }
        return try postgres.query(
            """
            select file_id, seller_id, bucket, key, feed from ingest.file
            where file_id > $1 and ($2::bigint is null or seller_id = $2)
                and ($3::text is null or $3 in (key, bucket || '/' || key, 's3://' || bucket || '/' || key))
            order by file_id limit $4
            """,
            [
                .int(fileID), PostgresValue(seller.map { Int64($0.id) }), PostgresValue(name),
                .int(keysPerQuery),
            ]
        ).map { row in
            Row(
                fileID: try row.int64("file_id"),
                file: File(
                    sellerID: Int32(try row.int("seller_id")), bucket: try row.string("bucket"),
                    key: try row.string("key")),
                origin: try row.string("feed"))
        }
    }
}
