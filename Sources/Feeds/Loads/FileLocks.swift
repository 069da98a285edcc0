internal import Postgres

/// What is locked while a file is loaded: the file, and whatever is the same delivery.
struct FileLocks {
    let fileID: Int64
    /// Names the file's delivery among other locks: copies are loaded one after the other.
    let deliveryKey: Int64

    private static let columns = """
        file_id,
        hashtextextended(concat_ws(':', 'sluice delivery', seller_id, ingest.delivery(key)), 0)
            as delivery_key
        """

    /// Finds them; the file gets its row in `ingest.file` if it has none.
    static func of(
        _ file: File, feed: Feed, on postgres: PostgresConnection
    ) throws -> FileLocks {
        let name: [PostgresValue] = [
            .int(Int64(file.sellerID)), .text(file.bucket), .text(file.key),
        ]
        let found = """
            select \(columns) from ingest.file where seller_id = $1 and bucket = $2 and key = $3
            """
        let row =
            try postgres.query(found, name).first
            ?? postgres.query(
                """
                insert into ingest.file (seller_id, bucket, key, feed) values ($1, $2, $3, $4)
                on conflict (seller_id, bucket, key) do nothing returning \(columns)
                """, name + [.text(feed.name)]
            ).first
            // Another worker was first.
            ?? postgres.query(found, name).only()
        return FileLocks(
            fileID: try row.int64("file_id"), deliveryKey: try row.int64("delivery_key"))
    }
}
