import Foundation
import Support
import Testing

/// `sluice request`: what is asked for, and what is not.
@Suite struct RequestTests {
    private static let daily = MarketDesk.daily
    private static let payout = MarketDesk.payout

    @Test func whatIsAskedForIsDeliveredAndLoaded() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01"], rows: 3)
        let done = try market.run(["request", Self.daily, "--date", "2026-03-01"])
        #expect(done.status == 0, "\(done)")
        #expect(done.standardOutput.contains("acme: asked for \(Self.daily) 2026-03-01: "))
        try market.drain()
        #expect(try market.requests == ["\(Self.daily)|2026-03-01|delivered"])
        let row = try market.desk.database.psql(
            """
            select attempts, cardinality(request_ids), covers_from, covers_until, f.key,
                r.version_id = f.version_id, next_attempt_at is null, answered_at >= called_at
            from ingest.request r join ingest.file f using (file_id)
            """)
        #expect(
            row == "1|1|2026-02-28 00:00:00+00|2026-02-28 23:59:59+00|"
                + "cas/\(Self.daily)_2026-03-01.csv|t|t|t")
        #expect(try market.desk.database.number("select count(*) from cas.\(Self.daily)") == 3)
        #expect(try market.run(["status", "--check", "--no-queues"]).status == 0)
        let list = try market.run(["request", "list", "--json"]).standardOutput
        let rows = try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [[String: Any]]
        #expect(rows?.first?["status"] as? String == "delivered")
        #expect(rows?.first?["seller"] as? String == "acme")
    }

    @Test func whatIsThereOrUnderWayIsNotAskedForAgainUnlessSaid() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01", "2026-03-02"])
        try market.ask("2026-03-01")
        try market.ask("2026-03-01")
        try market.drain()
        try market.ask("2026-03-01")
        #expect(try market.asked == ["\(Self.daily) 2026-03-01"])
        // What somebody else had asked for is there too.
        try market.put("Product Code\npc-9\n", to: "\(Self.daily)_2026-03-02.csv")
        #expect(try market.run(["backfill", "s3://\(market.place())"]).status == 0)
        try market.ask("2026-03-02")
        #expect(try market.asked.count == 1)
        try market.publish(Self.daily, ["2026-03-01"], rows: 7)
        try market.ask("2026-03-01", more: ["--again"])
        try market.drain()
        #expect(try market.asked.count == 2)
        #expect(
            try market.requests == [
                "\(Self.daily)|2026-03-01|superseded", "\(Self.daily)|2026-03-01|delivered",
            ])
        #expect(try market.desk.database.number("select count(*) from cas.\(Self.daily)") == 8)
    }

    @Test func planIsShownAndNothingIsAskedOnADryRun() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-02-01"])
        try market.ask("2026-02-01")
        let done = try market.run([
            "request", "--since", "2026-01-15", "--dry-run", "--until", "2026-02-20",
        ])
        #expect(done.status == 0, "\(done)")
        let table = done.standardOutput.split(separator: "\n")
            .map { $0.split(separator: " ").joined(separator: " ") }
        #expect(table.contains("\(Self.daily) 2026-01-15 2026-02-20 36 0 1 0"))
        #expect(table.contains("\(Self.payout) 2026-01-16 2026-02-16 3 0 0 0"))
        #expect(try market.asked.count == 1 && market.requests.count == 1)
    }

    @Test func historyIsAskedForFromItsFirstDate() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2017-09-15", "2017-09-16"])
        let done = try market.run([
            "request", Self.daily, "--since", "2017-01-01", "--until", "2017-09-16",
        ])
        #expect(done.status == 0, "\(done)")
        try market.drain()
        #expect(
            try market.requests == [
                "\(Self.daily)|2017-09-15|delivered", "\(Self.daily)|2017-09-16|delivered",
            ])
        // The newest is the most wanted.
        #expect(try market.asked.first == "\(Self.daily) 2017-09-16")
        let early = try market.run(["request", Self.daily, "--date", "2017-09-14"])
        #expect(early.status == 78)
        #expect(early.standardError.contains("can be asked for since 2017-09-15"))
        let bogus = try market.run(["request", "daily_busyness", "--date", "2026-01-01"])
        #expect(bogus.status == 78 && bogus.standardError.contains("there is no data set"))
    }

    @Test func dayOfAMonthlySetDoesNotMatter() throws {
        let market = try MarketDesk()
        try market.desk.database.psql(
            "update ingest.feed set cadence = 'monthly' where feed = 'cas.\(Self.daily)'")
        try market.publish(Self.daily, ["2026-03-15"])
        try market.ask("2026-03-02", "2026-03-28", "2026-03-15")
        #expect(try market.asked == ["\(Self.daily) 2026-03-15"])
    }

    @Test func payoutUnderTwoDatesIsOnePayout() throws {
        let market = try MarketDesk()
        try market.publish(Self.payout, ["2026-01-28"])
        for date in ["2026-02-01", "2026-02-16"] {
            #expect(try market.run(["request", Self.payout, "--date", date]).status == 0)
        }
        try market.drain()
        let coverage = try market.desk.database.psql(
            """
            select publication_date, is_repeat, rows, has_metadata, covers_until::date
            from cas.coverage order by publication_date
            """)
        #expect(coverage == "2026-02-01|f|2|t|2026-01-27\n2026-02-16|t|2|t|2026-01-27")
        let once = """
            select sum(net_amount) from cas.\(Self.payout)
            join cas.coverage using (seller_id, version_id) where not is_repeat
            """
        #expect(try market.desk.database.psql(once) == "20.50")
        #expect(try market.run(["request", Self.payout, "--date", "2026-02-10"]).status == 0)
        #expect(try market.asked.count == 2)
    }

    @Test func supportContactsAreAskedForFromAnInstant() throws {
        let market = try MarketDesk()
        let instant = "2022-01-31T00:00:00Z"
        for _ in 1...2 {
            let done = try market.run(["request", "support-contacts", "--from", instant])
            #expect(done.status == 0, "\(done)")
        }
        let calls = try market.market.read("requests")
        #expect(calls.count == 1)
        #expect(calls.first?["operation"] as? String == "StartSupportDataExport")
        #expect(try market.request("stem").hasSuffix("contacts_data_2022-01-31T00-00-00Z"))
    }

    @Test func sellerWithoutSettingsIsToldWhatIsMissing() throws {
        let desk = try Desk()
        #expect(try desk.run(["seller", "add", "bare", "--location", "b"]).status == 0)
        let done = try desk.run(["request", "--due", "--seller", "bare"])
        #expect(done.status == 78)
        #expect(done.standardError.contains("sluice seller add bare --cas-role ARN"))
        let cas = ["--cas-role", "arn:aws:iam::1:role/r", "--cas-topic", "arn:aws:sns:x:1:t"]
        let outside = try desk.run(["seller", "add", "bare", "--cas-location", "other/cas"] + cas)
        #expect(outside.status == 78)
        #expect(outside.standardError.contains("add --location other/cas"))
    }
}
