import Foundation
import Support
import Testing

/// The worker asks by itself; AWS refuses, throttles, or is away.
@Suite struct RequesterTests {
    private static let daily = MarketDesk.daily

    private func days(_ market: MarketDesk, _ count: Int) throws -> [String] {
        try market.desk.database.psql(
            "select current_date - n from generate_series(\(count), 1, -1) n"
        ).split(separator: "\n").map(String.init)
    }

    @Test func workersAskOnceForWhatIsDueAndLoadIt() throws {
        let market = try MarketDesk()
        let days = try days(market, 4)
        try market.publish(Self.daily, days)
        try market.beginRequests(daysAgo: 4)
        let workers = try (1...3).map { _ in try market.start() }
        #expect(
            try market.eventually(
                """
                select count(*) = 4 from ingest.request
                where status = 'delivered' and data_set = '\(Self.daily)'
                """))
        for worker in workers {
            worker.signal(SIGTERM)
            #expect(worker.wait(limitSeconds: 30).succeeded)
        }
        let asked = try market.asked.filter { $0.hasPrefix(Self.daily) }
        #expect(asked.sorted() == days.map { "\(Self.daily) \($0)" })
        #expect(try market.desk.database.number("select count(*) from cas.\(Self.daily)") == 8)
    }

    @Test func callsAreSpacedByTheBudget() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01", "2026-03-02"])
        let hourly = ["SLUICE_REQUESTS_PER_HOUR": "1"]
        let asking = try market.start(
            ["request", Self.daily, "--from", "2026-03-01", "--until", "2026-03-02"], hourly)
        #expect(
            try market.eventually(
                """
                select count(*) filter (where status = 'requested') = 1
                    and count(*) filter (where status = 'waiting') = 1 from ingest.request
                """))
        asking.signal(SIGTERM)
        let done = asking.wait(limitSeconds: 30)
        #expect(done.status == 75, "\(done)")
        #expect(try market.asked == ["\(Self.daily) 2026-03-02"])
        // The budget is the seller's, not the process's.
        let other = try market.start(["request", "--due"], hourly)
        #expect(
            try !market.eventually(
                "select count(*) > 1 from ingest.request where called_at is not null",
                limitSeconds: 3))
        other.signal(SIGTERM)
        #expect(other.wait(limitSeconds: 30).status == 75)
    }

    @Test func throttledCallCostsNoAttempt() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01"])
        // As often as one call is tried.
        try market.fault("throttle", times: 5)
        let done = try market.run(["request", Self.daily, "--date", "2026-03-01"])
        #expect(done.status == 69, "\(done)")
        #expect(done.standardOutput.contains("throttled"))
        #expect(
            try market.request("status, attempts, reason like '%Rate exceeded%'") == "waiting|0|t")
        try market.desk.database.psql("update ingest.request set next_attempt_at = now()")
        #expect(try market.work(until: "select status = 'delivered' from ingest.request"))
        #expect(try market.request("attempts") == "1")
    }

    static let refusals: [(fault: String, reason: String)] = [
        ("denied", "Allow marketplacecommerceanalytics:GenerateDataSet"),
        ("error", "An internal error has occurred"),
    ]

    @Test(arguments: refusals)
    func refusalIsToldAndTriedAgainLater(fault: String, reason: String) throws {
        let market = try MarketDesk()
        try market.fault(fault, times: 5)
        let done = try market.run(["request", Self.daily, "--date", "2026-03-01"])
        #expect(done.status == 1, "\(done)")
        #expect(done.standardOutput.contains(reason))
        #expect(
            try market.request(
                "status, attempts, reason like '%\(reason)%', next_attempt_at > now()")
                == "waiting|1|t|t")
    }

    @Test func answerThatNobodyCanReadMayHaveBeenAYes() throws {
        let market = try MarketDesk()
        try market.fault("malformed")
        try market.ask("2026-03-01")
        #expect(try market.request("status, attempts") == "requested|1")
    }

    @Test func eachSellerAsksInItsOwnRole() throws {
        let market = try MarketDesk()
        try market.desk.database.psql(
            "update ingest.seller set cas_role_arn = null, "
                + "cas_location = null, cas_topic_arn = null, cas_since = null")
        try market.addSeller("bolt", account: "222233334444")
        try market.addSeller("cord", account: "555566667777")
        try market.addSeller("dent", account: "888899990000")
        try market.market.control(
            "roles",
            [
                "arn:aws:iam::222233334444:role/bolt": ["external_id": "sluice-bolt"],
                "arn:aws:iam::555566667777:role/cord": ["external_id": "sluice-cord"],
                "arn:aws:iam::888899990000:role/dent": [
                    "external_id": "sluice-dent", "deny": ["GenerateDataSet"],
                ],
            ])
        try market.publish(Self.daily, days(market, 1))
        try market.beginRequests(daysAgo: 1)
        #expect(
            try market.work(
                until: """
                    select count(*) filter (where status = 'delivered') = 2
                        and count(*) filter (where reason like '%not authorized%') >= 1
                    from ingest.request where data_set = '\(Self.daily)'
                    """, roles: true))
        let answered = try market.market.read("requests")
            .filter {
                ($0["parameters"] as? [String: Any])?["dataSetType"] as? String == Self.daily
            }
            .map { "\($0["account"] ?? "") \($0["role"] ?? "")" }
        #expect(
            answered.sorted() == [
                "222233334444 arn:aws:iam::222233334444:role/bolt",
                "555566667777 arn:aws:iam::555566667777:role/cord",
            ])
        let rows = try market.desk.database.psql(
            """
            select s.name, count(*), bool_and(f.bucket = r.bucket) from cas.\(Self.daily) t
            join ingest.seller s using (seller_id)
            join ingest.request r on r.seller_id = t.seller_id and r.version_id = t.version_id
            join ingest.file f using (file_id) group by s.name order by s.name
            """)
        #expect(rows == "bolt|2|t\ncord|2|t")
    }
}
