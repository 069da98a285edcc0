import Feeds
import Postgres
import Testing

/// What the tests compare: everything of a seller that does not tell how it got there.
struct BenchTables: Equatable {
    /// Rows of all feeds' tables without version and line, sorted.
    var rows: [String] = []
    /// Raw bytes and reason of every reject that waits, sorted.
    var rejects: [String] = []
    /// Key, rows, bytes, lines, digest and completeness of every file's checkpoint, sorted.
    var checkpoints: [String] = []
}

extension LoadBench {
    /// What the tables hold of this seller, with or without rows that a later version lacks.
    func tables(leavingOutVanished: Bool = false) throws -> BenchTables {
        let missing = """
            exists (select from ingest.vanished v
                    where v.version_id = t.version_id and v.line = t.line
                        and v.decision is distinct from 'returned')
            """
        let selects = try loadedFeeds().map { feed in
            """
            select '\(feed)' || (to_jsonb(t) - array['seller_id', 'version_id', 'line'])::text as text
            from \(feed) t where seller_id = $1 and not ($2 and \(missing))
            """
        }
        let hidden = PostgresValue.bool(leavingOutVanished)
        return BenchTables(
            rows: selects.isEmpty
                ? [] : try texts(selects.joined(separator: " union all "), hidden),
            rejects: try texts(
                """
                select feed || ' ' || encode(raw, 'hex') || ' ' || coalesce(column_name, '')
                    || ' ' || reason || ' ' || cause as text
                from ingest.reject where seller_id = $1 and state = 'waiting'
                """),
            checkpoints: try texts(
                """
                select concat_ws(' ', key, rows, bytes, lines, encode(digest, 'hex'), is_complete)
                    as text
                from ingest.file where seller_id = $1
                """))
    }

    /// Expects the tables to be those of one clean load of the newest versions, and the ledger to
    /// agree with them.
    func expectClean(
        exceptVanished: Bool = false, _ place: SourceLocation = #_sourceLocation
    ) throws {
        let clean = try LoadBench(files: self)
        for key in try texts("select key as text from ingest.file where seller_id = $1") {
            // A file that cannot be read on is as far as it gets; its checkpoint is compared too.
            do { try clean.load(key) } catch is LoadError {}
        }
        let mine = try tables(leavingOutVanished: exceptVanished)
        let expected = try clean.tables()
        #expect(mine.rows == expected.rows, sourceLocation: place)
        #expect(mine.rejects == expected.rejects, sourceLocation: place)
        #expect(mine.checkpoints == expected.checkpoints, sourceLocation: place)
        try expectReconciled(place)
        try clean.expectReconciled(place)
    }

    /// Sorted texts of a query; `$1` is the seller.
    func texts(_ sql: String, _ more: PostgresValue...) throws -> [String] {
        try postgres.query(sql, [.int(Int64(sellerID))] + more)
            .map { try $0.string("text") }.sorted()
    }

    /// One text; `$1` is the seller.
    func text(_ sql: String) throws -> String {
        try texts(sql).joined(separator: "\n")
    }

    /// The feeds that the seller has files of.
    private func loadedFeeds() throws -> [String] {
        try texts("select distinct feed as text from ingest.file where seller_id = $1")
    }

    /// All feeds' names.
    func feeds() throws -> [String] {
        try postgres.query("select feed from ingest.feed order by 1").map { try $0.string("feed") }
    }
}

// MARK: The ledger

extension LoadBench {
    /// Expects every load to account for each of its rows, and all loads of a file together to
    /// account for each row, reject and amount that is there.
    func expectReconciled(_ place: SourceLocation = #_sourceLocation) throws {
        let unbalanced = try texts(
            """
            select concat_ws(' ', l.load_id, outcome, rows_read, rows_loaded, rows_rejected) as text
            from ingest.load l join ingest.file f using (file_id)
            where f.seller_id = $1 and (rows_read <> rows_loaded + rows_rejected + rows_standing
                or outcome = 'running' or finished_at is null
                or (l.failure is null) = (outcome in ('failed', 'interrupted')))
            """)
        #expect(unbalanced == [], sourceLocation: place)
        for feed in try loadedFeeds() {
            let counted = try texts(Self.countedRows(feed))
            #expect(counted == [], "rows in \(feed)", sourceLocation: place)
            for total in try totals(of: feed) {
                let inLedger = try texts(Self.ledgerTotals(feed, total))
                let inTable = try texts(Self.tableTotals(feed, total))
                #expect(inLedger == inTable, "\(total) of \(feed)", sourceLocation: place)
            }
        }
    }

