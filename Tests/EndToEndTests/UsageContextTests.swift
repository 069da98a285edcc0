import Foundation
import Support
import Testing

/// Which usage records a refresh writes anew when something that is shown beside them changes.
@Suite struct UsageContextTests {
    private static let days = 1...6

    private func usage(_ day: Int) -> FeedRow {
        writtenRow(
            [
                "usage_feed_id": "u\(day)", "usage_date": "2026-03-0\(day)",
                "product_id": "p", "agreement_id": "a", "offer_id": "o",
                "end_user_account_id": "user", "payer_account_id": "payer",
                "usage_quantity": "1.50", "estimated_revenue_in_pricing_currency": "3",
                "pricing_currency": "USD",
            ], on: "2026-03-07")
    }

    private func account(_ id: String, _ name: String, on day: String) -> FeedRow {
        writtenRow(
            ["account_id": id, "tax_legal_name": name, "valid_from": "\(day)T00:00:00Z"], on: day)
    }

    /// Six days of usage, by a user and a payer whose names have held since before.
    private func desk() throws -> Desk {
        let desk = try Desk()
        try desk.deliver(Self.days.map(usage), of: "DailyUsageFeed_V1")
        try desk.deliver(
            [
                account("user", "Ulm", on: "2026-01-01"), account("payer", "Pau", on: "2026-01-01"),
            ], of: "AccountFeed_V1")
        try desk.loadAll()
        return desk
    }

    private func users(_ desk: Desk) throws -> String {
        try desk.database.psql(
            """
            select string_agg(end_user_company_name, ' ' order by usage_date)
            from marketplace.usage_report
            """)
    }

    /// The transaction that wrote each record's line.
    private func writers(_ desk: Desk) throws -> [String] {
        try desk.database.psql("select xmin from resolved.usage_line order by usage_date")
            .split(separator: "\n").map(String.init)
    }

    private func load(_ rows: [FeedRow], of feed: String, on desk: Desk) throws {
        try desk.deliver(rows, of: feed)
        try desk.loadAll()
    }

    @Test func correctionOfWhatIsShownWritesNoRecordAnew() throws {
        let desk = try desk()
        #expect(try users(desk) == "Ulm Ulm Ulm Ulm Ulm Ulm")
        let before = try writers(desk)
        var correction = account("user", "Ulm AG", on: "2026-01-01")
        correction["update_date"] = "2026-03-08T00:00:00Z"
        try load([correction], of: "AccountFeed_V1", on: desk)
        #expect(try users(desk) == "Ulm AG Ulm AG Ulm AG Ulm AG Ulm AG Ulm AG")
        #expect(try writers(desk) == before)
    }

    @Test func changeInTheMiddleMovesTheRecordsAfterIt() throws {
        let desk = try desk()
        let before = try writers(desk)
        try load([account("user", "Uri", on: "2026-03-04")], of: "AccountFeed_V1", on: desk)
        #expect(try users(desk) == "Ulm Ulm Ulm Uri Uri Uri")
        let moved = try writers(desk)
        #expect(moved.prefix(3) == before.prefix(3))
        #expect(zip(moved, before).dropFirst(3).allSatisfy { $0 != $1 })
        // Another one between two: those of the days before it stay.
        try load([account("user", "Ust", on: "2026-03-05")], of: "AccountFeed_V1", on: desk)
        #expect(try users(desk) == "Ulm Ulm Ulm Uri Ust Ust")
        #expect(try writers(desk).prefix(4) == moved.prefix(4))
        // Taken back: the range before goes on to the end.
        var deletion = account("user", "Uri", on: "2026-03-04")
        deletion["update_date"] = "2026-03-09T00:00:00Z"
        deletion["delete_date"] = "2026-03-09T00:00:00Z"
        try load([deletion], of: "AccountFeed_V1", on: desk)
        #expect(try users(desk) == "Ulm Ulm Ulm Ulm Ust Ust")
    }

    @Test func versionThatChangesNothingShownMovesNoRecord() throws {
        let desk = try desk()
        let before = try writers(desk)
        try load([account("payer", "Pau", on: "2026-03-03")], of: "AccountFeed_V1", on: desk)
        #expect(try writers(desk) == before)
    }

    /// The usage report shows floating point; `usage` keeps all digits that an amount can have.
    @Test func revenueOfThirtyEightDigitsIsKeptExactly() throws {
        let desk = try desk()
        var row = usage(9)
        let digits = "1" + String(repeating: "0", count: 36) + "1"
        row["estimated_revenue_in_pricing_currency"] = digits
        try load([row], of: "DailyUsageFeed_V1", on: desk)
        let kept = try desk.database.psql(
            "select estimated_revenue from marketplace.usage where usage_feed_id = 'u9'")
        #expect(kept == digits)
        let shown = try desk.database.psql(
            "select estimated_revenue from marketplace.usage_report where usage_date < '2026-03-09Z'"
        )
        #expect(shown == "3\n3\n3\n3\n3\n3")
    }

    @Test func fullRefreshWritesOnlyWhatDiffers() throws {
        let desk = try desk()
        let before = try writers(desk)
        try desk.database.psql("update resolved.usage_line set rate = 7 where usage_feed_id = 'u2'")
        try desk.database.psql("delete from resolved.usage_line where usage_feed_id = 'u3'")
        #expect(try desk.run(["refresh", "--full"]).succeeded)
        let after = try writers(desk)
        #expect(after.count == 6)
        let kept = zip(after, before).map { $0 == $1 }
        #expect(kept == [true, false, false, true, true, true])
        let rate = try desk.database.psql("select count(rate) from marketplace.usage")
        #expect(rate == "0")
    }
}
