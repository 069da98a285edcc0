import Foundation
import Support
import Testing

/// What should have come and has not: `ingest.finding`, `sluice expect`, `sluice status`.
@Suite struct ExpectationTests {
    private static let set = "daily_business_usage_by_instance_type"

    private func usageKey(_ day: String) -> String { "cas/\(Self.set)_\(day).csv" }

    private func usage(rows: Int) -> String {
        "Product Code,Currency\n" + String(repeating: "code,USD\n", count: rows)
    }

    /// A desk with one daily file for each of the days, read on that day.
    private func desk(days: [(day: String, rows: Int)]) throws -> Desk {
        let desk = try Desk()
        for (day, rows) in days { try desk.deliver(usage(rows: rows), to: usageKey(day)) }
        #expect(try desk.backfill().succeeded)
        return desk
    }

    /// As if every file had been read on the day after the last that it covers.
    private func readInTime(_ desk: Desk) throws {
        try desk.database.psql(
            """
            update ingest.version v set first_read_at = upper(ingest.key_period(f.key))
            from ingest.file f where f.file_id = v.file_id
            """)
    }

    private func findings(_ desk: Desk) throws -> [String] {
        try desk.database.psql(
            "select kind, coalesce(period::text, '-') from ingest.finding order by kind, period"
        ).split(separator: "\n").map(String.init)
    }

