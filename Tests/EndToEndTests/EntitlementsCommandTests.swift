import Foundation
import Support
import Testing

/// `sluice entitlements`, and the worker's own sync.
@Suite struct EntitlementsCommandTests {
    private func desk() throws -> EventDesk {
        let desk = try EventDesk()
        try desk.grant((1...60).map { desk.entitlement($0 % 3 + 1, "d\($0)", $0) })
        try desk.database.psql(
            """
            insert into sdds.product (seller_id, version_id, line, product_id, product_code,
                valid_from, update_date, delete_date)
            values (1, 1, 1, 'prod-1', 'old-\(desk.product)', '2025-01-01', '2025-01-01', null),
                (1, 1, 2, 'prod-1', '\(desk.product)', '2026-01-01', '2026-01-01', null),
                (1, 1, 3, 'prod-2', 'metered-\(desk.product)', '2026-01-01', '2026-01-01', null),
                (1, 1, 4, 'prod-3', 'gone-\(desk.product)', '2026-01-01', '2026-01-01', now())
            """)
        return desk
    }

    @Test func syncReadsEveryProductAndTellsWhatChanged() throws {
        let desk = try desk()
        let first = try desk.run(["entitlements", "sync"])
        #expect(first.status == 0, "\(first)")
        #expect(
            first.standardOutput.hasLine("acme \(desk.product): 60 added, 0 changed, 0 closed"))
        #expect(first.standardOutput.contains("acme metered-\(desk.product): left out: "))
        #expect(
            first.standardOutput.hasLine(
                "1 products read: 60 added, 0 changed, 0 closed; "
                    + "1 left out, which have no contracts"))
        #expect(!first.standardOutput.contains("gone-") && !first.standardOutput.contains("old-"))
        #expect(try desk.questions() == ["", "", ""])

        let again = try desk.run(["entitlements", "sync", "--product", desk.product])
        #expect(again.standardOutput == "1 products read: 0 added, 0 changed, 0 closed\n")
        try desk.grant((2...61).map { desk.entitlement($0 % 3 + 1, "d\($0)", $0 == 2 ? 99 : $0) })
        let changed = try desk.run(["entitlements", "sync", "--seller", "acme"])
        #expect(
            changed.standardOutput.hasLine("acme \(desk.product): 1 added, 1 changed, 1 closed"))
        let synced = try desk.database.psql(
            """
            select product_code, failure is null, synced_at is null from event.entitlement_sync
            order by 1
            """)
        #expect(synced == "metered-\(desk.product)|t|t\n\(desk.product)|t|f")
        // What has no contracts is nobody's trouble.
        #expect(try desk.run(["status", "--check"]).status == 0)
    }

    @Test func productThatCannotBeReadIsToldAndOthersAreRead() throws {
        let desk = try desk()
        _ = try desk.run(["entitlements", "sync"])
        try desk.market.control(
            "faults", ["fault": "denied", "times": 1, "subject": desk.product])
        let denied = try desk.run(["entitlements", "sync"])
        #expect(denied.status == 1)
        #expect(denied.standardOutput.contains("\(desk.product): could not be read: "))
        #expect(denied.standardOutput.contains("Allow aws-marketplace:GetEntitlements"))
        #expect(try desk.held().count == 60)
        let status = try desk.run(["status", "--no-queues"])
        #expect(status.standardOutput.contains("Entitlements that could not be read"))
        let named = try desk.run(["entitlements", "sync", "--product", "nobodys"])
        #expect(named.status == 1)
        let nobody = try desk.run(["entitlements", "sync", "--seller", "nobody"])
        #expect(nobody.status == 78)
        #expect(nobody.standardError.contains("there is no seller nobody"))
    }

    /// Each seller by its own role, and nothing of one among the other's; every session has a policy
    /// and a name that STS takes, also that of the seller with the longest name that there may be.
    @Test func eachSellerIsAskedForByItsRole() throws {
        let desk = try EventDesk(market: LocalMarketplace())
        let longest = String(repeating: "n", count: 63)
        for (number, name) in [(1, "acme"), (2, longest)] {
            let role = "arn:aws:iam::00000000000\(number):role/sluice"
            try desk.market.control(
                "roles",
                [
                    role: [
                        "external_id": "x\(number)", "account": "00000000000\(number)",
                        "needs_policy": true,
                    ]
                ])
            let added = try desk.run([
                "seller", "add", name, "--role", role, "--external-id", "x\(number)",
                "--account", "00000000000\(number)",
            ])
            try #require(added.succeeded, "\(added)")
            try desk.market.control(
                "entitlements",
                [
                    "products": [
                        "p\(number)": [
                            "account": "00000000000\(number)",
                            "entitlements": [desk.entitlement(number, "seats", number)],
                        ]
                    ]
                ])
        }
        for product in ["p1", "p2"] {
            let done = try Program().run(
                [
                    "entitlements", "sync", "--product", product, "--database",
                    desk.database.conninfo,
                ],
                environment: desk.cloud.aws.environment().merging(
                    desk.market.environment(roles: true)
                ) { $1 })
            #expect(done.status == 1, "\(done)")
        }
        let held = try desk.database.psql(
            """
            select s.name, product_code, customer_identifier
            from event.entitlement join ingest.seller s using (seller_id) order by 1
            """)
        #expect(held == "acme|p1|X01\n\(longest)|p2|X02")
    }

    @Test func whatWasHeldOnADayIsListed() throws {
        let desk = try EventDesk()
        try desk.database.psql(
            """
            insert into event.entitlement_fetch (seller_id, product_code, asked_at, cause, held)
            values (1, 'p', now(), 'sync', 1);
            insert into event.entitlement (seller_id, product_code, customer_identifier,
                customer_aws_account_id, dimension, integer_value, string_value, expiration_date,
                valid_from, valid_to, fetched_at, fetch_id)
            values (1, 'p', 'X01', '012345678901', 'seats', 25, null, '2027-01-01', '2026-01-10',
                    '2026-03-05 12:00', now(), 1),
                (1, 'p', 'X01', '012345678901', 'seats', 40, null, '2027-01-01', '2026-03-05 12:00',
                    'infinity', now(), 1),
                (1, 'p', 'X01', '012345678901', 'tier', null, 'gold', '2026-02-01', '2026-01-10',
                    'infinity', now(), 1),
                (1, 'q', 'X02', '099999999999', 'seats', 1, null, null, '2026-01-10', 'infinity',
                    now(), 1)
            """)
        let cases: [([String], [String])] = [
            (["--customer", "X01", "--on", "2026-01-09"], []),
            (["--customer", "X01", "--on", "2026-01-10"], ["seats 25", "tier gold"]),
            (["--customer", "012345678901", "--on", "2026-02-01"], ["seats 25"]),
            (["--customer", "X01", "--on", "2026-03-04"], ["seats 25"]),
            (["--customer", "X01", "--on", "2026-03-05"], ["seats 40"]),
            (["--on", "2026-03-05"], ["seats 40", "seats 1"]),
            (["--product", "q", "--on", "2026-03-05"], ["seats 1"]),
            (["--product", "q"], ["seats 1"]), (["--customer", "X03"], []),
            (["--on", "2026-03-05", "--seller", "acme"], ["seats 40", "seats 1"]),
        ]
        for (options, held) in cases {
            let done = try desk.run(["entitlements", "list"] + options)
            #expect(done.status == 0, "\(done)")
            let lines = done.standardOutput.split(separator: "\n").dropFirst()
            let found = lines.map { line in
                let words = line.split(separator: " ")
                return "\(words[4]) \(words[5])"
            }
            #expect(found == held, "\(options)")
            #expect(!held.isEmpty || done.standardOutput == "No entitlements.\n")
        }
    }

    /// The safety net for notices that never came.
    @Test func workerReadsThemByItself() throws {
        let desk = try EventDesk()
        try desk.grant([desk.entitlement(1, "seats", 5)])
        try desk.cloud.send([desk.notice(1)])
        try desk.drain()
        // It changes, and nobody tells.
        try desk.grant([desk.entitlement(1, "seats", 6), desk.entitlement(2, "seats", 7)])
        let environment = desk.environment.merging(["SLUICE_VISIBILITY_SECONDS": "2"]) { $1 }
        let worker = try desk.cloud.startWorker([], environment)
        #expect(
            try desk.cloud.waitForRow("event.entitlement where integer_value = 7", while: worker))
        worker.signal(SIGTERM)
        #expect(worker.wait(limitSeconds: 30).succeeded)
        #expect(try desk.held() == ["X01 seats 6", "X02 seats 7"])
        let questions = try desk.questions().count
        // Done for today: the next worker does not ask again.
        // What the first one's broken poll was sent becomes visible soon.
        let next = try desk.cloud.startWorker([], environment)
        try next.waitForOutput(containing: "worker started")
        try desk.cloud.send([desk.notice(2)])
        #expect(
            try desk.cloud.waitForRow(
                "event.entitlement_fetch where cause = 'notice' and fetch_id > 2", while: next))
        next.signal(SIGTERM)
        #expect(next.wait(limitSeconds: 30).succeeded)
        #expect(try desk.questions().count == questions + 1)
    }
}
