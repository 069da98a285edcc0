import Dispatch
import Feeds
import Foundation
import Postgres
import Support
import Synchronization
import Testing

/// A log file whose loaded part is no longer what it was.
@Suite struct RewriteLoadTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench() }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let before: String
        let after: String
        let loaded: Int
        let standing: Int
        let vanished: Int
    }

    private static let a = Delivery.event("a")
    private static let b = Delivery.event("b", "2")
    private static let c = Delivery.event("c", "3", "EUR")
    private static let d = Delivery.event("d", "4", "")

    @Test(
        "new rows are added, rows that stand are left alone, rows that vanished stay and are listed",
        arguments: [
            Case(
                testDescription: "a row put before the others",
                before: Delivery.month(of: a, b), after: Delivery.month(of: c, a, b),
                loaded: 1, standing: 2, vanished: 0),
            Case(
                testDescription: "another order",
                before: Delivery.month(of: a, b, c), after: Delivery.month(of: c, b, a),
                loaded: 0, standing: 3, vanished: 0),
            Case(
                testDescription: "a value that changed",
                before: Delivery.month(of: a, b, c),
                after: Delivery.month(of: a, Delivery.event("b", "2.5"), c),
                loaded: 1, standing: 2, vanished: 1),
            Case(
                testDescription: "a value that became NULL",
                before: Delivery.month(of: a, b),
                after: Delivery.month(of: a, Delivery.event("b", "")),
                loaded: 1, standing: 1, vanished: 1),
            Case(
                testDescription: "a shrunk file",
                before: Delivery.month(of: a, b, c), after: Delivery.month(of: a),
                loaded: 0, standing: 1, vanished: 2),
            Case(
                testDescription: "a file that lost all its rows",
                before: Delivery.month(of: a, b), after: Delivery.header,
                loaded: 0, standing: 0, vanished: 2),
            Case(
                testDescription: "a row more of two that are equal",
                before: Delivery.month(of: a, a, b), after: Delivery.month(of: b, a, a, a),
                loaded: 1, standing: 3, vanished: 0),
            Case(
                testDescription: "a row less of three that are equal",
                before: Delivery.month(of: a, a, a, b), after: Delivery.month(of: b, a, a),
                loaded: 0, standing: 3, vanished: 1),
            Case(
                testDescription: "nothing in common",
                before: Delivery.month(of: a, b), after: Delivery.month(of: c, d),
                loaded: 2, standing: 0, vanished: 2),
            Case(
                testDescription: "a header in another order",
                before: "action,transaction_type,valid_from,update_date,billing_event_id\n"
                    + "X,Y,\(Delivery.day),\(Delivery.day),1\n",
                after: "billing_event_id,action,transaction_type,valid_from,update_date\n"
                    + "1,X,Y,\(Delivery.day),\(Delivery.day)\n"
                    + "2,X,Y,\(Delivery.day),\(Delivery.day)\n",
                loaded: 1, standing: 1, vanished: 0),
            Case(
                testDescription: "a header that gains a column, without values for old rows",
                before: Delivery.month(of: a, b),
                after: Delivery.month(of: a + ",", b + ",", c + ",new")
                    .replacing("update_date\n", with: "update_date,New Column\n"),
                loaded: 1, standing: 2, vanished: 0),
            Case(
                testDescription: "the same values written in another way",
                before: Delivery.month(of: Delivery.event("1", "1")),
                after: Delivery.header + "\"1\",INVOICED,SELLER_REV_SHARE,1,\"USD\",\"\","
                    + "2026-03-01T00:00:00.000Z,\(Delivery.day)\r\n",
                loaded: 0, standing: 1, vanished: 0),
        ])
    func rewrite(_ test: Case) throws {
        try bench.deliver(test.before)
        let before = try keys()
        let outcome = try bench.deliver(test.after)
        #expect(outcome.kind == .rewritten)
        #expect(outcome.rowsLoaded == test.loaded)
        #expect(outcome.rowsStanding == test.standing)
        #expect(outcome.rowsVanished == test.vanished)
        #expect(outcome.rowsRead == test.loaded + test.standing)
        #expect(try Set(before).isSubset(of: keys()), "rows of before keep version and line")
        #expect(try keys().count == before.count + test.loaded)
        #expect(try open().count == test.vanished)
        try bench.expectClean(exceptVanished: true)
        // The same version again: nothing to fetch. Extended: continued, not compared again.
        let reads = bench.store.reads
        #expect(try bench.load() == Outcome(.unchanged))
        #expect(bench.store.reads == reads)
        let header = String(test.after.prefix { $0 != "\n" && $0 != "\r\n" })
        guard header + "\n" == Delivery.header else { return }
        #expect(try bench.deliver(test.after + Delivery.event("z") + "\n").kind == .extended)
        try bench.expectClean(exceptVanished: true)
    }

    @Test func compressedFileIsComparedAsItsContentIs() throws {
        try bench.deliver(gzip(Delivery.month(1...4), Delivery.events(5...8)))
        let outcome = try bench.deliver(gzip(Delivery.month(2...5), Delivery.events(6...9)))
        #expect(outcome.kind == .rewritten)
        #expect(outcome.rowsVanished == 1)
        #expect(outcome.rowsLoaded == 1)
        try bench.expectClean(exceptVanished: true)
    }

    @Test func vanishedRowIsListedWithTheVersionThatLackedIt() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.b))
        try bench.deliver(Delivery.month(of: Self.b))
        let listed = try bench.texts(
            """
            select concat_ws(' ', t.billing_event_id, v.feed, m.version_id = f.version_id,
                v.decision is null) as text
            from ingest.vanished v
            join sdds.billing_event t using (seller_id, version_id, line)
            join ingest.version m on m.version_id = v.missing_from
            join ingest.file f on f.file_id = v.file_id
            where v.seller_id = $1
            """)
        #expect(listed == ["a sdds.billing_event t t"])
    }

    // MARK: What the operator says

    @Test func acceptedRowsAreRemoved() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.b, Self.b))
        try bench.deliver(Delivery.month(of: Self.b))
        #expect(try decide(.accept) == 2)
        #expect(try open() == [])
        try bench.expectClean()
        #expect(try decisions() == ["accepted tester", "accepted tester"])
        #expect(try decide(.accept) == 0, "nothing is left to decide")
    }

    @Test func acceptedRowThatComesBackIsLoaded() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.b))
        try bench.deliver(Delivery.month(of: Self.b))
        _ = try decide(.accept)
        #expect(try bench.deliver(Delivery.month(of: Self.a, Self.b)).rowsLoaded == 1)
        try bench.expectClean()
    }

    @Test func keptRowsStayAndAreNotListedAgain() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.b))
        try bench.deliver(Delivery.month(of: Self.b))
        #expect(try decide(.keep) == 1)
        #expect(try decisions() == ["kept tester"])
        #expect(try bench.deliver(Delivery.month(of: Self.c, Self.b)).rowsVanished == 0)
        #expect(try open() == [])
        try bench.expectClean(exceptVanished: true)
        // It is in the table when it comes back, so it is not loaded a second time.
        #expect(try bench.deliver(Delivery.month(of: Self.a, Self.b, Self.c)).rowsLoaded == 0)
        try bench.expectClean()
    }

    @Test func decisionIsAboutOneFileOnly() throws {
        let april = "BillingEventFeed_V1/year=2026/month=04/data.csv"
        for key in [Delivery.key, april] {
            try bench.deliver(Delivery.month(1...3), as: key)
            try bench.deliver(Delivery.month(2...3), as: key)
        }
        #expect(try decide(.accept) == 1)
        #expect(try open().count == 1)
        try bench.expectClean(exceptVanished: true)
    }

    /// A load that finds the row again, and has not committed yet, is waited for.
    @Test func decisionWaitsForALoadThatFindsTheRowAgain() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.b))
        try bench.deliver(Delivery.month(of: Self.b))
        let loading = try PostgresConnection(bench.database.conninfo)
        try loading.begin()
        try loading.query(
            """
            update ingest.vanished set decision = 'returned', decided_at = now()
            where seller_id = $1
            """, [.int(Int64(bench.sellerID))])
        let (name, conninfo) = (bench.name(of: Delivery.key), bench.database.conninfo)
        let session = Mutex<Int32?>(nil)
        let decided = Mutex<Int?>(nil)
        let operatorEnded = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            defer { operatorEnded.signal() }
            // A failure leaves the result nil, which is not what is expected.
            guard let postgres = try? PostgresConnection(conninfo) else { return }
            session.withLock { $0 = postgres.backendPID }
            let rows = try? Decision.accept.apply(to: name, by: "tester", on: postgres)
            decided.withLock { $0 = rows }
        }
        let deadline = Date() + 30
        while try !isWaiting(session.withLock { $0 }), Date() < deadline { usleep(1_000) }
        try loading.commit()
        operatorEnded.wait()
        #expect(decided.withLock { $0 } == 0)
        #expect(try keys().count == 2)
    }

    private func isWaiting(_ session: Int32?) throws -> Bool {
        try bench.postgres.query(
            "select cardinality(pg_blocking_pids($1::integer)) > 0 as waiting",
            [.int(Int64(session ?? 0))]
        ).only().bool("waiting")
    }

    // MARK: Again and again

    @Test func rowThatReturnsNeedsNoDecision() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.b))
        try bench.deliver(Delivery.month(of: Self.b))
        let outcome = try bench.deliver(Delivery.month(of: Self.a, Self.b))
        #expect(outcome.rowsLoaded == 0)
        #expect(outcome.rowsStanding == 2)
        #expect(try decisions() == ["returned"])
        try bench.expectClean()
        // And when it vanishes once more, it is listed once more.
        #expect(try bench.deliver(Delivery.month(of: Self.b)).rowsVanished == 1)
        #expect(try open().count == 1)
        try bench.expectClean(exceptVanished: true)
    }

    /// What stands before the checkpoint is as it was, so the file seems only to have grown.
    @Test(arguments: 0...2, [1, 2, 100])
    func rowsThatReturnBehindTheCheckpointAreThereOnce(count: Int, batchRows: Int) throws {
        bench.limits.batchRows = batchRows
        let rows = [Self.a, Self.b, Self.c].map { $0 + "\n" }
        try bench.deliver(Delivery.header + rows.joined())
        let rest = Delivery.header + rows.prefix(count).joined()
        #expect(try bench.deliver(rest).rowsVanished == 3 - count)
        // A row that had not been there grows the file as ever.
        let grown = rest + Self.d + "\n"
        #expect(try bench.deliver(grown).kind == .extended)
        #expect(try open().count == 3 - count)
        let outcome = try bench.deliver(grown + rows.dropFirst(count).joined())
        #expect(outcome.kind == .rewritten)
        #expect(outcome.rowsLoaded == 0)
        #expect(try open() == [])
        try bench.expectClean()
    }

    @Test(arguments: [1, 100])
    func keptRowsThatReturnBehindTheCheckpointAreThereOnce(batchRows: Int) throws {
        bench.limits.batchRows = batchRows
        try bench.deliver(Delivery.month(of: Self.a, Self.b, Self.b))
        try bench.deliver(Delivery.month(of: Self.a))
        #expect(try decide(.keep) == 2)
        try bench.deliver(Delivery.month(of: Self.a, Self.c, Self.b, Self.d))
        #expect(try keys().count == 5)
        try bench.deliver(Delivery.month(of: Self.a, Self.c, Self.b, Self.d, Self.b))
        try bench.expectClean()
    }

    @Test func rowThatIsListedIsNotCountedAgain() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.b))
        #expect(try bench.deliver(Delivery.month(of: Self.b)).rowsVanished == 1)
        #expect(try bench.deliver(Delivery.month(of: Self.c, Self.b)).rowsVanished == 0)
        #expect(try open().count == 1)
        try bench.expectClean(exceptVanished: true)
    }

    @Test func equalRowsVanishAndReturnOneByOne() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.a, Self.a))
        #expect(try bench.deliver(Delivery.month(of: Self.b, Self.a)).rowsVanished == 2)
        #expect(try bench.deliver(Delivery.month(of: Self.a, Self.a, Self.b)).rowsLoaded == 0)
        #expect(try decisions() == ["", "returned"])
        try bench.expectClean(exceptVanished: true)
        #expect(try decide(.accept) == 1)
        try bench.expectClean()
    }

    /// Versions that grow, shrink, change and break off: whatever came before, the last one counts.
    @Test("any sequence of versions ends in the last one", arguments: 1...16)
    func anySequenceOfVersions(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        bench.limits.batchRows = 2
        bench.store.chunkBytes = 70
        var rows: [String] = []
        for _ in 1...8 {
            if random.below(2) == 0 { rows = Array(rows.prefix(random.below(8))) }
            rows += (0..<random.below(8)).map { _ in
                Delivery.event("e\(random.below(6))", "\(random.below(2))") + "\n"
            }
            let text = Delivery.header + rows.joined()
            try bench.put(
                random.below(3) == 0 ? gzip(text) : Array(text.utf8), as: Delivery.key)
            let last = random.below(2) == 0 ? random.below(text.utf8.count / 70 + 1) : Int.max
            bench.store.beforeChunk = { number in
                guard number > last else { return }
                throw StoreError(.unavailable, "the store is down")
            }
            do {
                try bench.load()
                try bench.expectClean(exceptVanished: true)
            } catch let error as LoadError {
                #expect(error.disposition == .retry)
            }
            guard random.below(4) == 0 else { continue }
            _ = try decide(.accept)
        }
        bench.store.beforeChunk = { _ in }
        try bench.load()
        _ = try decide(.accept)
        try bench.expectClean()
    }

    // MARK: Rejects

    @Test func rejectThatIsStillThereStands() throws {
        let bad = Delivery.event("x", "12,5")
        try bench.deliver(Delivery.month(of: Self.a, bad, bad))
        let outcome = try bench.deliver(Delivery.month(of: bad, Self.b, Self.a, bad, bad))
        #expect(outcome.kind == .rewritten)
        #expect(outcome.rowsLoaded == 1)
        #expect(outcome.rowsRejected == 1)
        #expect(outcome.rowsStanding == 3)
        try bench.expectClean()
    }

    // MARK: What cannot be read

    @Test func rewriteThatCannotBeReadToItsEndChangesNothing() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.b))
        let before = try bench.tables()
        let complaint = try bench.complaint(Delivery.month(of: Self.c, "\"x\"y", Self.b))
        #expect(complaint.contains("line 3, byte "))
        let after = try bench.tables()
        #expect(after.rows == before.rows)
        #expect(try open() == [])
        try bench.expectReconciled()
        #expect(try bench.deliver(Delivery.month(of: Self.c, Self.a, Self.b)).rowsLoaded == 1)
        try bench.expectClean()
    }

    @Test func emptyFileInPlaceOfAFullOneChangesNothing() throws {
        try bench.deliver(Delivery.month(of: Self.a, Self.b))
        let complaint = try bench.complaint("")
        #expect(
            complaint == bench.name(of: Delivery.key)
                + ": is empty: not even a header. Deliver it again; a file without rows still has "
                + "its header")
        #expect(try keys().count == 2)
        #expect(try open() == [])
        try bench.expectReconciled()
    }

    // MARK: Helpers

    /// Version and line of every row.
    private func keys() throws -> [String] {
        try bench.texts(
            "select version_id || ' ' || line as text from sdds.billing_event where seller_id = $1")
    }

    /// Rows that wait for a decision.
    private func open() throws -> [String] {
        try bench.texts(
            """
            select version_id || ' ' || line as text from ingest.vanished
            where seller_id = $1 and decision is null
            """)
    }

    private func decisions() throws -> [String] {
        try bench.texts(
            "select concat_ws(' ', decision, decided_by) as text from ingest.vanished where seller_id = $1"
        )
    }

    private func decide(_ decision: Decision) throws -> Int {
        try decision.apply(
            to: bench.name(of: Delivery.key), by: "tester", on: bench.postgres)
    }
}