    private func totals(of feed: String) throws -> [String] {
        try postgres.query(
            "select unnest(totals) as total from ingest.feed where feed = $1", [.text(feed)]
        ).map { try $0.string("total") }
    }

    private static func versions(_ file: String = "f") -> String {
        "(select version_id from ingest.version v where v.file_id = \(file).file_id)"
    }

    /// Whether what a load counted is still there: all loads of a log since it was last read again
    /// from the start, and of the others the newest one and its replays.
    private static let counts = """
        l.load_id >= coalesce((
            select max(load_id) from ingest.load n
            where n.file_id = f.file_id and (outcome = 'reloaded'
                or d.kind <> 'log' and outcome in ('loaded', 'replaced'))), 0)
        """

    /// Files whose rows or rejects are not as many as their loads say.
    private static func countedRows(_ feed: String) -> String {
        """
        select concat_ws(' ', key, rows, loaded, removed, accepted, rejects, rejected,
            replayed, moved) as text
        from (
            select f.key, d.kind,
                (select count(*) from \(feed) t where t.seller_id = $1) as feed_rows,
                sum((select coalesce(sum(rows_loaded), 0) from ingest.load l
                     where l.file_id = f.file_id)) over () as feed_loaded,
                sum((select coalesce(sum(rows_removed), 0) from ingest.load l
                     where l.file_id = f.file_id)) over () as feed_removed,
                (select count(*) from \(feed) t
                 where t.seller_id = $1 and t.version_id in \(versions())) as rows,
                (select coalesce(sum(rows_loaded), 0) from ingest.load l
                 where l.file_id = f.file_id) as loaded,
                (select coalesce(sum(rows_removed), 0) from ingest.load l
                 where l.file_id = f.file_id) as removed,
                (select count(*) from ingest.vanished v
                 where v.file_id = f.file_id and decision = 'accepted') as accepted,
                (select count(*) from ingest.reject r
                 where r.seller_id = $1 and r.version_id in \(versions())
                     and (d.kind = 'log' and not exists (
                              select from ingest.load n
                              where n.file_id = f.file_id and outcome = 'reloaded'
                                  and n.version_id > r.version_id)
                          or r.version_id = f.version_id)) as rejects,
                (select coalesce(sum(rows_rejected), 0) from ingest.load l
                 where l.file_id = f.file_id and \(counts)) as rejected,
                (select count(*) from ingest.reject r
                 where r.seller_id = $1 and r.version_id in \(versions())
                     and r.state = 'replayed') as replayed,
                (select coalesce(sum(rows_loaded), 0) from ingest.load l
                 where l.file_id = f.file_id and outcome = 'replayed' and \(counts)) as moved
            from ingest.file f join ingest.feed d using (feed)
            where f.seller_id = $1 and feed = '\(feed)'
        ) as counts
        -- Operations of one file of a change log overtake those of another.
        where (rows <> loaded - removed - accepted and kind <> 'change_log') or rejects <> rejected
            or (kind = 'change_log' and feed_rows <> feed_loaded - feed_removed)
            or replayed <> moved
        """
    }

    /// Control totals of all loads of a log, or of those of a snapshot's newest version.
    private static func ledgerTotals(_ feed: String, _ total: String) -> String {
        let (column, _) = parts(total)
        return """
            select concat_ws(' ', key, t.currency, trim_scale(sum(t.amount)), sum(t.rows)) as text
            from ingest.file f join ingest.feed d using (feed)
            join ingest.load l using (file_id) join ingest.load_total t using (load_id)
            where f.seller_id = $1 and feed = '\(feed)' and column_name = '\(column)'
                and \(counts) and not \(hasAccepted)
            group by key, t.currency
            """
    }

    private static func tableTotals(_ feed: String, _ total: String) -> String {
        let (column, currency) = parts(total)
        return """
            select concat_ws(' ', key, currency, trim_scale(sum(amount)), count(amount)) as text
            from (
                select f.key, coalesce(\(currency), '') as currency, \(column) as amount
                from ingest.file f join \(feed) t
                    on t.seller_id = $1 and t.version_id in \(versions())
                where f.seller_id = $1 and f.feed = '\(feed)' and not \(hasAccepted)
            ) as amounts
            where amount is not null group by key, currency
            """
    }

    /// What an operator took out of the table stays in the totals of the load that brought it.
    private static let hasAccepted = """
        exists (select from ingest.vanished v
                where v.file_id = f.file_id and decision = 'accepted')
        """

    private static func parts(_ total: String) -> (column: String, currency: String) {
        let parts = total.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        return (parts[0], parts[1].isEmpty ? "null" : parts[1])
    }
}
