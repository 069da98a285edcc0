import Foundation
import Postgres
import Support
import Testing

@testable import Feeds

/// Events with parts that nobody promised: the row is there all the same, with its body.
struct DamagedEventTests {
    /// A value that does not fit, what the row says of it, and which column is null.
    struct Case: Sendable, CustomTestStringConvertible {
        let fixture: String
        let path: [String]
        let json: String
        let says: String?
        let column: String

        init(_ fixture: String, _ path: String, _ json: String, _ says: String?, _ column: String) {
            self.fixture = "eventbridge-" + fixture
            self.path = path.split(separator: ".").map(String.init)
            self.json = json
            self.says = says
            self.column = column
        }

        var testDescription: String { "\(fixture) \(path.joined(separator: ".")): \(json)" }
    }

    static let cases = [
        Case(
            "agreement-created", "detail.agreement.startTime", #""lately""#,
            #"detail.agreement.startTime "lately" is not a timestamp"#, "start_time"),
        Case(
            "agreement-created", "detail.agreement.startTime", #""now""#,
            #"detail.agreement.startTime "now" is not a timestamp"#, "start_time"),
        Case(
            "agreement-created", "detail.agreement.startTime", "1724189572",
            #"detail.agreement.startTime "1724189572" is not a timestamp"#, "start_time"),
        Case(
            "agreement-created", "detail.agreement.startTime", "null", nil, "start_time"),
        Case("agreement-created", "detail.agreement.startTime", #""""#, nil, "start_time"),
        Case(
            "agreement-created", "detail.acceptor.accountId", "12345678901",
            "detail.acceptor.accountId is a JSON number", "acceptor_account_id"),
        Case(
            "agreement-created", "detail.acceptor", #""123456789012""#,
            "detail.acceptor is a JSON string, not an object", "acceptor_account_id"),
        Case(
            "agreement-created", "detail", #""{}""#,
            "detail is a JSON string, not an object", "agreement_id"),
        Case("agreement-created", "detail", "null", nil, "agreement_id"),
        Case(
            "agreement-created", "detail.agreement.id", #""a\u0000b""#,
            #"detail.agreement.id "a b" contains a NUL byte"#, "agreement_id"),
        Case(
            "agreement-created", "detail.agreement.id", #"{"a":[1]}"#,
            "detail.agreement.id is a JSON object", "agreement_id"),
        Case(
            "agreement-created", "time", #""2026-13-01T00:00:00Z""#,
            #"time "2026-13-01T00:00:00Z" is out of range"#, "event_time"),
        Case(
            "agreement-ending", "detail.agreement.daysBeforeEndTime", "60.5",
            "detail.agreement.daysBeforeEndTime is a JSON number", "days_before_end"),
        Case(
            "agreement-ending", "detail.agreement.daysBeforeEndTime", "99999999999",
            #"detail.agreement.daysBeforeEndTime "99999999999" is out of range"#,
            "days_before_end"),
        Case(
            "agreement-ending", "detail.agreement.autoRenewalEnabled", #""perhaps""#,
            #"detail.agreement.autoRenewalEnabled "perhaps" is not a boolean"#,
            "auto_renewal_enabled"),
        Case(
            "billing-adjustment", "detail.billingAdjustmentRequest.adjustmentAmount",
            #""-1.5.0""#,
            #"detail.billingAdjustmentRequest.adjustmentAmount "-1.5.0" is not numeric"#, "amount"),
        Case(
            "billing-adjustment", "detail.billingAdjustmentRequest.adjustmentAmount", #""1e400""#,
            #"detail.billingAdjustmentRequest.adjustmentAmount "1e400" has more than 38 digits "#
                + "before or after the decimal point", "amount"),
        Case(
            "billing-adjustment", "detail.billingAdjustmentRequest.adjustmentAmount", "true",
            "detail.billingAdjustmentRequest.adjustmentAmount is a JSON boolean", "amount"),
    ]

    @Test(arguments: cases) func whatDoesNotFitIsNullAndTold(_ damaged: Case) throws {
        let bench = try EventBench()
        let body = try changed(damaged)
        let event = try #require(try bench.record(body))
        let row = try bench.row(event)
        #expect(row[damaged.column] == nil)
        #expect(event.malformed == (damaged.says.map { [$0] } ?? []))
        #expect(row["malformed"] as? [String] == damaged.says.map { [$0] })
        #expect(row["body"] as? String == body)
        let listed = try bench.postgres.query(
            "select event_table from event.malformed where seller_id = $1",
            [.int(Int64(bench.sellerID))])
        #expect(listed.count == (damaged.says == nil ? 0 : 1))
    }

    /// What is lenient on purpose.
    @Test(arguments: [
        (
            "billing-adjustment", "detail.billingAdjustmentRequest.adjustmentAmount", "-150.1",
            "amount", "-150.1"
        ),
        (
            "billing-adjustment", "detail.billingAdjustmentRequest.adjustmentAmount",
            #""-1,150.10""#, "amount", "-1150.10"
        ),
        (
            "billing-adjustment", "detail.billingAdjustmentRequest.adjustmentAmount", #"" -3 ""#,
            "amount", "-3"
        ),
        (
            "agreement-ending", "detail.agreement.daysBeforeEndTime", #""30""#, "days_before_end",
            "30"
        ),
        (
            "agreement-ending", "detail.agreement.autoRenewalEnabled", #""True""#,
            "auto_renewal_enabled", "true"
        ),
        (
            "agreement-ending", "detail.agreement.endTime", #""2026-08-31""#, "end_time",
            "2026-08-31 00:00:00+00"
        ),
        (
            "agreement-ending", "detail.agreement.endTime", #""2026-08-31T10:00:00,5 GMT""#,
            "end_time", "2026-08-31 10:00:00.5+00"
        ),
        (
            "agreement-ending", "detail.agreement.endTime", #""Aug 31, 2026 5:30 PM""#, "end_time",
            "2026-08-31 17:30:00+00"
        ),
    ])
    func valueInAnotherFormIsRead(
        fixture: String, path: String, json: String, column: String, value: String
    ) throws {
        let bench = try EventBench()
        let event = try #require(try bench.record(changed(Case(fixture, path, json, nil, column))))
        let found = try bench.postgres.query(
            "select \(column)::text as text from event.\(event.table) where seller_id = $1",
            [.int(Int64(bench.sellerID))])
        #expect(event.malformed == [])
        #expect(try found.only().string("text") == value)
    }

    @Test(arguments: ["", "null", "7", #""""#, "[]", "{}", "x256"])
    func idThatIsNoneIsReplacedByThatOfTheEnvelopeOrTheQueue(_ id: String) throws {
        let bench = try EventBench()
        let long = "\"" + String(repeating: "7", count: 257) + "\""
        let body = try NotificationFixture("eventbridge-agreement-created").changed { top in
            top["id"] = id.isEmpty ? nil : try? JSON.parse(id == "x256" ? long : id)
        }
        #expect(try bench.record(body, sqsMessageID: "q")?.key == "q")
        #expect(try bench.record(body.wrapped(), sqsMessageID: "r")?.key == String.wrapID)
        let wrapped = try body.wrapped(id: long)
        #expect(try bench.record(wrapped, sqsMessageID: "s")?.key == "s")
        #expect(try bench.contents().count == 3)
    }

    /// SQS carries at most 256 KB, in one value or in many.
    @Test func largestEventIsRecordedWhole() throws {
        let bench = try EventBench()
        let fixture = try NotificationFixture("eventbridge-agreement-created")
        let large = String(repeating: "é\n", count: 80_000)
        for path in ["detail.agreement.id", "detail.proposer.name", "detail.extra", "detail-type"] {
            let event = try #require(
                try bench.record(
                    changed(fixture.body, path.split(separator: ".").map(String.init), large)))
            // They have one id, and each says something else.
            #expect(event.isNew)
        }
        let many = Dictionary(uniqueKeysWithValues: (0..<20_000).map { ("k\($0)", $0) })
        let body = try changed(fixture.body, ["detail", "agreement"], many)
        #expect(try bench.record(body, sqsMessageID: "many") != nil)
        #expect(try bench.contents().count == 5)
    }

    /// A sample of all ways to change one value of every event.
    @Test(arguments: ExpectedEvent.all.filter { $0.fixture != "saas-trailing-comma" })
    func anyChangeOfAnyValueLosesNoEvent(_ expected: ExpectedEvent) throws {
        var generator = SeededGenerator(seed: 7)
        let bench = try EventBench()
        let body = try JSON.parse(try NotificationFixture(expected.fixture).body)
        let others: [Any] = [
            NSNull(), true, 7, -1.5, 1e300, "", "x", "a\u{0}b", [Any](), [[Any]()], [String: Any](),
            "1e131072", "2026-02-30T00:00:00Z", "infinity", "null", "{\"nested\":\"string\"}",
        ]
        let changes = Damage.replacements(of: body, by: others) + Damage.removals(from: body)
        for changed in changes.shuffled(using: &generator).prefix(60) {
            let text = try JSON.text(changed)
            let isWrapped = Bool.random(using: &generator)
            let message = isWrapped ? try text.wrapped(id: UUID().uuidString) : text
            let notification = Notification.parse(message)
            #expect((notification.content == nil) == (notification.kind == .unknown))
            let event = try bench.record(message)
            #expect((event == nil) == (notification.kind == .unknown))
            guard let event, event.isNew else { continue }
            #expect(try bench.row(event)["body"] as? String == message)
        }
    }

    private func changed(_ damaged: Case) throws -> String {
        try changed(
            NotificationFixture(damaged.fixture).body, damaged.path, JSON.parse(damaged.json))
    }

    private func changed(_ body: String, _ path: [String], _ value: Any) throws -> String {
        try JSON.text(set(JSON.parse(body), path[...], value))
    }

    private func set(_ tree: Any, _ path: ArraySlice<String>, _ value: Any) -> Any {
        guard let name = path.first else { return value }
        var object = tree as? [String: Any] ?? [:]
        object[name] = set(object[name] ?? [:], path.dropFirst(), value)
        return object
    }
}