    @Test func historyThatWasLoadedOncePromisesNothing() throws {
        let desk = try desk(days: [("2024-03-01", 20), ("2024-03-02", 20)])
        #expect(try findings(desk) == [])
        #expect(try desk.run(["status", "--check"]).succeeded)
        #expect(
            try desk.run(["expect"]).standardOutput.hasSuffix("Everything came as it should.\n"))
    }

    @Test func dailySetThatWasFollowedAndStopsIsLate() throws {
        let desk = try desk(days: [("2026-03-01", 20), ("2026-03-02", 20)])
        try readInTime(desk)
        #expect(try findings(desk) == ["late|-"])
        let status = try desk.run(["status"])
        #expect(
            status.standardOutput.contains(
                """
                Deliveries that did not come as they should; see: sluice expect
                  default cas.\(Self.set), late: nothing has come since 2026-03-03 00:00 UTC; \
                its last day is 2026-03-02. Look at the bucket and at the feed's subscription
                """), "\(status)")
        #expect(try desk.run(["status", "--check"]).status == 1)
    }

    @Test func whatAnOperatorMutesOrGrantsTimeIsNotLate() throws {
        let desk = try desk(days: [("2026-03-01", 20)])
        try readInTime(desk)
        let feed = "cas.\(Self.set)"
        #expect(
            try desk.run(["expect", "set", "default", feed, "--quiet-after", "100 years"]).succeeded
        )
        #expect(try findings(desk) == [])
        #expect(
            try desk.run(["expect", "set", "default", feed, "--quiet-after", "1 day"]).succeeded)
        #expect(try findings(desk) == ["late|-"])
        #expect(
            try desk.run(["expect", "set", "default", feed, "--mute", "--note", "left"]).succeeded)
        #expect(try findings(desk) == [])
        #expect(try desk.run(["expect"]).standardOutput.contains("muted       left"))
        #expect(try desk.run(["expect", "set", "default", feed, "--no-mute"]).succeeded)
        #expect(try findings(desk) == ["late|-"])
    }

    @Test func daysAndMonthsBetweenTwoFilesAreMissed() throws {
        let desk = try desk(days: [("2024-02-27", 1), ("2024-02-28", 1), ("2024-03-02", 1)])
        for month in [1, 2, 5] {
            try desk.deliver(Desk.products(1...3), to: Desk.productKey(month))
        }
        let history = "ProductFeed_V1/year=2010/month=01/data.csv"
        try desk.deliver(Desk.products(7...8), to: history)
        #expect(try desk.backfill().succeeded)
        #expect(
            try findings(desk) == [
                "missing|[2024-02-29,2024-03-02)", "missing|[2026-03-01,2026-05-01)",
            ])
        let waived = try desk.run([
            "expect", "waive", "default", "cas.\(Self.set)", "--since", "2024-02-29", "--until",
            "2024-03-01", "--note", "not asked for",
        ])
        #expect(waived.succeeded, "\(waived)")
        #expect(try findings(desk) == ["missing|[2026-03-01,2026-05-01)"])
        #expect(
            try desk.run(["expect", "set", "default", "sdds.product", "--since", "2026-05"])
                .succeeded)
        #expect(try findings(desk) == [])
    }

    @Test(
        arguments: [
            // Rows of four daily files in turn, whether the last is a finding.
            ([10, 10, 10, 0], true), ([10, 9, 10, 0], false), ([0, 10, 10, 0], false),
            ([10, 10, 10, 1], false),
        ])
    func fileWithoutRowsIsAFindingAfterThreeWithMany(rows: [Int], isFinding: Bool) throws {
        let days = zip(1..., rows).map { (day: "2024-03-0\($0)", rows: $1) }
        let desk = try desk(days: days)
        #expect(try findings(desk) == (isFinding ? ["empty|[2024-03-04,2024-03-05)"] : []))
    }

    @Test func newestMonthOfALogMayStillBeEmpty() throws {
        let desk = try Desk()
        for month in 1...3 {
            try desk.deliver(Desk.products(1...12), to: Desk.productKey(month))
        }
        try desk.deliver(Desk.productHeader, to: Desk.productKey(4))
        #expect(try desk.backfill().succeeded)
        #expect(try findings(desk) == [])
        try desk.deliver(Desk.products(1...2), to: Desk.productKey(5))
        #expect(try desk.backfill().succeeded)
        #expect(try findings(desk) == ["empty|[2026-04-01,2026-05-01)"])
    }

    @Test func fileThatLosesMoreThanHalfOfItsRowsIsAFinding() throws {
        let desk = try desk(days: [("2024-03-01", 20)])
        try desk.deliver(Desk.products(1...20), to: Desk.productKey(1))
        #expect(try desk.backfill().succeeded)
        try desk.deliver(usage(rows: 9), to: usageKey("2024-03-01"))
        try desk.deliver(Desk.products(12...20), to: Desk.productKey(1))
        #expect(try desk.backfill().succeeded)
        #expect(
            try findings(desk)
                == ["shrunk|[2024-03-01,2024-03-02)", "shrunk|[2026-01-01,2026-02-01)"])
        let told = try desk.run(["expect"]).standardOutput
        #expect(
            told.contains(
                "shrunk: \(desk.name(usageKey("2024-03-01"))) fell from 20 rows to 9"), "\(told)")
        #expect(try desk.run(["keep", "--all"]).succeeded)
        #expect(try findings(desk) == ["shrunk|[2024-03-01,2024-03-02)"])
    }

    @Test func noticeThatThereIsNothingNewKeepsAQuietFeedAlive() throws {
        let cloud = try SimulatedCloud(.none)
        let billing = try Deliveries.billing(rows: 3)
        try cloud.put([billing])
        try cloud.drain()
        try cloud.database.psql(
            "update ingest.version set first_read_at = '2026-01-15 00:00Z'")
        func late() throws -> String {
            try cloud.database.psql("select feed from ingest.finding where kind = 'late'")
        }
        #expect(try late() == "sdds.billing_event")
        for run in ["a", "a", "b"] {
            try cloud.send([
                """
                {"executionId": "\(run)", "processedFiles": [], "executionStatus": "SKIPPED",
                 "errors": [], "feedType": "BillingEventFeed_V1"}
                """
            ])
        }
        try cloud.drain()
        #expect(try late() == "")
        #expect(
            try cloud.database.psql(
                "select execution_id, feed, status from ingest.delivery_notice order by 1")
                == "a|sdds.billing_event|SKIPPED\nb|sdds.billing_event|SKIPPED")
    }

    @Test func workerPutsFindingsIntoItsLog() throws {
        let cloud = try SimulatedCloud(.none)
        try cloud.put([try Deliveries.billing(rows: 3)])
        try cloud.drain()
        try cloud.database.psql(
            """
            update ingest.version set first_read_at = '2026-01-15 00:00Z';
            delete from ingest.sweep
            """)
        let worker = try cloud.startWorker([], ["SLUICE_SWEEP_MINUTES": "1"])
        let finding = "acme sdds.billing_event, late: nothing has come since 2026-01-15"
        try worker.waitForOutput(containing: finding)
        // The next sweep finds the same, the one after it that somebody has seen to it.
        try cloud.database.psql("delete from ingest.sweep")
        try #require(try cloud.waitForRow("ingest.sweep", while: worker))
        let muted = try Program().run([
            "expect", "set", "acme", "sdds.billing_event", "--mute", "--database",
            cloud.database.conninfo,
        ])
        #expect(muted.succeeded, "\(muted)")
        try cloud.database.psql("delete from ingest.sweep")
        try worker.waitForOutput(containing: "has ended: \(finding)")
        worker.signal(SIGTERM)
        let stopped = worker.wait(limitSeconds: 15)
        #expect(stopped.succeeded)
        #expect(stopped.standardError.split(separator: finding).count - 1 == 2)
    }

    @Test(
        arguments: [
            (["set", "nobody", "sdds.product", "--mute"], "there is no seller nobody"),
            (["set", "default", "sdds.produce", "--mute"], "there is no feed sdds.produce"),
            (["set", "default", "sdds.product"], "say what to change"),
            (["set", "default", "sdds.product", "--quiet-after", "soon"], "invalid input syntax"),
            (["set", "default", "sdds.product", "--since", "2026-02-30"], "not in the calendar"),
            (
                [
                    "waive", "default", "sdds.product", "--since", "2026-02-03", "--until",
                    "2026-02-01", "--note", "x",
                ], "--until is before --since"
            ),
            (["list", "--seller", "nobody"], "there is no seller nobody"),
        ])
    func mistakeIsNamed(arguments: [String], message: String) throws {
        let desk = try Desk()
        try desk.deliver(Desk.products(1...3), to: Desk.productKey(1))
        #expect(try desk.backfill().succeeded)
        let done = try desk.run(["expect"] + arguments)
        #expect(!done.succeeded)
        #expect(done.standardError.contains(message), "\(done)")
    }
}
