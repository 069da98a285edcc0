import Foundation
import Support
import Testing

/// What is loaded comes into `marketplace` by itself, whatever happens meanwhile.
@Suite struct RefreshTests {
    private static let soon = ["SLUICE_REFRESH_SECONDS": "1", "SLUICE_VISIBILITY_SECONDS": "5"]
    /// What an analyst sees.
    private static let shown =
        "select (select count(*) from marketplace.product) + (select count(*) from marketplace.address)"
    private static let waiting = "select count(*) from resolved.pending"

    @Test(arguments: [1, 2])
    func workersKeepMarketplaceUpToDate(count: Int) throws {
        let cloud = try SimulatedCloud()
        let workers = try (1...count).map { _ in try cloud.startWorker([], Self.soon) }
        for day in try Deliveries.days.get() {
            try cloud.put(day)
            try #require(try cloud.eventually { try cloud.isQueueEmpty })
            #expect(try cloud.eventually { try cloud.database.number(Self.waiting) == 0 })
        }
        let errors = try workers.map { try stop($0).standardError }.joined()
        #expect(errors.contains("marketplace refreshed in "))
        #expect(!errors.contains("not refreshed"), "\(errors)")
        #expect(try cloud.database.isMarketplaceWhole())
        #expect(try cloud.database.number("select count(*) from marketplace.billing_event") > 0)
    }

