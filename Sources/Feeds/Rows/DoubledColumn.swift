internal import Postgres

/// Two titles of one column: the first is the column, the other stays in `extra`.
struct DoubledColumn {
    let column: String
    let first: Int
    let other: Int
    /// Name of the other in `extra`.
    let title: String
}

/// In how many rows the two differ, and in which first.
struct Difference {
    var rows = 0
    var firstLine = 0

    mutating func add(line: Int) {
        if rows == 0 { firstLine = line }
        rows += 1
    }
}

extension LoadContext {
    /// Notes in which rows titles of one column differ, in the transaction of the rows.
    ///
    /// - Parameters:
    ///   - differences: what a writer found.
    ///   - isWhole: whether the rows are the whole file, or come to those that are there.
    /// - Throws: `PostgresError`.
    func note(_ differences: [(DoubledColumn, Difference)], isWhole: Bool) throws {
        try DoubledColumn.note(
            differences, isWhole: isWhole, sellerID: file.sellerID, feed: feed.name,
            fileID: record.fileID, versionID: record.versionID, on: postgres)
    }
}

extension DoubledColumn {
    static func note(
        _ differences: [(DoubledColumn, Difference)], isWhole: Bool, sellerID: Int32,
        feed: String, fileID: Int64, versionID: Int64, on postgres: PostgresConnection
    ) throws {
        if isWhole {
            try postgres.query(
                "delete from ingest.doubled_column where file_id = $1", [.int(fileID)])
        }
        for (pair, difference) in differences where difference.rows > 0 {
            try postgres.query(
                """
                insert into ingest.doubled_column as d (seller_id, feed, file_id, column_name,
                    title, rows, version_id, line)
                values ($1, $2, $3, $4, $5, $6, $7, $8)
                on conflict (seller_id, file_id, column_name, title) do update
                    set rows = d.rows + excluded.rows
                """,
                [
                    .int(Int64(sellerID)), .text(feed), .int(fileID), .text(pair.column),
                    .text(pair.title), .int(Int64(difference.rows)), .int(versionID),
                    .int(Int64(difference.firstLine)),
                ])
        }
    }
}
