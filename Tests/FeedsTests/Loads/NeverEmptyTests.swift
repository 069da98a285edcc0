import Feeds
import Postgres
import Support
import Testing

/// Only what a row cannot be resolved without may be NOT NULL; all else that AWS's guide calls never
/// empty is a finding.
@Suite struct NeverEmptyTests {
    @Test func onlyKeysAndTheTwoTimesAreNotNull() throws {
        let bench = try LoadBench()
        let others = try bench.texts(
            """
            select f.feed || '.' || a.attname as text
            from ingest.feed f
            join pg_attribute a on a.attrelid = to_regclass(f.feed) and a.attnum > 0
                and a.attnotnull and not a.attisdropped
            where a.attname not in ('seller_id', 'version_id', 'line') and $1::int is not null
                and not case f.kind
                    when 'log' then a.attname = any(f.business_key)
                        or a.attname in ('valid_from', 'update_date')
                    when 'change_log' then a.attname = any(f.business_key || '{operation_type}')
                    else false end
            """)
        #expect(others == [])
        // Each of them has an index that finds its rows, and is there.
        let unfound = try bench.texts(
            """
            select f.feed || '.' || c as text
            from ingest.feed f cross join lateral unnest(f.never_empty) as c
            where $1::int is not null and not exists (
                select from pg_index i
                where i.indrelid = to_regclass(f.feed)
                    and pg_get_expr(i.indpred, i.indrelid) like '%(' || c || ' IS NULL)%')
            """)
        #expect(unfound == [])
        let count =
            "select sum(cardinality(never_empty))::text as text from ingest.feed where $1::int > 0"
        #expect(try bench.text(count) == "15")
    }

    /// The feeds with such columns, each with a row that has its key and no more.
    private static let bare = [
        (
            feed: "sdds.daily_usage", key: "DailyUsageFeed_V1/year=2026/month=02/data.csv",
            header: "usage_feed_id,usage_date,offer_id,valid_from,update_date", row: "u1,,,T,T",
            columns: ["offer_id", "usage_date"]
        ),
        (
            "sdds.billing_event", "BillingEventFeed_V1/year=2026/month=02/data.csv",
            "billing_event_id,action,transaction_type,amount,currency,valid_from,update_date",
            "b1,,,,,T,T", ["action", "transaction_type"]
        ),
        (
            "sdds.offer_target", "OfferTargetFeed_V1/year=2026/month=02/data.csv",
            "offer_target_id,offer_id,offer_revision,valid_from,update_date", "t1,,,T,T",
            ["offer_id", "offer_revision"]
        ),
    ]

    @Test(arguments: bare.indices)
    func aRowWithoutThemIsLoadedAndFound(index: Int) throws {
        let bench = try LoadBench()
        let (feed, key, header, row, columns) = Self.bare[index]
        let text =
            header + "\n"
            + row.replacing("T", with: "2026-02-01T00:00:00Z") + "\n"
        let outcome = try bench.deliver(text, as: key)
        #expect((outcome.rowsLoaded, outcome.rowsRejected) == (1, 0))
        let findings = """
            select d.what as text from ingest.finding d join ingest.seller s on s.name = d.seller
            where s.seller_id = $1 and d.feed = '\(feed)' and d.kind = 'lacking' order by 1
            """
        #expect(
            try bench.texts(findings)
                == columns.map {
                    "1 row lacks \($0), which AWS's guide calls never empty, in 1 file, "
                        + "\(bench.bucket)/\(key). They are loaded and count. Ask AWS, or let it be "
                        + "with sluice expect"
                })
        try bench.postgres.query(
            """
            insert into ingest.waiver (seller_id, feed, period, note, waived_by)
            values ($1, '\(feed)', '[2026-02-01,2026-03-01)', 'AWS says so', 'me')
            """, [.int(Int64(bench.sellerID))])
        #expect(try bench.texts(findings) == [])
        try bench.expectReconciled()
    }

    /// A database of a version that refused such rows; what it refused can be replayed.
    @Test func whatAnOlderVersionRefusedCanBeReplayed() throws {
        let bench = try LoadBench(on: ScratchDatabase.create(from: LoadBench.schema))
        let (feed, key, header, row, _) = Self.bare[0]
        try bench.postgres.execute(
            """
            alter table sdds.daily_usage alter offer_id set not null, alter usage_date set not null;
            delete from ingest.definition where path = 'changes/2026-11-27-never-empty.sql'
            """)
        let text = header + "\n" + row.replacing("T", with: "2026-02-01T00:00:00Z") + "\n"
        #expect(try bench.deliver(text, as: key).rowsRejected == 1)
        _ = try SchemaFolder(path: Program.packageRoot + "/Schema").apply(on: bench.postgres)
        var selection = RejectSelection()
        selection.feed = feed
        _ = try Replay(on: bench.postgres, worker: "bench", person: "me").run(selection)
        #expect(
            try bench.texts("select usage_feed_id as text from \(feed) where seller_id = $1") == [
                "u1"
            ])
    }
}