    @Test func drainEndsWithMarketplaceUpToDate() throws {
        let cloud = try SimulatedCloud(.none)
        try cloud.put(Deliveries.last.get())
        let keys = try Deliveries.last.get().map(\.key)
        try cloud.send(keys.map { try MessageShape.s3Event.body($0, in: cloud.bucket) })
        let workers = try (1...2).map { _ in try cloud.startWorker() }
        for worker in workers { #expect(worker.wait(limitSeconds: 60).succeeded) }
        #expect(try cloud.database.isMarketplaceWhole())
        try cloud.put([Deliveries.billing(rows: 3)])
        let without = try cloud.drain(["SLUICE_REFRESH_SECONDS": "0"])
        #expect(!without.standardOutput.contains("marketplace"))
        #expect(try cloud.database.number(Self.waiting) > 0)
    }

    /// Who dies while a refresh stands still in the middle of its work.
    enum Death: CaseIterable { case worker, connection }

    @Test(arguments: Death.allCases)
    func refreshThatIsKilledLeavesTheOldStateAndTheNextOneCompletes(_ death: Death) throws {
        let cloud = try SimulatedCloud()
        try cloud.put([Self.products(1...3)])
        try cloud.drain()
        let before = try cloud.database.psql(Self.shown)
        #expect(before == "3")
        try cloud.database.holdRefresh()
        let worker = try cloud.startWorker([], Self.soon)
        try cloud.put([Self.products(2...9)])
        try #require(try cloud.waitForRow(ScratchDatabase.held, while: worker))
        #expect(try cloud.database.psql(Self.shown) == before)
        switch death {
        case .worker:
            worker.signal(SIGKILL)
            _ = worker.wait()
            #expect(try cloud.database.psql(Self.shown) == before)
            try cloud.database.letGo()
            try cloud.drain()
        case .connection:
            try cloud.database.psql("select pg_terminate_backend(pid) from \(ScratchDatabase.held)")
            try worker.waitForOutput(containing: "marketplace is not refreshed")
            #expect(try cloud.database.psql(Self.shown) == before)
            try cloud.database.letGo()
            #expect(try cloud.eventually { try cloud.database.number(Self.waiting) == 0 })
            #expect(try stop(worker).succeeded)
        }
        #expect(try cloud.database.psql(Self.shown) == "9")
        #expect(try cloud.database.isMarketplaceWhole())
    }

    @Test func noLoadWaitsForARefreshAndNoWorkerQueuesForIt() throws {
        let cloud = try SimulatedCloud()
        try cloud.database.holdRefresh()
        let workers = try (1...2).map { _ in try cloud.startWorker([], Self.soon) }
        try cloud.put([Self.products(1...3)])
        try #require(try cloud.waitForRow(ScratchDatabase.held, while: workers[0]))
        for last in [5, 7, 9] {
            try cloud.put([Self.products(1...last)])
            let rows = "select count(*) from sdds.product"
            #expect(try cloud.eventually { try cloud.database.number(rows) == last })
        }
        #expect(try cloud.database.number("select count(*) from \(ScratchDatabase.held)") == 1)
        let queuing = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
        #expect(try cloud.database.number(queuing) == 0)
        #expect(try cloud.database.psql(Self.shown) == "0")
        try cloud.database.letGo()
        #expect(try cloud.eventually { try cloud.database.number(Self.waiting) == 0 })
        for worker in workers { #expect(try stop(worker).succeeded) }
        #expect(try cloud.database.psql(Self.shown) == "9")
        #expect(try cloud.database.isMarketplaceWhole())
    }

    @Test func refreshThatFailsIsToldAndTriedAgainAndStopsNoLoad() throws {
        let cloud = try SimulatedCloud()
        try cloud.database.failRefresh()
        let worker = try cloud.startWorker([], Self.soon)
        try cloud.put([Self.products(1...3)])
        try worker.waitForOutput(containing: "somebody has it")
        try worker.waitForOutput(containing: "see pg_locks. Loading goes on; trying again in 1 s")
        try cloud.put([Self.products(1...5)])
        let rows = "select count(*) from sdds.product"
        #expect(try cloud.eventually { try cloud.database.number(rows) == 5 })
        #expect(try cloud.eventually { try cloud.isQueueEmpty })
        try worker.waitForOutput(containing: "trying again in 2 s")
        try cloud.database.letGo()
        #expect(try cloud.eventually { try cloud.database.number(Self.waiting) == 0 })
        #expect(try stop(worker).succeeded)
        #expect(try cloud.database.isMarketplaceWhole())
    }

    @Test func stopRollsARefreshBack() throws {
        let cloud = try SimulatedCloud()
        try cloud.database.holdRefresh()
        let worker = try cloud.startWorker([], Self.soon)
        try cloud.put([Self.products(1...3)])
        try #require(try cloud.waitForRow(ScratchDatabase.held, while: worker))
        let stopped = try stop(worker)
        #expect(stopped.succeeded, "\(stopped)")
        #expect(try cloud.database.number("select count(*) from \(ScratchDatabase.held)") == 0)
        #expect(try cloud.database.psql(Self.shown) == "0")
        #expect(try cloud.database.number(Self.waiting) == 1)
    }

    private static func products(_ numbers: ClosedRange<Int>) -> DeliveredObject {
        DeliveredObject(key: Desk.productKey(), bytes: Array(Desk.products(numbers).utf8))
    }

    private func stop(_ worker: ChildProcess) throws -> Finished {
        worker.signal(SIGTERM)
        return worker.wait(limitSeconds: 30)
    }
}

/// What commands do to `marketplace` at their end.
@Suite struct RefreshingCommandTests {
    private let desk: Desk
    private let shown = "select count(*) from marketplace.product"

    init() throws {
        desk = try Desk()
        try desk.deliver(Desk.products(1...3), to: Desk.productKey())
    }

    @Test func backfillRefreshesUnlessToldNotTo() throws {
        let first = try desk.backfill(["--no-refresh"])
        #expect(!first.standardOutput.contains("marketplace"))
        #expect(try desk.database.psql(shown) == "0")
        let second = try desk.backfill()
        #expect(second.standardOutput.contains(", 0 files to look at"))
        #expect(
            second.standardOutput.hasLine(
                #/marketplace refreshed in \d+\.\d s: 3 rows of 1 tables changed/#), "\(second)")
        #expect(try desk.database.psql(shown) == "3")
        #expect(try desk.backfill().standardOutput.contains("marketplace") == false)
        try desk.deliver(Desk.products(1...4), to: Desk.productKey())
        #expect(try desk.backfill(["--no-refresh"]).succeeded)
        #expect(
            try desk.run(["refresh"]).standardOutput.hasPrefix(
                "sdds.product: 1 rows\nmarketplace refreshed in "))
        #expect(try desk.run(["refresh"]).standardOutput == "Nothing had changed.\n")
    }

    @Test func refreshThatFailsIsInTheExitCodeAndWhatWasLoadedStands() throws {
        try desk.database.failRefresh()
        let done = try desk.backfill()
        #expect(done.status == 69)
        #expect(done.standardOutput.contains("3 rows read = 3 loaded + 0 rejected"))
        #expect(done.standardError.contains("marketplace is not refreshed"))
        #expect(
            done.standardError.hasSuffix(
                "sluice: everything is done but for marketplace, which is behind; see above, then: "
                    + "sluice refresh\n"))
        #expect(try desk.products().count == 3)
        try desk.database.letGo()
        #expect(try desk.run(["refresh"]).succeeded)
        #expect(try desk.database.psql(shown) == "3")
    }

    @Test func acceptReloadAndReplayRefresh() throws {
        #expect(try desk.backfill().succeeded)
        try desk.deliver(Desk.products(2...3), to: Desk.productKey())
        try desk.deliver(
            Desk.productHeader + "prod-7,T,,2026-01-01T00:00:00Z\n", to: Desk.productKey(2))
        #expect(try desk.backfill().succeeded)
        #expect(try desk.database.psql(shown) == "3")
        #expect(try desk.run(["accept", "--all"]).succeeded)
        #expect(try desk.database.psql(shown) == "2")
        // The key has no such part then, and the row is of no version; it holds nothing else up.
        try desk.database.psql("alter table sdds.product alter valid_from drop not null")
        let replayed = try desk.run(["rejects", "replay"])
        #expect(replayed.succeeded, "\(replayed)")
        #expect(try desk.products() == ["prod-2", "prod-3", "prod-7"])
        #expect(try desk.database.psql(shown) == "2")
        #expect(try desk.database.isMarketplaceWhole())
        try desk.database.psql("delete from sdds.product where product_id = 'prod-3'")
        #expect(try desk.run(["refresh"]).succeeded)
        #expect(try desk.database.psql(shown) == "1")
        let reloaded = try desk.run(["reload", "--feed", "sdds.product"])
        #expect(reloaded.standardOutput.contains("marketplace refreshed in "), "\(reloaded)")
        #expect(try desk.database.psql(shown) == "2")
    }

    /// An entry of an agreement that is not delivered is on no line of the reports, but is settled.
    @Test func fullRefreshClearsTheLineThatAnEntryHasLeft() throws {
        let desk = try Desk()
        func entry(_ line: String, on day: String) -> FeedRow {
            writtenRow(
                [
                    "billing_event_id": "b", "action": "INVOICED", "amount": "9",
                    "transaction_type": "SELLER_REV_SHARE", "currency": "USD",
                    "product_id": "p", "agreement_id": "unknown", "recipient_account_id": "r",
                    "buyer_invoice_id": "i", "buyer_line_item_id": line, "invoice_id": "i",
                    "invoice_date": "2026-03-02T01:00:00Z",
                ], on: day)
        }
        try desk.deliver([entry("one", on: "2026-03-02")], of: "BillingEventFeed_V1")
        try desk.loadAll()
        try desk.deliver([entry("two", on: "2026-03-03")], of: "BillingEventFeed_V1")
        let loaded = try desk.run(["backfill", desk.exports.path + "/data", "--no-refresh"])
        #expect(loaded.succeeded)
        #expect(try desk.run(["refresh", "--full"]).succeeded)
        for table in ["settled_entry", "receivable"] {
            let lines = try desk.rows("select line_key from resolved.\(table)")
            #expect(lines.count == 1 && lines[0].contains("two"), "\(table): \(lines)")
        }
        #expect(try desk.database.psql("select billed from marketplace.monthly_totals") == "9")
    }

    @Test func definitionsThatChangedAreFollowedByAFullRefresh() throws {
        #expect(try desk.backfill().succeeded)
        // As an older definition would have made it.
        try desk.database.psql("update resolved.product set title = 'older'")
        let schema = try ScratchDirectory()
        let folder = schema.path + "/Schema"
        try FileManager.default.copyItem(atPath: Program.packageRoot + "/Schema", toPath: folder)
        let merge = try String(contentsOfFile: folder + "/resolved/merge.sql", encoding: .utf8)
        try schema.write(merge + "-- A newer one.\n", to: "Schema/resolved/merge.sql")
        let newer = ["SLUICE_SCHEMA": folder]
        let migrated = try desk.run(["migrate"], environment: newer)
        #expect(
            migrated.standardOutput == """
                applied resolved/merge.sql
                What marketplace is made of is defined anew: a worker works all of it out by \
                itself; without one: sluice refresh

                """)
        let wrong = "select count(*) from marketplace.product where title = 'older'"
        #expect(try desk.database.psql(wrong) == "3")
        #expect(try desk.backfill(environment: newer).succeeded)
        #expect(try desk.database.psql(wrong) == "0")
        #expect(
            try desk.run(["refresh"], environment: newer).standardOutput == "Nothing had changed.\n"
        )
    }
}

