import Dispatch
import Feeds
import Foundation
import Postgres
import Support
import Synchronization
import Testing

/// Rejects that their table takes after a fix.
@Suite struct ReplayTests {
    private let bench: LoadBench

    /// A database of its own, because its tables are altered.
    init() throws {
        bench = try LoadBench(on: ScratchDatabase.create(from: LoadBench.schema))
    }

    /// Records without an id, which the fix below lets in.
    private static let a = Delivery.event("", "1.50")
    private static let b = Delivery.event("", "2.25", "EUR")
    /// What no fix lets in.
    private static let bad = Delivery.event("x", "12 or so")

    private func fix() throws {
        try bench.postgres.execute(
            "alter table sdds.billing_event alter billing_event_id drop not null")
    }

    // MARK: What moves

    @Test func rejectsThatFitMoveWithTheirLineageAndTheOthersStay() throws {
        try bench.deliver(
            Delivery.month(of: Self.a, Delivery.event("e2"), Self.bad, "\"\",x", Self.b))
        let checkpoint = try bench.tables().checkpoints
        #expect(try bench.replay().moved == 0)
        try fix()
        let report = try bench.replay()
        #expect(report.moved == 2)
        #expect(report.stayed == 2)
        #expect(try lines() == ["1", "2", "5"])
        #expect(try bench.states() == ["replayed", "replayed", "waiting", "waiting"])
        #expect(try bench.tables().checkpoints == checkpoint)
        let load = try bench.texts(
            """
            select concat_ws(' ', rows_read, rows_loaded, rows_rejected, l.version_id = f.version_id)
                as text
            from ingest.load l join ingest.file f using (file_id)
            where seller_id = $1 and outcome = 'replayed'
            """)
        #expect(load == ["2 2 0 t"])
        try bench.expectClean()
        #expect(try bench.replay().moved == 0)
        try bench.expectClean()
    }

    @Test func thoseThatStaySayWhyInTodaysWords() throws {
        try bench.deliver(Delivery.month(of: Delivery.event("", "?"), Delivery.event("e2")))
        #expect(try bench.text("\(Self.reasons)") == "billing_event_id is empty, and it may not be")
        try fix()
        #expect(try bench.replay(isDryRun: true).stayed == 1)
        #expect(try bench.text("\(Self.reasons)") == "billing_event_id is empty, and it may not be")
        #expect(try bench.replay().stayed == 1)
        #expect(try bench.text("\(Self.reasons)") == "amount \"?\" is not numeric")
        try bench.expectClean()
    }

    private static let reasons = """
        select column_name || ' ' || reason as text from ingest.reject where seller_id = $1
        """

