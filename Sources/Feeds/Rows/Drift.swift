internal import Postgres

/// Differences between a header and its table, recorded once per seller, feed and column.
struct Drift {
    let unknownTitles: [String]
    let missingColumns: [String]
    private let knownTitles: [String]
    private let boundColumns: [String]

    init(_ binding: HeaderBinding) {
        // Of equal titles the first is known, the others are not.
        knownTitles = binding.knownTitles.filter { !binding.unknownTitles.contains($0) }
        boundColumns = binding.columns
        unknownTitles = binding.unknownTitles
        missingColumns = binding.missingColumns
    }

    /// Adds what is not yet known.
    ///
    /// Called last in a transaction: an uncommitted row here makes every other load of the feed
    /// that shows the same difference wait.
    func write(
        sellerID: Int32, feed: Feed, versionID: Int64, on postgres: PostgresConnection
    ) throws {
        guard !unknownTitles.isEmpty || !missingColumns.isEmpty else { return }
        try postgres.query(
            """
            insert into ingest.drift (seller_id, feed, kind, name, version_id)
            select $1, $2, d.kind, d.name, $3
            from (select distinct 'unknown column', name from unnest($4::text[]) as u (name)
                  union all
                  select 'missing column', name from unnest($5::text[]) as m (name)
                 ) as d (kind, name)
            where not exists (
                select from ingest.drift o
                where o.seller_id = $1 and o.feed = $2 and o.kind = d.kind and o.name = d.name)
            on conflict do nothing
            """,
            [
                .int(Int64(sellerID)), .text(feed.name), .int(versionID),
                .textArray(unknownTitles), .textArray(missingColumns),
            ])
    }

    /// Removes what is no difference any more: the table has got the column, or the file has.
    func settle(sellerID: Int32, feed: Feed, on postgres: PostgresConnection) throws {
        try postgres.query(
            """
            delete from ingest.drift
            where seller_id = $1 and feed = $2
                and (kind = 'unknown column' and name = any ($3::text[])
                     or kind = 'missing column' and name = any ($4::text[]))
            """,
            [
                .int(Int64(sellerID)), .text(feed.name), .textArray(knownTitles),
                .textArray(boundColumns),
            ])
    }
}
