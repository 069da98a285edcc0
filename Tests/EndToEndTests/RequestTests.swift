import Foundation
import Support
import Testing

/// `sluice request` and the answers of AWS, through a worker into the tables.
@Suite struct RequestTests {
    private static let daily = MarketDesk.daily
    private static let payout = MarketDesk.payout

    private func ask(_ market: MarketDesk, _ date: String = "2026-03-01", _ more: [String] = [])
        throws -> Finished
    {
        try market.run(["request", Self.daily, "--date", date] + more)
    }

    @Test func whatIsAskedForIsDeliveredAndLoaded() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01"], rows: 3)
        let done = try ask(market)
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
        #expect(
            try market.desk.database.number("select count(*) from cas.\(Self.daily)") == 3)
        #expect(try market.run(["status", "--check", "--no-queues"]).status == 0)
    }
}