    @Test func dryRunChangesNothing() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.bad))
        try fix()
        let (before, loads) = (try bench.tables(), try bench.outcomes())
        #expect(try bench.replay(isDryRun: true).moved == 1)
        #expect(try bench.tables() == before)
        #expect(try bench.outcomes() == loads)
    }

    /// Records as they can only stand in a file: read alone they must be what they were.
    @Test(arguments: [
        "x\"y", "x\ry,", "\u{FEFF}x", "\"a\nb\",\"\"\"\"", ",,,,,,,", "\"\r\n\"",
    ])
    func recordIsReadAsItWasInItsFile(raw: String) throws {
        try bench.deliver(Delivery.month(of: raw, Delivery.event("e2")) + raw)
        let before = try bench.tables()
        #expect(!before.rejects.isEmpty)
        #expect(try bench.replay().moved == 0)
        #expect(try bench.tables() == before)
    }

    /// The line end that is put behind a record to read it again must not heal it.
    @Test(arguments: [Delivery.event("e1"), "x\"y"])
    func carriageReturnBeforeALineEndIsNotHealedByReplay(record: String) throws {
        try bench.deliver(Delivery.header + record + "\r\r\n" + Delivery.event("e2") + "\r\n")
        let before = try bench.tables()
        #expect(before.rejects.count == 1)
        #expect(try bench.replay().moved == 0)
        #expect(try bench.tables() == before)
        try bench.expectClean()
    }

    @Test func rowsInSeveralVersionsAndMembersAreTheirOwn() throws {
        try bench.deliver(gzip(Delivery.month(of: Self.a), Self.b + "\n"))
        try bench.deliver(gzip(Delivery.month(of: Self.a), Self.b + "\n", Self.a + "\n"))
        try fix()
        #expect(try bench.replay().moved == 3)
        #expect(try bench.outcomes().suffix(2) == ["replayed", "replayed"])
        try bench.expectClean()
        #expect(try bench.deliver(Delivery.month(of: Self.a, Self.b, Self.a)).rowsLoaded == 0)
        try bench.expectClean()
    }

    /// More than one chunk holds.
    @Test(arguments: [(4_500, 1), (6, 2 << 20)])
    func manyMove(count: Int, width: Int) throws {
        // In a column without a bound: an id of that length is never taken.
        let type = String(repeating: "9", count: width)
        let rows = (1...count).map {
            Delivery.event("", "\($0).01").replacing("SELLER_REV_SHARE", with: type) + "\n"
        }
        try bench.deliver(Delivery.header + rows.joined())
        try fix()
        #expect(try bench.replay().moved == count)
        #expect(try bench.states() == Array(repeating: "replayed", count: count))
        try bench.expectReconciled()
    }

    @Test func selectionIsObeyed() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.a, Self.a))
        try fix()
        var selection = RejectSelection()
        selection.cause = "is not numeric"
        #expect(try bench.replay(selection).moved == 0)
        selection.cause = "is empty, and it may not be"
        selection.ids = [
            try bench.postgres.query(
                "select max(reject_id) as id from ingest.reject where seller_id = $1",
                [.int(Int64(bench.sellerID))]
            ).only().int64("id")
        ]
        #expect(try bench.replay(selection).moved == 1)
        #expect(try lines() == ["3"])
        try bench.expectReconciled()
    }

    @Test func anotherSellersRejectsAreLeftAlone() throws {
        let other = try LoadBench(files: bench)
        try bench.put(Delivery.month(of: Self.a))
        try bench.load()
        try other.load()
        try fix()
        #expect(try bench.replay().moved == 1)
        #expect(try other.states() == ["waiting"])
        #expect(try other.replay().moved == 1)
        try bench.expectClean()
        try other.expectClean()
    }

    // MARK: With rewrites and snapshots

    @Test func rewriteOfReplayedRowsLetsThemStand() throws {
        try bench.deliver(Delivery.month(of: Self.a, Delivery.event("e2")))
        try fix()
        try bench.replay()
        let outcome = try bench.deliver(Delivery.month(of: Delivery.event("e3"), Self.a))
        #expect(outcome.rowsLoaded == 1)
        #expect(outcome.rowsStanding == 1)
        #expect(outcome.rowsVanished == 1)
        try bench.expectClean(exceptVanished: true)
    }

    @Test func correctedRecordNoLongerWaits() throws {
        try bench.deliver(Delivery.month(of: Delivery.event("e1"), Self.bad, Self.bad))
        let outcome = try bench.deliver(
            Delivery.month(of: Delivery.event("x", "12"), Delivery.event("e1"), Self.bad))
        #expect(outcome.kind == .rewritten)
        #expect(try bench.states() == ["superseded", "waiting"])
        try bench.expectClean()
        // And when it is bad once more, it waits once more.
        #expect(try bench.deliver(Delivery.month(of: Self.bad, Self.bad)).rowsRejected == 1)
        #expect(try bench.states() == ["superseded", "waiting", "waiting"])
        try bench.expectClean(exceptVanished: true)
    }

    @Test func recordThatARewriteBringsAfterTheFixNoLongerWaits() throws {
        try bench.deliver(Delivery.month(of: Delivery.event("e1"), Self.a))
        try fix()
        #expect(
            try bench.deliver(Delivery.month(of: Self.a, Delivery.event("e1"))).rowsLoaded == 1)
        #expect(try bench.states() == ["superseded"])
        #expect(try bench.replay().moved == 0)
        try bench.expectClean()
    }

    @Test func rewriteThatFailsSettlesNothing() throws {
        try bench.deliver(Delivery.month(of: Self.bad, Delivery.event("e1")))
        _ = try bench.complaint(Delivery.month(of: Delivery.event("e1"), "\"x\"y"))
        #expect(try bench.states() == ["waiting"])
        try bench.expectReconciled()
    }

    @Test func dismissedRecordIsNotAskedAboutAgain() throws {
        try bench.deliver(Delivery.month(of: Self.bad, Delivery.event("e1")))
        try bench.dismiss()
        try bench.deliver(Delivery.month(of: Delivery.event("e1"), Self.bad))
        #expect(try bench.states() == ["dismissed"])
        #expect(
            try bench.deliver(Delivery.month(of: Self.bad, Self.bad)).rowsRejected == 1)
        #expect(try bench.states() == ["dismissed", "waiting"])
        try bench.expectReconciled()
    }

    @Test func snapshotReplacedMeanwhileTakesItsRejectsWithIt() throws {
        let key = Delivery.snapshotKey
        let (wrong, text) = ("c9,Product,twelve,USD\n", Delivery.snapshot(1...2))
        try bench.deliver(text + wrong, as: key)
        try bench.deliver(Delivery.snapshot(1...3), as: key)
        #expect(try bench.states() == [])
        #expect(try bench.replay().moved == 0)
        try bench.expectClean()
        // A dismissal outlives the version that it was made for.
        try bench.deliver(text + wrong, as: key)
        try bench.dismiss()
        try bench.deliver(Delivery.snapshot(1...4) + wrong + wrong, as: key)
        #expect(try bench.states() == ["dismissed", "waiting"])
        try bench.deliver(Delivery.snapshot(1...3), as: key)
        #expect(try bench.states() == ["dismissed"])
        try bench.expectClean()
    }

    @Test func replayedRowsOfASnapshotAreReplacedWithIt() throws {
        let key = Delivery.snapshotKey
        let table = "cas.daily_business_usage_by_instance_type"
        try bench.postgres.execute("alter table \(table) alter product_title set not null")
        let nameless = "c9,,1.25,USD\n"
        try bench.deliver(Delivery.snapshot(1...2) + nameless, as: key)
        try bench.postgres.execute("alter table \(table) alter product_title drop not null")
        #expect(try bench.replay().moved == 1)
        try bench.expectClean()
        let outcome = try bench.deliver(Delivery.snapshot(2...3) + nameless, as: key)
        #expect(outcome.rowsRemoved == 3)
        try bench.expectClean()
    }

    // MARK: Trouble

    @Test func headerThatNoLongerFitsIsToldAndTheOthersGoOn() throws {
        try bench.deliver(Delivery.month(of: Self.a))
        let april = "BillingEventFeed_V1/year=2026/month=04/data.csv"
        let titles = Delivery.header.replacing(",invoice_id,", with: ",,")
        try bench.deliver(titles + Self.a + "\n", as: april)
        try bench.postgres.execute(
            """
            alter table sdds.billing_event alter billing_event_id drop not null;
            update sdds.billing_event set invoice_id = 'none' where invoice_id is null;
            alter table sdds.billing_event alter invoice_id set not null
            """)
        let report = try bench.replay()
        #expect(report.failures.count == 1)
        #expect(
            report.failures.first?.hasPrefix(
                bench.name(of: april) + ": line 1: the header does not fit sdds.billing_event: "
                    + "column invoice_id, which may not be empty, is missing") == true)
        #expect(report.stayed == 1)
        try bench.expectReconciled()
    }

    @Test(
        "a connection that breaks at any operation costs nothing and doubles nothing",
        arguments: PostgresFaultProxy.Fault.allCases)
    func connectionBreaks(fault: PostgresFaultProxy.Fault) throws {
        let database = try ScratchDatabase.create(from: LoadBench.schema)
        var struck = 0
        for number in 1...500 {
            let bench = try LoadBench(on: database)
            try bench.postgres.execute(
                """
                delete from sdds.billing_event;
                alter table sdds.billing_event alter billing_event_id set not null
                """)
            try bench.deliver(Delivery.month(of: Self.a, Self.b, Self.bad))
            try bench.postgres.execute(
                "alter table sdds.billing_event alter billing_event_id drop not null")
            let proxy = try PostgresFaultProxy(
                to: .tcp(port: database.cluster.port), fault: fault, at: .operation(number))
            var session: Int32?
            do {
                let postgres = try PostgresConnection(database.tcpConninfo(port: proxy.port))
                session = postgres.backendPID
                try bench.replay(over: postgres)
            } catch let error as LoadError {
                #expect(error.disposition == .retry && error.isOfDatabase, "\(error)")
            } catch let error as PostgresError {
                #expect(error.isTransient, "\(error)")
            }
            guard proxy.fired != nil else { break }
            struck += 1
            try bench.waitForEnd(of: session)
            try bench.replay()
            try bench.expectClean()
            #expect(try bench.outcomes().filter { $0 == "replayed" }.count == 1)
        }
        #expect(struck > 8 && struck < 500)
    }

    @Test func severalReplaysAndLoadsOfOneFileTakeTurns() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.b, Self.bad, Delivery.event("e4")))
        try fix()
        try bench.put(
            Delivery.month(of: Self.a, Self.b, Self.bad, Delivery.event("e4"), Self.a))
        let (file, conninfo) = (bench.file(Delivery.key), bench.database.conninfo)
        let (path, bucket) = (bench.directory.path, bench.bucket)
        let moved = Mutex<[Int]>([])
        DispatchQueue.concurrentPerform(iterations: 6) { index in
            let result = Result {
                let postgres = try PostgresConnection(conninfo)
                guard index.isMultiple(of: 3) else {
                    return try Replay(on: postgres, worker: "bench", person: "tester")
                        .run(RejectSelection()).moved
                }
                let store = BenchStore(try DirectoryStore(path: path, bucket: bucket))
                let feed = try #require(try Feed.of(key: file.key, on: postgres))
                let loader = Loader(
                    postgres: postgres, store: store, limits: LoadLimits(), worker: "bench")
                _ = try loader.load(file, as: feed)
                return 0
            }
            moved.withLock { $0.append((try? result.get()) ?? -1) }
        }
        #expect(moved.withLock { $0 }.sorted() == [0, 0, 0, 0, 0, 2])
        try bench.expectClean()
    }

    // MARK: Helpers

    private func lines() throws -> [String] {
        try bench.texts("select line::text as text from sdds.billing_event where seller_id = $1")
    }
}

