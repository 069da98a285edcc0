import Postgres
import Testing

@testable import Feeds

/// When the entitlements of which product are read again.
struct EntitlementSyncTests {
    private let bench: EventBench

    init() throws {
        bench = try EventBench()
        for name in ["saas-entitlement-updated", "saas-subscribe-success"] {
            try bench.record(NotificationFixture(name).body)
        }
        try bench.record(
            NotificationFixture("eventbridge-license-updated").body.replacing("4ab1", with: "5ab1"))
        // Metered only, and a purchase of the seller's own.
        try bench.record(
            NotificationFixture("saas-subscribe-success").body.replacing("4ab1", with: "6ab1"))
        try bench.record(
            NotificationFixture("eventbridge-license-updated").body
                .replacing("4ab1", with: "7ab1").replacing("7f0d", with: "8f0d")
                .replacing("Manufacturer", with: "Acceptor"))
    }

    private let eventful = ["4ab1cd2ef3gh5ij6kl7mn8op9", "5ab1cd2ef3gh5ij6kl7mn8op9"]

    private func take() throws -> [String] {
        try EntitlementSync.takeDue(of: bench.sellerID, afterHours: 24, on: bench.postgres).sorted()
    }

    private func record(_ outcome: EntitlementSync.Outcome) throws {
        for code in eventful {
            try EntitlementSync.record(
                outcome, ofProduct: code, of: bench.sellerID, on: bench.postgres)
        }
    }

    private func pass(hours: Int) throws {
        try bench.postgres.query(
            """
            update event.entitlement_sync set tried_at = tried_at - make_interval(hours => $2),
                synced_at = synced_at - make_interval(hours => $2)
            where seller_id = $1
            """, [.int(Int64(bench.sellerID)), .int(Int64(hours))])
    }

    @Test func productsWithEntitlementsAreTakenOnceADay() throws {
        #expect(try take() == eventful)
        #expect(try take() == [])
        try record(.synced)
        try pass(hours: 23)
        #expect(try take() == [])
        try pass(hours: 2)
        #expect(try take() == eventful)
        #expect(try take() == [])
    }

    @Test(arguments: [EntitlementSync.Outcome.failed("denied"), nil])
    func whatDidNotSucceedIsTakenAgainAfterAnHour(outcome: EntitlementSync.Outcome?) throws {
        #expect(try take() == eventful)
        // Without an outcome the worker was killed.
        if let outcome { try record(outcome) }
        #expect(try take() == [])
        try pass(hours: 2)
        #expect(try take() == eventful)
    }

    @Test func allProductsAreThoseOfFilesAndEvents() throws {
        try bench.postgres.query(
            """
            insert into sdds.product (seller_id, version_id, line, product_id, product_code,
                valid_from, update_date)
            values ($1, 1, 1, 'prod-1', 'filed', '2026-01-01', '2026-01-01')
            """, [.int(Int64(bench.sellerID))])
        let all = try EntitlementSync.products(of: bench.sellerID, on: bench.postgres)
        #expect(all == eventful + ["filed"])
        for (code, isExpected) in [(eventful[0], true), ("filed", false)] {
            let found = try EntitlementSync.isExpected(
                code, of: bench.sellerID, on: bench.postgres)
            #expect(found == isExpected)
        }
    }
}
