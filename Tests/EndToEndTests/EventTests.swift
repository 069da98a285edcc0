import AWS
import Foundation
import Support
import Testing

/// Every example of a notification, through a real queue and a real worker.
@Suite struct EventTests {
    private struct Fixture {
        let name: String
        let body: String
        /// Table of the schema event; nil where no event is meant.
        let table: String?
    }

    private static func fixtures() throws -> [Fixture] {
        let folder = Program.packageRoot + "/Tests/Fixtures"
        let text = try Data(contentsOf: URL(filePath: folder + "/Events/rows.json"))
        let json = try JSONSerialization.jsonObject(with: text) as? [String: [String: Any]]
        let names = try FileManager.default.contentsOfDirectory(
            atPath: folder + "/Notifications"
        ).sorted()
        return try names.map { file in
            let name = String(file.dropLast(".json".count))
            return Fixture(
                name: name,
                body: try String(
                    contentsOfFile: "\(folder)/Notifications/\(file)", encoding: .utf8),
                table: json?[name]?["table"] as? String)
        }
    }

    // The product that the examples name.
    private static let product = "4ab1cd2ef3gh5ij6kl7mn8op9"

    /// Raw, wrapped, twice and in any order: each event is one row, and nothing of them is trouble.
    @Test(arguments: [UInt64(1), 2]) func everyExampleEndsAsDocumented(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let desk = try EventDesk(market: LocalMarketplace())
        try desk.grant([], of: Self.product)
        let fixtures = try Self.fixtures()
        var bodies: [String] = []
        var rows: [String: Int] = [:]
        for fixture in fixtures where fixture.table != nil {
            let table = fixture.table ?? ""
            let wrapped = try Self.wrapped(fixture)
            bodies += [fixture.body, wrapped, wrapped]
            // Raw and wrapped notices of a topic have no id in common; EventBridge's events do.
            rows[table, default: 0] += table == "subscription" ? 2 : 1
        }
        bodies += fixtures.filter { $0.name.hasPrefix("sns-sub") || $0.name == "s3-test-event" }
            .map(\.body)
        try desk.cloud.send(bodies.shuffled(using: &generator))
        try desk.drain()

        #expect(try desk.cloud.isQueueEmpty)
        #expect(try desk.cloud.attributes(ofDeadLetters: true).depth == 0)
        for (table, count) in rows {
            let found = try desk.database.number("select count(*) from event.\(table)")
            #expect(found == count, "\(table)")
        }
        #expect(
            try desk.database.messages() == [
                "s3_test_event|recorded|1", "subscription_confirmation|recorded|1",
            ])
        #expect(try desk.database.psql("select * from event.malformed") == "")
        let status = try desk.run(["status", "--no-queues"])
        #expect(status.standardOutput.contains("Payouts that AWS has paused"), "\(status)")
        #expect(!status.standardOutput.contains("Messages that were refused"))
        #expect(try desk.run(["status", "--check"]).status == 1)
        let seen = try desk.run(["acknowledge"])
        #expect(seen.standardOutput == "1 paused payouts acknowledged\n")
        #expect(try desk.run(["status", "--check"]).status == 0)
    }

    @Test func whatDoesNotFitIsRecordedAndTold() throws {
        let desk = try EventDesk()
        let fixtures = try Self.fixtures()
        let created = try #require(
            fixtures.first { $0.name == "eventbridge-agreement-created" }?.body)
        let large = String(repeating: "x", count: 200_000)
        try desk.cloud.send([
            created.replacing("2026-08-20T17:02:59.437Z", with: "soon"),
            created.replacing("b0e9f0f5", with: "c0e9f0f5")
                .replacing("\"AWSMarketplace\"", with: "\"\(large)\""),
            #"{"action": "subscribe-success", "product-code": "p", "customer-identifier": [1]}"#,
            #"{"action": 7, "product-code": "p"}"#,
            "not JSON at all",
        ])
        let log = try desk.drain().standardError
        // Where, and not what: values may be a person's.
        #expect(log.contains("malformed=detail.agreement.startTime "))
        #expect(!log.contains("\"soon\""))
        #expect(try desk.cloud.isQueueEmpty)
        #expect(try desk.database.number("select count(*) from event.agreement") == 2)
        let malformed = try desk.database.psql(
            "select event_table, malformed from event.malformed order by 1")
        #expect(
            malformed == """
                agreement|{"detail.agreement.startTime \\"soon\\" is not a timestamp"}
                subscription|{"customer-identifier is a JSON array"}
                """)
        #expect(
            try desk.database.number(
                "select max(length(catalog)) from event.agreement") == large.count)
        #expect(try desk.database.messages() == ["unknown|unknown|2"])
        let status = try desk.run(["status", "--no-queues"])
        #expect(status.standardOutput.contains("1 of event.agreement, newest: detail.agreement"))
        #expect(status.standardOutput.contains("unknown, 1 times"))
        let dismissed = try desk.run(["dlq", "dismiss", "--all"])
        #expect(dismissed.standardOutput == "2 messages dismissed\n", "\(dismissed)")
        #expect(try desk.run(["status", "--check"]).status == 0)
    }

    private static func wrapped(_ fixture: Fixture) throws -> String {
        let envelope = [
            "Type": "Notification", "MessageId": "wrapped-\(fixture.name)",
            "TopicArn": "arn:aws:sns:us-east-1:287250355862:topic", "Message": fixture.body,
            "Timestamp": "2026-09-15T23:41:07.512Z",
        ]
        return String(
            decoding: try JSONSerialization.data(withJSONObject: envelope), as: UTF8.self)
    }
}
