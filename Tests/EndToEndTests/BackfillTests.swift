import Foundation
import Support
import Testing

/// `sluice backfill`: what it plans, what it leaves out, and that it can be interrupted.
@Suite struct BackfillTests {
    static let snapshot = "Product,Product Code\nBooks,abc\n"
    static let january = "disbursed_amount_by_product_2026-01-31.csv"
    static let february = "disbursed_amount_by_product_2026-02-01.csv"
    static let history = "ProductFeed_V1/year=2010/month=01/data.csv"

    private func deskWithHistory() throws -> Desk {
        let desk = try Desk()
        try desk.deliver(Desk.products(1...2), to: Self.history)
        try desk.deliver(Desk.products(11...12), to: Desk.productKey(1))
        try desk.deliver(Desk.products(21...22), to: Desk.productKey(2))
        try desk.deliver(Self.snapshot, to: Self.january)
        try desk.deliver(Self.snapshot, to: Self.february)
        return desk
    }

    private func files(_ desk: Desk) throws -> [String] {
        try desk.database.psql("select key from ingest.file where is_complete order by key")
            .split(separator: "\n").map(String.init)
    }

    @Test func aDryRunShowsThePlanAndLoadsNothing() throws {
        let desk = try deskWithHistory()
        try desk.deliver("x", to: "readme.txt")
        let done = try desk.backfill(["--dry-run"])
        #expect(done.status == 0)
        #expect(
            done.standardOutput == """
                file://\(desk.exports.path): 6 objects, 5 files to look at (532 B), 0 up to date
                  feed                             files  bytes
                  cas.disbursed_amount_by_product      2   62 B
                  sdds.product                         3  470 B
                  1 objects are of no known feed: readme.txt

                """)
        #expect(try files(desk).isEmpty)
    }

    @Test func aSecondRunFindsNothingToDo() throws {
        let desk = try deskWithHistory()
        let first = try desk.backfill()
        #expect(first.status == 0, "\(first)")
        #expect(first.standardOutput.hasLine("5 files in 5 loads"))
        #expect(first.standardOutput.hasLine("8 rows read = 8 loaded + 0 rejected"))
        #expect(first.standardOutput.hasLine("Look for yourself:"))
        #expect(first.standardOutput.hasLine("  psql '\(desk.database.conninfo)'"))
        let second = try desk.backfill()
        #expect(second.status == 0)
        #expect(
            second.standardOutput
                == "file://\(desk.exports.path): 5 objects, 0 files to look at (0 B), "
                + "5 up to date\n")
        #expect(try desk.products().count == 6)
    }

    @Test func onlyTheFeedsNamedAreLoaded() throws {
        let desk = try deskWithHistory()
        let done = try desk.backfill(["--feed", "cas.disbursed_amount_by_product"])
        #expect(done.standardOutput.contains(", 3 not selected\n"))
        #expect(try files(desk) == [Self.january, Self.february])
        let wrong = try desk.backfill(["--feed", "sdds.products"])
        #expect(wrong.status == 78)
        #expect(wrong.standardOutput == "")
        #expect(wrong.standardError.hasPrefix("sluice: there is no feed sdds.products; there are "))
        #expect(wrong.standardError.contains(", sdds.product, "))
        #expect(!wrong.standardError.contains(" cas."))
    }

    /// Periods, and the files whose deliveries can fall into them: a month, or a day of CAS.
    static let periods: [(since: String?, until: String?, keys: [String])] = [
        ("2026-01", nil, [Desk.productKey(1), Desk.productKey(2), january, february]),
        (nil, "2026-01", [history, Desk.productKey(1), january]),
        ("2026-01-31", "2026-01-31", [Desk.productKey(1), january]),
        ("2026-02-01", nil, [Desk.productKey(2), february]),
        // The file of January 2010 has everything up to April 2020.
        ("2015-06", "2015-07", [history]),
        ("2020-04-30", "2025-12", [history]),
        ("2020-05", "2025-12", []),
    ]

    @Test(arguments: periods)
    func onlyThePeriodIsLoaded(since: String?, until: String?, keys: [String]) throws {
        let desk = try deskWithHistory()
        let done = try desk.backfill(
            (since.map { ["--since", $0] } ?? []) + (until.map { ["--until", $0] } ?? []))
        #expect(done.status == 0, "\(done)")
        #expect(try files(desk) == keys.sorted())
    }

    @Test func aCopyOfABucketSharesItsLedger() throws {
        let remote = try RemoteDesk()
        try remote.desk.deliver(Desk.products(11...12), to: Desk.productKey(1))
        let arguments = ["--bucket", remote.bucket, "--seller", "acme"]
        #expect(try remote.desk.backfill(arguments).status == 0)
        #expect(
            try remote.desk.database.psql("select bucket from ingest.file") == remote.bucket)
        try remote.put([(Desk.productKey(1), Desk.products(11...13))])
        let done = try remote.run(["backfill", remote.location])
        #expect(done.status == 0, "\(done)")
        #expect(try remote.desk.products() == ["prod-11", "prod-12", "prod-13"])
        #expect(try remote.desk.ledger(Desk.productKey(1)).load == "extended|1|1|0")
    }

    @Test func aFolderBelongsToTheDefaultSellerOrToTheOneNamed() throws {
        let desk = try deskWithHistory()
        #expect(try desk.run(["seller", "add", "acme"]).status == 0)
        #expect(try desk.backfill(["--seller", "acme"]).status == 0)
        let owners =
            "select string_agg(distinct s.name, ' ') from sdds.product "
            + "join ingest.seller s using (seller_id)"
        #expect(try desk.database.psql(owners) == "acme")
        let wrong = try desk.backfill(["--seller", "nobody"])
        #expect(wrong.status == 78)
        #expect(
            wrong.standardError == "sluice: there is no seller nobody; see: sluice seller list\n")
        #expect(try desk.backfill().status == 0)
        #expect(try desk.database.psql(owners) == "acme default")
    }

    /// Places that no seller, or more than one, may have.
    @Test func aLocationMustBelongToOneSeller() throws {
        let desk = try Desk()
        for arguments in [
            ["acme", "--location", "shared", "--location", "reports/acme"],
            ["bolt", "--location", "shared"],
        ] {
            #expect(try desk.run(["seller", "add"] + arguments).status == 0)
        }
        let cases: [(arguments: [String], says: String)] = [
            (
                ["s3://nobodys/x"],
                "s3://nobodys/x belongs to no seller yet; say whose it is: "
                    + "sluice seller add NAME --location nobodys/x"
            ),
            (
                ["s3://reports/acme-and-others/"],
                "s3://reports/acme-and-others/ belongs to no seller yet; say whose it is: "
                    + "sluice seller add NAME --location reports/acme-and-others/"
            ),
            (
                ["s3://shared"],
                "s3://shared belongs to several sellers; name one with --seller"
            ),
            (
                ["s3://nobodys", "--seller", "bolt"],
                "s3://nobodys is not in a location of the seller bolt; add it: "
                    + "sluice seller add bolt --location nobodys"
            ),
            (
                ["s3://shared", "--seller", "nobody"],
                "there is no seller nobody; see: sluice seller list"
            ),
            (["s3:///x"], "\"s3:///x\" names no bucket"),
            (
                ["arn:aws:s3:us-east-1:111122223333:accesspoint/x"],
                "\"arn:aws:s3:us-east-1:111122223333:accesspoint/x\" is an access point: events and "
                    + "listings carry the bucket's own name, so write BUCKET or BUCKET/PREFIX, "
                    + "with the name of the bucket behind it"
            ),
        ]
        for (arguments, says) in cases {
            let done = try desk.run(["backfill"] + arguments)
            #expect(done.status == 78)
            #expect(done.standardError == "sluice: \(says)\n")
        }
    }

    @Test func stoppedInTheMiddleItGoesOnFromThere() throws {
        let desk = try Desk()
        let rows = 60_000
        try desk.deliver(Desk.products(1...rows), to: Desk.productKey(1))
        try desk.deliver(Desk.products(1...2), to: Desk.productKey(2))
        let settings = ["SLUICE_BATCH_ROWS": "500", "SLUICE_FILES": "1"]
        let child = try desk.start(["backfill", desk.exports.path], environment: settings)
        while try desk.database.psql("select coalesce(max(rows), 0) from ingest.file") == "0",
            child.isRunning
        {
            usleep(5_000)  // a poll: another process works on it
        }
        child.signal(SIGINT)
        let stopped = child.wait()
        #expect(stopped.status == 75, "\(stopped)")
        #expect(
            stopped.standardError.contains(
                "SIGINT: finishing the batch in hand; once more to leave at once\n"))
        #expect(
            stopped.standardError.hasLine(
                "sluice: stopped before the end; run it again and it goes on from there"))
        let half = try desk.database.psql(
            """
            select outcome, rows_read > 0 and rows_read < \(rows),
                rows_read = f.rows and f.rows = (select count(*) from sdds.product)
            from ingest.load join ingest.file f using (file_id)
            """)
        #expect(half == "interrupted|t|t")
        #expect(try desk.run(["status", "--check"]).status == 0)

        #expect(try desk.backfill().status == 0)
        let all = try desk.database.psql(
            """
            select count(*), (select sum(rows_loaded) from ingest.load),
                (select count(*) from ingest.load) from sdds.product
            """)
        #expect(all == "\(rows + 2)|\(rows + 2)|3")
    }
}
