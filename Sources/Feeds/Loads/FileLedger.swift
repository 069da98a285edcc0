internal import Postgres

/// What the ledger has of a file beside its checkpoint.
///
/// Read with it, so that of most files, of which there is nothing more, nothing more is asked.
struct FileLedger: Sendable, Equatable {
    /// Whether another file is, or may be, the same delivery.
    let hasCopies: Bool
    /// Whether another file counts in its place.
    let isAside: Bool
    /// Whether an operator has decided that something of it is skipped.
    let hasSkips: Bool
    /// Whether two of its titles are noted to mean one column.
    let hasDoubledColumns: Bool
    /// Whether rows are in the table that the file no longer had when it was last compared whole.
    let hasVanishedRows: Bool

    /// Of a query whose `f` is `ingest.file`.
    static let columns = """
        exists (
            select from ingest.file o
            where o.seller_id = f.seller_id and o.feed = f.feed
                and ingest.delivery(o.key) = ingest.delivery(f.key) and o.file_id <> f.file_id)
            as has_copies,
        f.stands_aside_for is not null as is_aside,
        exists (
            select from ingest.skipped_content s
            where s.seller_id = f.seller_id and s.file_id = f.file_id) as has_skips,
        exists (
            select from ingest.doubled_column d
            where d.seller_id = f.seller_id and d.file_id = f.file_id) as has_doubled_columns,
        exists (
            select from ingest.vanished d where d.file_id = f.file_id
                and (d.decision is null or d.decision = 'kept')) as has_vanished_rows
        """

    init(_ row: PostgresResult.Row) throws {
        hasCopies = try row.bool("has_copies")
        isAside = try row.bool("is_aside")
        hasSkips = try row.bool("has_skips")
        hasDoubledColumns = try row.bool("has_doubled_columns")
        hasVanishedRows = try row.bool("has_vanished_rows")
    }
}