extension ScratchDatabase {
    /// Has every refresh wait in the middle of its work when it brings products in, until
    /// `letGo()`.
    fileprivate func holdRefresh() throws {
        try psql(
            """
            create table public.hold as select true as is_held;
            create function public.hold() returns trigger language plpgsql as $$
                begin
                    while exists (select from public.hold) loop perform pg_sleep(0.01); end loop;
                    return new;
                end $$;
            create trigger hold before insert on resolved.product
                for each row execute function public.hold();
            """)
    }

    /// Has every refresh fail when it brings products in, as for a lock that it may not wait for,
    /// until `letGo()`.
    fileprivate func failRefresh() throws {
        try psql(
            """
            create table public.hold as select true as is_held;
            create function public.fail() returns trigger language plpgsql as $$
                begin
                    if exists (select from public.hold) then
                        raise exception 'somebody has it' using errcode = 'lock_not_available';
                    end if;
                    return new;
                end $$;
            create trigger fail before insert on resolved.product
                for each row execute function public.fail();
            """)
    }
}

extension SimulatedCloud {
    /// Polls until something holds; says whether it ever did.
    fileprivate func eventually(_ holds: () throws -> Bool) throws -> Bool {
        let deadline = Date(timeIntervalSinceNow: 60)
        while Date() < deadline {
            if try holds() { return true }
            usleep(50_000)  // a poll: another process works on it
        }
        return false
    }
}
