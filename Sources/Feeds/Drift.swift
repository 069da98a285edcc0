internal import Postgres

/// Differences between a header and its table, recorded once per seller, feed and column.
struct Drift {
    let unknownTitles: [String]
    let missingColumns: [String]

    init(_ binding: HeaderBinding) {
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
}
