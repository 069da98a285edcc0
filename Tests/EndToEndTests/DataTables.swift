import Support

extension ScratchDatabase {
    /// Every data table as the number and the digest of its rows, without what depends on the order
    /// in which versions were read; likewise the rejects.
    func contents() throws -> String {
        try psql(
            """
            select format($text$
                select %L, count(*), md5(string_agg(r::text, ',' order by r::text))
                from (select to_jsonb(t) - 'version_id' - 'line' as r from %s t) rows
                $text$, feed, feed)
            from ingest.feed order by feed
            \\gexec
            select 'reject', feed, count(*),
                md5(string_agg(encode(raw, 'hex'), ',' order by raw))
            from ingest.reject group by feed order by feed;
            """)
    }

    /// Rows in all data tables.
    func rowCount() throws -> Int { Int(try psql("select \(Self.rowCountSQL)")) ?? -1 }

    /// Rows that loads have put into tables less those that they removed, and rows that are there:
    /// equal if no row was written twice and none was lost.
    func isBalanced() throws -> Bool {
        try psql(
            """
            select (select coalesce(sum(rows_loaded - rows_removed), 0) from ingest.load)
                = \(Self.rowCountSQL)
            """) == "t"
    }

    /// Files of which not everything is in its table.
    func unfinishedFiles() throws -> String {
        try psql(
            "select key, failure from ingest.file where not is_complete or failure is not null")
    }

    /// A sum over all rows of every table that marketplace is made of, columns and ranges included.
    func resolved() throws -> String {
        let tables = try psql(
            """
            select 'resolved.' || tablename from pg_tables
            where schemaname = 'resolved' and tablename not in ('feed', 'pending') order by 1
            """)
        return try tables.split(separator: "\n").map { table in
            try psql(
                """
                select '\(table)', count(*), sum(hashtextextended(t::text, 0)::numeric)
                from \(table) t
                """)
        }.joined(separator: "\n")
    }

    /// Whether marketplace has everything, and just as it would be made anew; it is made anew.
    func isMarketplaceWhole() throws -> Bool {
        let kept = try resolved()
        guard try number("select count(*) from resolved.pending") == 0 else { return false }
        try psql("select count(*) from marketplace.refresh(true)")
        return try resolved() == kept
    }

    /// A single number.
    func number(_ sql: String) throws -> Int { Int(try psql(sql)) ?? -1 }

    /// What is known of messages, as `kind|outcome|count`.
    func messages() throws -> Set<String> {
        let lines = try psql(
            "select kind, outcome, count(*) from ingest.message group by kind, outcome")
        return Set(lines.split(separator: "\n").map(String.init))
    }

    // Counted by the server itself, for the tables are known to it alone.
    private static let rowCountSQL = """
        (select sum((xpath('/row/n/text()', query_to_xml('select count(*) as n from ' || feed,
            false, true, '')))[1]::text::bigint) from ingest.feed)
        """
}
