internal import Postgres

/// A record that its table would not take.
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
    /// As delivered, without the line end.
    let raw: [UInt8]
}

/// Rejects on their way to the database: held while a COPY runs, because a connection in COPY
/// cannot run another statement, and bounded so that a file of rejects does not fill the memory.
struct RejectBuffer {
    private(set) var rejects: [Reject] = []
    private var bytes = 0

    // A statement of a few megabytes; beyond it the COPY is ended and begun again.
    private static let rejectsMax = 5_000
    private static let bytesMax = 4 << 20

    var isFull: Bool { rejects.count >= Self.rejectsMax || bytes >= Self.bytesMax }
    var isEmpty: Bool { rejects.isEmpty }

    mutating func append(_ reject: Reject) {
        rejects.append(reject)
        bytes += reject.raw.count
    }

    /// Writes what is held into a table that looks like `ingest.reject`, and empties the buffer.
    mutating func write(
        to table: String, sellerID: Int32, feed: String, versionID: Int64,
        on postgres: PostgresConnection
    ) throws {
        guard !rejects.isEmpty else { return }
        try postgres.query(
            """
            insert into \(table) (seller_id, feed, version_id, line, file_line, byte_offset,
                column_name, reason, cause, raw)
            select $1, $2, $3, * from unnest($4::bigint[], $5::bigint[], $6::bigint[],
                $7::text[], $8::text[], $9::text[], $10::text[]::bytea[])
            """,
            [
                .int(Int64(sellerID)), .text(feed), .int(versionID),
                .intArray(rejects.map { Int64($0.line) }),
                .intArray(rejects.map { Int64($0.fileLine) }),
                .intArray(rejects.map { Int64($0.byteOffset) }),
                .textArray(rejects.map(\.column)),
                .textArray(rejects.map(\.reason)),
                .textArray(rejects.map(\.cause)),
                .textArray(rejects.map { hexadecimal($0.raw) }),
            ])
        rejects.removeAll(keepingCapacity: true)
        bytes = 0
    }
}

/// The text form of a `bytea`, as PostgreSQL "Binary Data Types" has it.
func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = Array("\\x".utf8)
    text.reserveCapacity(2 + 2 * bytes.count)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
