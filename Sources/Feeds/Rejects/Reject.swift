internal import Postgres

/// Why and where a record was refused by its table.
struct Reject {
    /// Which record of the version.
    let line: Int
    /// Physical line and byte offset in the decompressed content.
    let fileLine: Int
    let byteOffset: Int
    /// `nil` where the record as a whole is at fault.
    let column: String?
    let reason: String
    /// The reason without the value: equal for records that one fix will mend.
    let cause: String
}

/// Rejects on their way to the database, encoded: held while a COPY runs, because a connection in
/// COPY cannot begin another, and bounded so that a file of rejects does not fill the memory.
struct RejectBuffer: ~Copyable {
    private var rows = BinaryRow(capacity: 0)
    private var count = 0
    private let sellerID: Int32
    private let feed: [UInt8]
    private let versionID: Int64

    // A few megabytes; beyond it the COPY of the rows is ended and begun again.
    private static let rejectsMax = 5_000
    private static let bytesMax = 4 << 20

    private static let columns = [
        "seller_id", "feed", "version_id", "line", "file_line", "byte_offset", "column_name",
        "reason", "cause", "raw",
    ]

    init(sellerID: Int32, feed: String, versionID: Int64) {
        self.sellerID = sellerID
        self.feed = Array(feed.utf8)
        self.versionID = versionID
    }

    var isFull: Bool { count >= Self.rejectsMax || rows.byteCount >= Self.bytesMax }

    /// Takes a reject and its record as delivered, which is lent.
    mutating func append(_ reject: Reject, raw: RawSpan) {
        let feed = feed
        rows.begin(fields: Self.columns.count)
        rows.append(int32: sellerID)
        rows.append(text: feed.span.bytes)
        rows.append(int64: versionID)
        rows.append(int64: Int64(reject.line))
        rows.append(int64: Int64(reject.fileLine))
        rows.append(int64: Int64(reject.byteOffset))
        if let column = reject.column {
            rows.append(text: column.utf8Span.span.bytes)
        } else {
            rows.appendNull()
        }
        rows.append(text: reject.reason.utf8Span.span.bytes)
        rows.append(text: reject.cause.utf8Span.span.bytes)
        // The binary form of a bytea is its bytes.
        rows.append(text: raw)
        count += 1
    }

    /// Writes what is held into a table that looks like `ingest.reject`, and empties the buffer.
    mutating func write(to table: String, on postgres: PostgresConnection) throws {
        guard count > 0 else { return }
        let list = Self.columns.joined(separator: ", ")
        let copy = try postgres.copyIn("copy \(table) (\(list)) from stdin (format binary)")
        try rows.flush(to: copy)
        _ = try copy.finish()
        count = 0
    }
}