extension LoadBench {
    /// Replays this seller's rejects.
    @discardableResult
    func replay(
        _ selection: RejectSelection = RejectSelection(), isDryRun: Bool = false,
        over connection: PostgresConnection? = nil
    ) throws -> Replay.Report {
        var selection = selection
        selection.seller = try text("select name as text from ingest.seller where seller_id = $1")
        return try Replay(
            on: connection ?? postgres, worker: "bench", person: "tester", isDryRun: isDryRun
        ).run(selection)
    }

    /// Dismisses everything of this seller that waits.
    func dismiss() throws {
        var selection = RejectSelection()
        selection.seller = try text("select name as text from ingest.seller where seller_id = $1")
        _ = try RejectLedger(on: postgres).dismiss(selection, note: "a test", by: "tester")
    }

    func states() throws -> [String] {
        try texts("select state as text from ingest.reject where seller_id = $1")
    }

    /// Outcomes of all loads, the oldest first.
    func outcomes() throws -> [String] {
        try postgres.query(
            """
            select outcome from ingest.load join ingest.file using (file_id)
            where seller_id = $1 order by load_id
            """, [.int(Int64(sellerID))]
        ).map { try $0.string("outcome") }
    }

    /// Waits until the server has noticed that a session is gone.
    func waitForEnd(of session: Int32?) throws {
        guard let session else { return }
        let deadline = Date() + 30
        while Date() < deadline {
            let row = try postgres.query(
                "select exists (select from pg_stat_activity where pid = $1) as running",
                [.int(Int64(session))]
            ).only()
            guard try row.bool("running") else { return }
            usleep(1_000)  // a poll: the server gives no sign
        }
    }
}
