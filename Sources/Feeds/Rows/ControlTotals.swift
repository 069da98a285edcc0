internal import Postgres

/// What the rows of a load add up to, per money column and currency; exact.
struct ControlTotals {
    struct Entry {
        let column: String
        let currency: [UInt8]
        var sum = DecimalSum()
        var rows = 0
    }

    private(set) var entries: [Entry] = []

    /// Bytes of the longest text that counts as a currency; codes have three.
    static let currencyBytesMax = 8
    /// What every other text counts as, so that a column that slipped costs neither memory nor time.
    static let noCurrency = "?"
    // A seller has a handful.
    private static let entriesMax = 64

    /// Adds an amount as it was just encoded.
    ///
    /// Allocates only for a currency not seen before.
    mutating func add(_ amount: RawSpan, column: String, currency: RawSpan) {
        let index =
            entries.firstIndex { $0.column == column && equal($0.currency, currency) }
            ?? newEntry(column, currency)
        entries[index].sum.add(encoded: amount)
        entries[index].rows += 1
    }

    private mutating func newEntry(_ column: String, _ currency: RawSpan) -> Int {
        guard currency.byteCount <= Self.currencyBytesMax, entries.count < Self.entriesMax else {
            let code = Array(Self.noCurrency.utf8)
            let known = entries.firstIndex { $0.column == column && $0.currency == code }
            return known ?? append(Entry(column: column, currency: code))
        }
        return append(Entry(column: column, currency: currency.withUnsafeBytes { Array($0) }))
    }

    private mutating func append(_ entry: Entry) -> Int {
        entries.append(entry)
        return entries.count - 1
    }

    /// Adds what is held to `ingest.load_total`, and starts again from nothing.
    mutating func write(loadID: Int64, on postgres: PostgresConnection) throws {
        guard !entries.isEmpty else { return }
        try postgres.query(
            """
            insert into ingest.load_total as t (load_id, column_name, currency, amount, rows)
            select $1, * from unnest($2::text[], $3::text[], $4::text[]::numeric[], $5::bigint[])
            on conflict (load_id, column_name, currency) do update
                set amount = t.amount + excluded.amount, rows = t.rows + excluded.rows
            """,
            [
                .int(loadID), .textArray(entries.map(\.column)),
                .textArray(entries.map { String(decoding: $0.currency, as: UTF8.self) }),
                .textArray(entries.map { $0.sum.description }),
                .intArray(entries.map { Int64($0.rows) }),
            ])
        entries.removeAll(keepingCapacity: true)
    }
}

extension ControlTotals {
    /// Writes what rows in the feed's table add up to.
    ///
    /// - Parameters:
    ///   - context: the load, whose transaction is open.
    ///   - versions: SQL that picks the rows; `$4` is the load's version, `$5` its file.
    ///   - columns: those that the table has.
    /// - Throws: `PostgresError`.
    static func write(
        of context: LoadContext, versions: String, columns: [String]
    ) throws {
        for total in context.feed.totals where columns.contains(total.amount) {
            let amount = PostgresConnection.quoteIdentifier(total.amount)
            let currency = total.currency.map(PostgresConnection.quoteIdentifier) ?? "''"
            try context.postgres.query(
                """
                insert into ingest.load_total (load_id, column_name, currency, amount, rows)
                select $1, $2,
                    case when octet_length(\(currency)) > \(currencyBytesMax)
                        then '\(noCurrency)' else coalesce(\(currency), '') end,
                    sum(\(amount)), count(\(amount))
                from \(context.feed.table)
                where seller_id = $3 and \(versions) and \(amount) is not null
                    and $4::bigint is not null and $5::bigint is not null
                group by 3
                """,
                [
                    .int(context.record.loadID), .text(total.amount),
                    .int(Int64(context.file.sellerID)), .int(context.record.versionID),
                    .int(context.record.fileID),
                ])
        }
    }
}

private func equal(_ bytes: [UInt8], _ span: RawSpan) -> Bool {
    guard bytes.count == span.byteCount else { return false }
    return span.withUnsafeBytes { other in bytes.elementsEqual(other) }
}
