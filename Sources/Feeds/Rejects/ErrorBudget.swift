package import Postgres

/// How many rejects one load of a feed may have: its row of `ingest.reject_budget`.
package struct ErrorBudget: Sendable, Equatable {
    /// `nil` for any number.
    package let rowsMax: Int?
    /// Part of the records of the load, in billionths; `nil` for any part.
    package let shareMaxBillionths: Int?

    private static let whole = 1_000_000_000

    /// Before so many records a share says little: one bad record of ten is a tenth of them.
    static let rowsBeforeShare = 10_000

    /// The budget of a feed; `nil` where none was set.
    package static func of(
        _ feed: Feed, on postgres: PostgresConnection
    ) throws -> ErrorBudget? {
        let row = try postgres.query(
            """
            select rows_max, (share_max * \(whole))::bigint as billionths
            from ingest.reject_budget where feed = $1
            """, [.text(feed.name)]
        ).first
        return try row.map { row in
            ErrorBudget(
                rowsMax: try row.optionalInt("rows_max"),
                shareMaxBillionths: try row.optionalInt("billionths"))
        }
    }

    /// Whether so many rejects are too many, whatever else the load has.
    func isExceeded(byRows rejected: Int) -> Bool {
        rowsMax.map { rejected > $0 } ?? false
    }

    /// Whether they are too large a part of the records.
    func isExceeded(byRows rejected: Int, of rows: Int) -> Bool {
        guard let shareMaxBillionths else { return false }
        let (part, allowed) = (
            rejected.multipliedFullWidth(by: Self.whole),
            rows.multipliedFullWidth(by: shareMaxBillionths)
        )
        return (part.high, part.low) > (allowed.high, allowed.low)
    }

    /// As a message says it.
    package var description: String {
        let share = shareMaxBillionths.map { billionths in
            let (percent, rest) = billionths.quotientAndRemainder(dividingBy: Self.whole / 100)
            let decimals = String(String(Self.whole / 100 + rest).dropFirst())
                .trimmingZerosAtEnd
            return "\(percent)\(decimals.isEmpty ? "" : "." + decimals) % of the records"
        }
        return [rowsMax.map { "\($0) records" }, share].compactMap { $0 }
            .joined(separator: " and ")
    }
}

extension String {
    fileprivate var trimmingZerosAtEnd: String {
        let end = lastIndex { $0 != "0" }.map { index(after: $0) } ?? startIndex
        return String(self[..<end])
    }
}

extension ErrorBudget {
    /// Judges a rewritten file, of which only the comparison with the table tells what is new.
    ///
    /// - Throws: ``BudgetExceeded``.
    func judge(
        rejected: Int, of rows: Int, _ record: LoadRecord, _ feed: Feed,
        on postgres: PostgresConnection
    ) throws {
        let isExceeded = isExceeded(byRows: rejected) || isExceeded(byRows: rejected, of: rows)
        guard isExceeded else { return }
        let causes = try postgres.query(
            """
            select column_name, cause, count(*) as rows, min(file_line) as file_line
            from ingest.reject where version_id = $1
            group by 1, 2 order by 3 desc, 4
            """, [.int(record.versionID)]
        ).map { row in
            RejectTally.Count(
                cause: .init(
                    column: try row.optionalString("column_name"), text: try row.string("cause")),
                rows: try row.int("rows"), fileLine: try row.int("file_line"))
        }
        throw BudgetExceeded(
            feed: feed.name, budget: self, rejected: rejected, rows: rows, isEarly: false,
            causes: causes)
    }
}

// MARK: Setting it

extension ErrorBudget {
    /// Sets a feed's budget, or takes it away; loads that begin after that obey it.
    ///
    /// - Parameters:
    ///   - feed: its name.
    ///   - rowsMax: most rejects of one load; `nil` for any number.
    ///   - shareMax: largest part of a load's records, a decimal from 0 to 1; `nil` for any part.
    ///   - person: who sets it.
    ///   - postgres: the connection.
    /// - Throws: `PostgresError`.
    package static func set(
        feed: String, rowsMax: Int?, shareMax: String?, by person: String,
        on postgres: PostgresConnection
    ) throws {
        guard rowsMax != nil || shareMax != nil else {
            try postgres.query("delete from ingest.reject_budget where feed = $1", [.text(feed)])
            return
        }
        try postgres.query(
            """
            insert into ingest.reject_budget (feed, rows_max, share_max, set_by)
            values ($1, $2, $3, $4)
            on conflict (feed) do update
                set rows_max = excluded.rows_max, share_max = excluded.share_max,
                    set_at = now(), set_by = excluded.set_by
            """,
            [
                .text(feed), PostgresValue(rowsMax.map(Int64.init)), PostgresValue(shareMax),
                .text(person),
            ])
    }

    /// All budgets, by feed.
    package static func all(
        on postgres: PostgresConnection
    ) throws -> [(feed: String, budget: ErrorBudget)] {
        try postgres.query(
            """
            select feed, rows_max, (share_max * \(whole))::bigint as billionths
            from ingest.reject_budget order by feed
            """
        ).map { row in
            (
                try row.string("feed"),
                ErrorBudget(
                    rowsMax: try row.optionalInt("rows_max"),
                    shareMaxBillionths: try row.optionalInt("billionths"))
            )
        }
    }
}
