import Foundation
import Support
import Testing

/// `sluice status`: for people, for programs, and for a health check.
@Suite struct StatusTests {
    /// A desk with rows, a reject, drift, a failed file and rows that vanished.
    private func troubledDesk() throws -> Desk {
        let desk = try Desk()
        try desk.deliver(Desk.products(1...4), to: Desk.productKey(1))
        #expect(try desk.backfill().status == 0)
        try desk.deliver(Desk.products(2...3), to: Desk.productKey(1))
        try desk.deliver("", to: Desk.productKey(2))
        let header = "product_id,colour,valid_from,update_date\n"
        let row = "prod-9,red,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\n"
        try desk.deliver(
            header + row + "prod-8,red,lately,2026-01-01T00:00:00Z\n", to: Desk.productKey(3))
        #expect(try desk.backfill().status == 1)
        return desk
    }

    @Test func aNewDatabaseIsWell() throws {
        let desk = try Desk()
        let done = try desk.run(["status"])
        #expect(done.status == 0)
        #expect(done.standardOutput == "Nothing is loaded yet.\n\nAll is well.\n")
        let check = try desk.run(["status", "--check"])
        #expect(check.status == 0)
        #expect(check.standardOutput + check.standardError == "")
    }

    @Test func aPersonSeesEverythingThatIsNotAsItShouldBe() throws {
        let desk = try troubledDesk()
        let done = try desk.run(["status"])
        #expect(done.status == 0)
        let newest = #/.* (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/#
        let row = try #require(
            done.standardOutput.split(separator: "\n").first { $0.hasPrefix("  default ") })
        let time = try #require(row.wholeMatch(of: newest)?.output.1)
        let minute = time.dropLast(3)
        let fresh = try #require(
            done.standardOutput.firstMatch(
                of: /(  all \d+ relations are up to date, refreshed [\d-]+ [\d:]+ UTC)\n/)
        ).output.1
        #expect(
            done.standardOutput == """
                Feeds
                  seller   feed          files  loading  failed  rows  rejects  vanished  newest
                  default  sdds.product      3        0       1     5        1         2  \(time)

                Marketplace
                \(fresh)

                Files that could not be loaded
                  \(desk.name(Desk.productKey(2))): is empty: not even a header. Deliver it again; \
                a file without rows still has its header

                Rows that vanished from rewritten files; decide: sluice accept | keep
                  2 rows of file://\(desk.exports.path)/\(Desk.productKey(1)), since \(minute)

                Rejected rows; see: sluice rejects
                  1 rows of sdds.product, column valid_from, newest: is not a timestamp

                Header drift
                  sdds.product: unknown column colour

                """)
    }

    @Test func aProgramSeesTheSame() throws {
        let desk = try troubledDesk()
        let done = try desk.run(["status", "--json"])
        #expect(done.status == 0)
        let json = try JSONSerialization.jsonObject(with: Data(done.standardOutput.utf8))
        let object = try #require(json as? [String: Any])
        #expect(object["ok"] as? Bool == false)
        let feeds = try #require(object["feeds"] as? [[String: Any]])
        #expect(feeds.count == 1)
        let feed = feeds[0]
        let counts = ["files", "incomplete", "failed", "rows", "rejects", "vanished"]
            .map { feed[$0] as? Int }
        #expect(counts == [3, 0, 1, 5, 1, 2])
        #expect(feed["seller"] as? String == "default")
        #expect(feed["feed"] as? String == "sdds.product")
        #expect((feed["lag_seconds"] as? Int).map { $0 >= 0 } == true)
        for (name, lines) in [
            ("failed_files", 1), ("vanished", 1), ("rejects", 1), ("messages", 0), ("drift", 1),
        ] {
            #expect((object[name] as? [String])?.count == lines, "\(name)")
        }
    }

    @Test func whatWaitsForARefreshIsShownByRelation() throws {
        let desk = try Desk()
        try desk.deliver(Desk.products(1...2), to: Desk.productKey(1))
        try desk.deliver(Desk.products(3...4), to: Desk.productKey(2))
        #expect(try desk.backfill(["--no-refresh"]).succeeded)
        let time = try desk.database.psql(
            "select to_char(min(noticed_at), 'YYYY-MM-DD HH24:MI:SS') from resolved.pending")
        let waiting =
            "2 loads wait since \(time) UTC for agreement_report, billed_revenue_report, "
            + "collection, collections_and_disbursements_report, entitlement, journal, "
            + "orphan_reference, product, sales, taxation_report, unbilled_usage, "
            + "unused_entitlement, usage, usage_report"
        let never = try desk.run(["status"])
        #expect(never.standardOutput.contains("\n\nMarketplace\n  \(waiting)\n\n"), "\(never)")
        try desk.database.psql("update resolved.feed set refreshed_at = '2026-02-01 03:04:05.9Z'")
        let once = try desk.run(["status"])
        #expect(
            once.standardOutput.contains(
                """
                Marketplace
                  28 relations are up to date, refreshed 2026-02-01 03:04:05 UTC
                  \(waiting)
                  its definitions have changed: the next refresh works all of it out anew

                """), "\(once)")
        let json = try JSONSerialization.jsonObject(
            with: Data(desk.run(["status", "--json"]).standardOutput.utf8))
        let marketplace = try #require((json as? [String: Any])?["marketplace"] as? [String: Any])
        #expect(marketplace["is_outdated"] as? Bool == true)
        let relations = try #require(marketplace["relations"] as? [[String: Any]])
        #expect(relations.count == 42)
        let product = try #require(
            relations.first { $0["relation"] as? String == "marketplace.product" })
        #expect(product["pending_loads"] as? Int == 2)
        #expect(product["pending_since"] as? String == time)
        #expect(product["refreshed_at"] as? String == "2026-02-01 03:04:05")
    }

    @Test func aHealthCheckFailsUntilAPersonHasActed() throws {
        let desk = try troubledDesk()
        #expect(try desk.run(["status", "--check"]).status == 1)
        try desk.deliver(Desk.products(7...7), to: Desk.productKey(2))
        #expect(try desk.backfill().status == 0)
        #expect(try desk.run(["status", "--check"]).status == 1)
        #expect(try desk.run(["keep", "--all"]).standardOutput == "2 rows kept\n")
        // Rejects and drift are worth knowing, and no alarm.
        #expect(try desk.run(["status", "--check"]).status == 0)
    }

    @Test func theDepthOfAQueueIsShown() throws {
        let remote = try RemoteDesk()
        try remote.announce([(remote.bucket, "a"), (remote.bucket, "b")])
        let done = try remote.run(["status"])
        #expect(done.standardOutput.contains("Queues\n  acme: 2 waiting, 0 in flight\n"), "\(done)")
        let json = try remote.run(["status", "--json"]).standardOutput
        let compact = json.filter { !$0.isWhitespace }
        #expect(compact.contains(#""queues":{"acme":{"in_flight":0,"waiting":2}}"#))
        let without = try remote.run(["status", "--no-queues"])
        #expect(!without.standardOutput.contains("Queues"))
        let well = try remote.run(["status", "--check"])
        #expect(well.status == 0, "\(well)")
    }

    /// Why a queue cannot be asked: the environment, and what is said.
    struct Silence: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let environment: [String: String]
        let reason: String
    }

    static let silences = [
        Silence(
            testDescription: "no Region", environment: [:], reason: "AWS_REGION: no region is set"),
        Silence(
            testDescription: "no credentials",
            environment: ["AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"],
            reason: "AWS credentials, default chain: none found"),
        Silence(
            testDescription: "nobody there",
            environment: [
                "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
                "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_MAX_ATTEMPTS": "1",
            ], reason: "onnect"),
    ]

    @Test(arguments: silences)
    func queueThatCannotBeAskedIsNeitherWellNorSilent(silence: Silence) throws {
        let remote = try RemoteDesk()
        func run(_ options: [String]) throws -> Finished {
            try remote.desk.run(["status"] + options, environment: silence.environment)
        }
        // The rest is shown all the same.
        let shown = try run([])
        #expect(shown.status == 0)
        let line = try #require(
            shown.standardOutput.split(separator: "\n").first {
                $0.hasPrefix("  acme: could not be asked: ")
            }, "\(shown)")
        #expect(line.contains(silence.reason))
        #expect(!shown.standardOutput.contains("All is well"))
        #expect(
            shown.standardOutput.hasSuffix(
                "\nNot all is known: 1 of 1 queues could not be asked.\n"))

        let json = try JSONSerialization.jsonObject(
            with: Data(try run(["--json"]).standardOutput.utf8))
        let object = try #require(json as? [String: Any])
        #expect(object["ok"] as? Bool == false)
        let unasked = try #require(object["unasked"] as? [String])
        #expect(unasked.map { $0.contains(silence.reason) } == [true])

        let check = try run(["--check"])
        #expect(check.status == 1)
        #expect(check.standardOutput == "")
        #expect(check.standardError.contains("sluice: acme: could not be asked: "), "\(check)")
        // Who does not ask is not told.
        #expect(try run(["--check", "--no-queues"]).status == 0)
        #expect(try run(["--no-queues"]).standardOutput.hasSuffix("\nAll is well.\n"))
    }
}
