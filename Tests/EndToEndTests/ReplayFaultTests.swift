import Foundation
import Support
import Testing

/// `sluice rejects replay` beside loads, and killed in the middle.
@Suite struct ReplayFaultTests {
    private static let key = "BillingEventFeed_V1/year=2026/month=01/data.csv"
    private static let header =
        "billing_event_id,action,transaction_type,amount,currency,valid_from,update_date\n"
    private static let instant = "2026-01-01T00:00:00Z"

    private static func rows(_ ids: [String]) -> String {
        ids.map { "\($0),INVOICED,SALE,1.5,USD,\(instant),\(instant)\n" }.joined()
    }

    /// A desk whose table takes records without an id by now; records 2 and 4 were rejected before.
    private func mendedDesk() throws -> Desk {
        let desk = try Desk()
        try desk.deliver(Self.header + Self.rows(["e1", "", "e3", ""]), to: Self.key)
        let loaded = try desk.backfill()
        try #require(loaded.status == 0, "\(loaded)")
        try desk.database.psql(
            "alter table sdds.billing_event alter billing_event_id drop not null")
        return desk
    }

    @Test func aReplayThatIsKilledLosesNothingAndDoublesNothing() throws {
        let desk = try mendedDesk()
        try desk.database.hold(atLine: 4)
        let replay = try desk.start(["rejects", "replay"])
        try desk.wait(for: ScratchDatabase.held, while: replay)
        replay.signal(SIGKILL)
        _ = replay.wait()
        #expect(try desk.database.number("select count(*) from sdds.billing_event") == 2)
        try desk.database.letGo()
        let again = try desk.run(["rejects", "replay"])
        #expect(again.standardOutput.hasPrefix("2 rejects moved to their table\n"), "\(again)")
        try expectEverything(of: desk, rows: 4)
    }

    @Test func aReplayInTheMiddleOfALoadWaitsForIt() throws {
        let desk = try mendedDesk()
        try desk.deliver(
            Self.header + Self.rows(["e1", "", "e3", "", "e5", ""]), to: Self.key)
        try desk.database.hold(atLine: 5)
        let load = try desk.start(["backfill", desk.exports.path])
        try desk.wait(for: ScratchDatabase.held, while: load)
        let replay = try desk.start(["rejects", "replay"])
        try desk.wait(
            for: """
                pg_stat_activity where query like '%then pg_try_advisory_lock%' and state = 'idle'
                    and datname = current_database()
                """, while: replay)
        #expect(try desk.database.number("select count(*) from sdds.billing_event") == 2)
        try desk.database.letGo()
        let (loaded, replayed) = (load.wait(), replay.wait())
        #expect(loaded.status == 0, "\(loaded)")
        #expect(replayed.status == 0, "\(replayed)")
        #expect(replayed.standardOutput.hasPrefix("2 rejects moved to their table\n"))
        try expectEverything(of: desk, rows: 6)
    }

    /// A load in the middle of a replay waits too, and finds the rows that it brings.
    @Test func aRewriteInTheMiddleOfAReplayWaitsForIt() throws {
        let desk = try mendedDesk()
        try desk.database.hold(atLine: 4)
        let replay = try desk.start(["rejects", "replay"])
        try desk.wait(for: ScratchDatabase.held, while: replay)
        try desk.deliver(Self.header + Self.rows(["", "e3", "", "e1"]), to: Self.key)
        let load = try desk.start(["backfill", desk.exports.path])
        try desk.wait(
            for: """
                pg_stat_activity where query like '%then pg_try_advisory_lock%' and state = 'idle'
                    and datname = current_database()
                """, while: load)
        try desk.database.letGo()
        let (loaded, replayed) = (load.wait(), replay.wait())
        #expect(replayed.status == 0, "\(replayed)")
        #expect(loaded.status == 0, "\(loaded)")
        #expect(try desk.ledger(Self.key).load == "rewritten|4|0|0")
        try expectEverything(of: desk, rows: 4)
    }

    /// Every record is in the table once, and the loads and their totals say so.
    private func expectEverything(of desk: Desk, rows: Int) throws {
        #expect(try desk.database.number("select count(*) from sdds.billing_event") == rows)
        #expect(try desk.database.isBalanced())
        let total = try desk.database.psql(
            """
            select trim_scale(sum(amount)) = (select trim_scale(sum(amount))
                from sdds.billing_event) from ingest.load_total
            """)
        #expect(total == "t")
        #expect(try desk.run(["rejects"]).standardOutput == "No rejects are waiting.\n")
        #expect(
            try desk.database.number(
                "select count(*) from ingest.load where outcome = 'replayed'") == 1)
    }
}

extension Desk {
    /// Polls until a table, or the part of it that a condition leaves, has a row.
    fileprivate func wait(for table: String, while process: ChildProcess) throws {
        let deadline = Date(timeIntervalSinceNow: 60)
        while try database.number("select count(*) from \(table)") == 0 {
            guard process.isRunning, Date() < deadline else {
                process.signal(SIGKILL)
                throw process.wait()
            }
            usleep(20_000)  // a poll: a table cannot be waited for
        }
    }
}
