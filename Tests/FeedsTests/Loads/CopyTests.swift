import Feeds
import Foundation
import Postgres
import Support
import Testing

/// Several files that are the same delivery: one counts, whatever the order of arrival.
@Suite struct CopyTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench() }

    private static let set = Delivery.snapshotKey
    private static let month = Delivery.key

    private func counting(_ bench: LoadBench) throws -> String {
        try bench.text(
            """
            select concat_ws(' ',
                (select string_agg(key, ' ' order by key) from ingest.file
                 where seller_id = $1 and stands_aside_for is null),
                (select count(*) from sdds.billing_event where seller_id = $1)
                + (select count(*) from cas.daily_business_usage_by_instance_type
                   where seller_id = $1),
                (select count(*) from ingest.copy where seller_id = $1)) as text
            """)
    }

    /// The place where AWS delivers, then the newest: never what came first.
    @Test(arguments: [
        [set, "bak/\(set)"], [month, "bak/\(month)"], ["cas/\(set)", "cas/old/\(set)"],
        ["cas/\(month)", "cas/copies/2026/\(month).gz"], ["a/\(set)", "b/\(set)", "c/d/\(set)"],
    ])
    func oneOfThemCountsInEveryOrder(keys: [String]) throws {
        let best = keys[0]
        for order in [keys, keys.reversed()] {
            let bench = try LoadBench()
            if best.hasPrefix("cas/") {
                try bench.postgres.query(
                    "update ingest.seller set locations = array[$2 || '/cas'] where seller_id = $1",
                    [.int(Int64(bench.sellerID)), .text(bench.bucket)])
            }
            // Places that are alike: the newest counts, which is put last.
            let content =
                best.hasSuffix(Self.month) ? Delivery.month(1...5) : Delivery.snapshot(1...5)
            for key in best.hasPrefix("a/") ? keys.reversed() : keys {
                try bench.put(content, as: key)
            }
            for key in order { try bench.load(key) }
            let expected = "\(best) 5 \(keys.count - 1)"
            #expect(try counting(bench) == expected, "\(order)")
            // Nothing is left to do, and nothing flips.
            for key in keys {
                #expect(try bench.load(key) == Outcome(.unchanged))
            }
            #expect(try counting(bench) == expected, "\(order)")
        }
    }

    /// What grows goes on where it was; the copy stays aside with every new version of its own.
    @Test func newVersionsOfBothKeepTheirPlaces() throws {
        let copy = "bak/\(Self.month)"
        try bench.deliver(Delivery.month(1...3), as: copy)
        #expect(try counting(bench) == "\(copy) 3 0")
        #expect(try bench.deliver(Delivery.month(1...4), as: Self.month).rowsRemoved == 3)
        #expect(try counting(bench) == "\(Self.month) 4 1")
        #expect(try bench.deliver(Delivery.month(1...6), as: copy).kind == .aside)
        #expect(try bench.deliver(Delivery.month(1...6), as: Self.month).kind == .extended)
        #expect(try counting(bench) == "\(Self.month) 6 1")
        #expect(
            try bench.text(
                """
                select (sum(rows_loaded) - sum(rows_removed))::text as text
                from ingest.load join ingest.file using (file_id) where seller_id = $1
                """) == "6")
    }

    @Test func unreadableFileDoesNotTakeTheCopysPlace() throws {
        try bench.deliver(Delivery.snapshot(1...3), as: "bak/\(Self.set)")
        #expect(try bench.complaint(Delivery.snapshot(1...3) + "\"open", as: Self.set) != "")
        #expect(try counting(bench).contains("3 0"))
        try bench.deliver(Delivery.snapshot(1...4), as: Self.set)
        #expect(try counting(bench) == "\(Self.set) 4 1")
    }

    @Test(arguments: [set, month])
    func whatIsNoCopyCountsBeside(key: String) throws {
        let isMonth = key == Self.month
        let content = isMonth ? Delivery.month(1...2) : Delivery.snapshot(1...2)
        let others =
            isMonth
            ? ["bak/BillingEventFeed_V1/year=2026/month=04/data.csv"]
            : ["bak/daily_business_usage_by_instance_type_2026-03-02.csv"]
        for each in [key] + others { try bench.deliver(content, as: each) }
        #expect(try counting(bench).hasSuffix(" 4 0"))
    }

    /// The same day's set of another time is another set.
    @Test func otherCoverageIsAnotherSet() throws {
        for (folder, until) in [("a", "2026-03-01"), ("b", "2026-02-01")] {
            try bench.postgres.query(
                """
                insert into ingest.coverage (seller_id, bucket, stem, covers_from, covers_until)
                values ($1, $2, $3, '2026-01-01', $4::date)
                """,
                [
                    .int(Int64(bench.sellerID)), .text(bench.bucket),
                    .text("\(folder)/\(Self.set.dropLast(4))"), .text(until),
                ])
            try bench.deliver(Delivery.snapshot(1...2), as: "\(folder)/\(Self.set)")
        }
        #expect(try counting(bench).hasSuffix(" 4 0"))
    }

    /// An operator who wants the other one excludes the first, and reads the other again.
    @Test(arguments: [set, month])
    func excludedPlaceDoesNotCount(key: String) throws {
        let content = key == Self.month ? Delivery.month(1...3) : Delivery.snapshot(1...3)
        let wanted = "restored/\(key)"
        try bench.deliver(content, as: "old/\(key)")
        try bench.put(content, as: wanted)
        // Older than the first.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)],
            ofItemAtPath: bench.directory.path + "/" + wanted)
        #expect(try bench.load(wanted).kind == .aside)
        #expect(try bench.reload(wanted) == Outcome(.unchanged))
        #expect(try counting(bench) == "old/\(key) 3 1")
        try bench.postgres.query(
            "update ingest.seller set excluded = array[$2 || '/old'] where seller_id = $1",
            [.int(Int64(bench.sellerID)), .text(bench.bucket)])
        try bench.reload(wanted)
        #expect(try counting(bench) == "\(wanted) 3 0")
    }

    /// Two workers, each with one of the two, at once.
    @Test(arguments: [set, month], 1...4)
    func twoWorkersAgree(key: String, round: Int) async throws {
        let bench = try LoadBench()
        let content = key == Self.month ? Delivery.month(1...50) : Delivery.snapshot(1...50)
        let keys = [key, "bak/\(key)"]
        for each in keys { try bench.put(content, as: each) }
        let conninfo = bench.database.conninfo
        let sellerID = bench.sellerID
        let path = bench.directory.path
        let bucket = bench.bucket
        try await withThrowingTaskGroup(of: Void.self) { group in
            for each in keys {
                group.addTask {
                    let postgres = try PostgresConnection(conninfo)
                    let store = try DirectoryStore(path: path, bucket: bucket)
                    guard let feed = try Feed.of(key: each, on: postgres) else { return }
                    _ = try Loader(
                        postgres: postgres, store: store, limits: LoadLimits(), worker: each
                    ).load(File(sellerID: sellerID, bucket: bucket, key: each), as: feed)
                }
            }
            try await group.waitForAll()
        }
        #expect(try counting(bench) == "\(key) 50 1")
    }

    @Test func findingSaysWhichCountsAndWhy() throws {
        try bench.deliver(Delivery.snapshot(1...3), as: "bak/\(Self.set)")
        try bench.deliver(Delivery.snapshot(1...3), as: Self.set)
        let what = try bench.text(
            """
            select what as text from ingest.finding
            where kind = 'copy' and seller = (select name from ingest.seller where seller_id = $1)
            """)
        #expect(
            what.hasPrefix(
                "\(bench.bucket)/bak/\(Self.set) is not counted, because \(bench.bucket)/\(Self.set) "
                    + "is the same delivery and it lies where AWS delivers."))
        #expect(what.contains("--exclude"))
    }
}
