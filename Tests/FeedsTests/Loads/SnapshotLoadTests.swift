import Feeds
import Postgres
import Testing

/// A data set file that replaces its older version as a whole.
@Suite struct SnapshotLoadTests {
    private let bench: LoadBench
    private let key = Delivery.snapshotKey

    init() throws { bench = try LoadBench() }

    @Test func newerVersionReplacesTheOlderOne() throws {
        #expect(try bench.deliver(Delivery.snapshot(1...5), as: key).kind == .loaded)
        try bench.expectClean()
        let outcome = try bench.deliver(Delivery.snapshot(4...9, revenue: "1"), as: key)
        #expect(outcome.kind == .replaced)
        #expect(outcome.rowsRemoved == 5)
        #expect(outcome.rowsLoaded == 6)
        #expect(outcome.rowsVanished == 0)
        try bench.expectClean()
        #expect(
            try bench.text(
                "select count(*)::text as text from ingest.vanished where seller_id = $1") == "0")
    }

    @Test func longerVersionIsReplacedAndNotExtended() throws {
        try bench.deliver(Delivery.snapshot(1...5), as: key)
        let outcome = try bench.deliver(Delivery.snapshot(1...7), as: key)
        #expect(outcome.kind == .replaced)
        #expect(outcome.rowsLoaded == 7)
        try bench.expectClean()
    }

    @Test func versionThatWasLoadedIsNotFetchedAgain() throws {
        try bench.deliver(Delivery.snapshot(1...5), as: key)
        #expect(try bench.load(key) == Outcome(.unchanged))
        #expect(bench.store.reads == 1)
    }

    @Test func olderContentComesBackLikeAnyOther() throws {
        try bench.deliver(Delivery.snapshot(1...5), as: key)
        try bench.deliver(Delivery.snapshot(1...2), as: key)
        try bench.deliver(Delivery.snapshot(1...5), as: key)
        try bench.expectClean()
        try bench.deliver(Delivery.snapshotHeader, as: key)
        try bench.expectClean()
        try bench.deliver(Delivery.snapshot(3...5), as: key)
        try bench.expectClean()
    }

    @Test func filesOfOtherDaysAreLeftAlone() throws {
        let other = "daily_business_usage_by_instance_type_2026-03-02.csv"
        try bench.deliver(Delivery.snapshot(1...5), as: key)
        try bench.deliver(Delivery.snapshot(1...5), as: other)
        #expect(try bench.deliver(Delivery.snapshot(6...7), as: other).rowsRemoved == 5)
        try bench.expectClean()
    }

    @Test func equalRowsAreTwoFacts() throws {
        try bench.deliver(Delivery.snapshot([1, 1, 1, 2]), as: key)
        try bench.expectClean()
    }

    @Test func rejectsOfTheOlderVersionGoWithIt() throws {
        let first = try bench.deliver(
            Delivery.snapshot(1...3) + "c4,P,zero,USD\nshort\n" + "c5,P,1,USD\n", as: key)
        #expect(first.rowsRejected == 2)
        #expect(first.rowsLoaded == 4)
        try bench.expectClean()
        let second = try bench.deliver(Delivery.snapshot(1...3) + "c4,P,none,USD\n", as: key)
        #expect(second.rowsRemoved == 4)
        #expect(second.rowsRejected == 1)
        #expect(try bench.tables().rejects.count == 1)
        try bench.expectClean()
        try bench.deliver(Delivery.snapshot(1...4), as: key)
        #expect(try bench.tables().rejects == [])
        try bench.expectClean()
    }

    @Test("until the end a reader sees the old rows, then the new ones", arguments: [false, true])
    func readersSeeOneVersion(isCompressed: Bool) throws {
        try bench.deliver(Delivery.snapshot(1...5), as: key)
        bench.limits.batchRows = 3
        bench.store.chunkBytes = 16
        let reader = try LoadBench(on: bench.database)
        var seen: Set<String> = []
        bench.store.beforeChunk = { [bench, reader] _ in
            let rows = try reader.postgres.query(
                """
                select string_agg(customer_reference_id, ' ' order by line) as seen
                from cas.daily_business_usage_by_instance_type where seller_id = $1
                """, [.int(Int64(bench.sellerID))])
            seen.insert(try rows.only().string("seen"))
        }
        let newer = Delivery.snapshot(6...30)
        try bench.deliver(isCompressed ? gzip(newer) : Array(newer.utf8), as: key)
        #expect(seen == ["c1 c2 c3 c4 c5"])
        try bench.expectClean()
    }

    @Test(
        "a version that cannot be read on changes nothing",
        arguments: ["\"x\"y,P,1\n", "\"never closed,P,1,USD\n"])
    func faultyVersionChangesNothing(fault: String) throws {
        try bench.deliver(Delivery.snapshot(1...5) + "bad\n", as: key)
        let before = try bench.tables()
        bench.store.chunkBytes = 16
        bench.limits.batchRows = 1
        #expect(try bench.complaint(Delivery.snapshot(6...9) + fault, as: key).contains("line 6"))
        #expect(try bench.tables() == before)
        try bench.expectReconciled()
        try bench.deliver(Delivery.snapshot(6...9), as: key)
        try bench.expectClean()
    }

    @Test func textThatIsNoCurrencyCountsAsOne() throws {
        let long = String(repeating: "x", count: 100_000)
        let others = (1...100).map { "c\($0),P,1,K\($0)\n" }.joined()
        try bench.deliver(
            Delivery.snapshotHeader + "a,P,1,\(long)\nb,P,2,\(long)y\n" + others, as: key)
        let totals = try bench.text(
            """
            select concat_ws(' ', currency, amount, t.rows) as text
            from ingest.load_total t join ingest.load using (load_id)
            join ingest.file using (file_id) where seller_id = $1 and currency = '?'
            """)
        #expect(totals == "? 40 39")
    }

    @Test func moneyWithoutACurrencyColumnIsAddedUp() throws {
        let key = "disbursed_amount_by_product_2026-03-01.csv"
        let header = "Product,Product Code,Net Amount,Transaction Reference ID\n"
        try bench.deliver(header + "P,c,1.10,t1\nP,c,-0.1,t2\nP,c,,t3\n", as: key)
        let totals = try bench.text(
            """
            select concat_ws(' ', column_name, quote_literal(currency), amount, t.rows) as text
            from ingest.load_total t join ingest.load using (load_id)
            join ingest.file using (file_id) where seller_id = $1
            """)
        #expect(totals == "net_amount '' 1.00 2")
        try bench.expectClean()
    }
}
