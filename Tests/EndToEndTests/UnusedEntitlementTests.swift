import Foundation
import Support
import Testing

/// Entitlements that nobody uses.
@Suite struct UnusedEntitlementTests {
    private struct Case {
        let name: String
        /// Days ago from which it is held, until when, and on which days it was used.
        let held: Int
        var ended = false
        var used: [Int] = []
        /// Quantity of each record of use; none where it is empty.
        var quantity = ""
        /// Days ago of records of quantity 0.
        var idle: [Int] = []
        var product = "metered"
        var isUnused: Bool
    }

    private static let cases = [
        Case(name: "never", held: 60, isUnused: true),
        Case(name: "long-ago", held: 90, used: [45, 31], isUnused: true),
        Case(name: "lately", held: 90, used: [45, 29], isUnused: false),
        Case(name: "new", held: 29, isUnused: false),
        Case(name: "over", held: 90, ended: true, isUnused: false),
        // Nothing of the product is metered at all, so silence says nothing.
        Case(name: "unmetered", held: 60, product: "download", isUnused: false),
        // Its neighbour uses another product only.
        Case(name: "another", held: 60, product: "second", isUnused: true),
        // A record of nothing is no use, and does not hide when there was some.
        Case(name: "idle", held: 90, idle: [40, 5, 1], isUnused: true),
        Case(name: "went-idle", held: 90, used: [45], quantity: "3", idle: [5], isUnused: true),
        Case(
            name: "idle-today", held: 90, used: [9], quantity: "0.001", idle: [1], isUnused: false),
        // Metered by records of nothing alone, and metered nevertheless.
        Case(name: "zeros", held: 60, idle: [5], product: "silent", isUnused: true),
    ]

    @Test func itIsHeldForAMonthWithoutUseOfItsProduct() throws {
        let desk = try Desk()
        let stamp = ["valid_from": "2020-01-01T00:00:00Z", "update_date": "2020-01-01T00:00:00Z"]
        try desk.deliver(
            ["metered", "download", "second", "silent"].map {
                ["product_id": "prod-\($0)", "product_code": $0, "title": $0].merging(stamp) { $1 }
            }, of: "ProductFeed_V1")
        // Leading zeros are lost in the feed.
        try desk.deliver(
            Self.cases.indices.map {
                ["account_id": "account-\($0)", "aws_account_id": "\($0 + 1)"].merging(stamp) { $1 }
            }, of: "AccountFeed_V1")
        func usage(
            _ account: Int, _ product: String, _ days: Int, quantity: String = ""
        ) throws -> FeedRow {
            let day = try desk.database.psql("select (now() at time zone 'UTC')::date - \(days)")
            return [
                "usage_feed_id": "\(account)-\(product)-\(days)", "usage_date": day,
                "usage_quantity": quantity,
                "product_id": "prod-\(product)", "end_user_account_id": "account-\(account)",
                "payer_account_id": "", "offer_id": "o",
            ].merging(stamp) { $1 }
        }
        var used = [try usage(999, "second", 5), try usage(6, "metered", 5)]
        for (index, each) in Self.cases.enumerated() {
            for days in each.used {
                used.append(try usage(index, each.product, days, quantity: each.quantity))
            }
            for days in each.idle {
                used.append(try usage(index, each.product, days, quantity: "0"))
            }
        }
        try desk.deliver(used, of: "DailyUsageFeed_V1")
        try desk.loadAll()
        try grant(desk)
        let found = try desk.rows(
            "select dimension from marketplace.unused_entitlement order by 1")
        #expect(found == Self.cases.filter(\.isUnused).map(\.name).sorted())
        let last = try desk.database.psql(
            """
            select (now() at time zone 'UTC')::date - last_usage_date
            from marketplace.unused_entitlement where dimension = 'long-ago'
            """)
        #expect(last == "31")
        let idle = try desk.database.psql(
            """
            select (now() at time zone 'UTC')::date - last_usage_date
            from marketplace.unused_entitlement where dimension = 'went-idle'
            """)
        #expect(idle == "45")
    }

    private func grant(_ desk: Desk) throws {
        for (index, each) in Self.cases.enumerated() {
            try desk.database.psql(
                """
                with answer as (
                    insert into event.entitlement_fetch (seller_id, product_code, asked_at, cause, held)
                    select seller_id, '\(each.product)', now(), 'sync', 1 from ingest.seller
                    returning seller_id, fetch_id
                )
                insert into event.entitlement (seller_id, product_code, customer_identifier,
                    customer_aws_account_id, dimension, integer_value, valid_from, valid_to,
                    fetched_at, fetch_id)
                select seller_id, '\(each.product)', 'c\(index)', right('00000000000\(index + 1)', 12),
                    '\(each.name)', 5, now() - interval '\(each.held) days',
                    case when \(each.ended) then now() - interval '1 day' else 'infinity' end,
                    now(), fetch_id
                from answer
                """)
        }
    }
}
