import Foundation
import Postgres
import Support
import Testing

@testable import Feeds

/// The row that a fixture must become: its table, and what columns hold beside the frame.
struct ExpectedEvent: CustomTestStringConvertible {
    let fixture: String
    let table: String
    /// As PostgreSQL writes the row as JSON, without the frame and without nulls.
    let columns: String

    var testDescription: String { fixture }

    /// What `Fixtures/Events/rows.json` says.
    static let all: [ExpectedEvent] = {
        let path = Program.packageRoot + "/Tests/Fixtures/Events/rows.json"
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        let rows = text.flatMap { try? JSON.parse($0) } as? [String: [String: Any]] ?? [:]
        return rows.sorted { $0.key < $1.key }.compactMap { name, row in
            guard let table = row["table"] as? String,
                let columns = row["columns"].flatMap({ try? JSON.text($0) })
            else { return nil }
            return ExpectedEvent(fixture: name, table: table, columns: columns)
        }
    }()
}

struct EventRecordTests {
    private static let frame = [
        "seller_id", "event_key", "event_type", "event_time", "received_at", "sqs_message_id",
        "body", "topic_arn",
    ]

    @Test func everyEventAmongTheFixturesIsExpectedHere() throws {
        let events = try NotificationFixture.names.filter {
            Notification.parse(try NotificationFixture($0).body).content != nil
        }
        #expect(ExpectedEvent.all.map(\.fixture).sorted() == events)
    }

    @Test(arguments: ExpectedEvent.all) func eventBecomesItsRow(_ expected: ExpectedEvent) throws {
        let bench = try EventBench()
        let body = try NotificationFixture(expected.fixture).body
        let event = try #require(try bench.record(body, sqsMessageID: "sqs-1"))
        #expect(event.isNew)
        #expect(event.malformed == [])
        #expect(event.table == expected.table)
        let row = try bench.row(event)
        let columns = row.filter { !Self.frame.contains($0.key) }
        #expect(try JSON.text(columns) == expected.columns)
        #expect(row["body"] as? String == body)
        #expect(row["seller_id"] as? Int == Int(bench.sellerID))
        let type = row["event_type"] as? String
        #expect(type == Notification.parse(body).content?.type)
        if expected.table == "subscription" {
            #expect(event.key == "sqs-1")
            #expect(row["event_time"] == nil)
        } else {
            #expect(try NotificationFixture.id(of: body) == event.key)
            #expect((row["event_time"] as? String)?.hasPrefix("2026-") == true)
        }
    }

    @Test(arguments: ExpectedEvent.all)
    func wrappedEventBecomesTheSameRow(_ expected: ExpectedEvent) throws {
        let bench = try EventBench()
        let body = try NotificationFixture(expected.fixture).body
        let event = try #require(try bench.record(try body.wrapped()))
        #expect(event.malformed == [])
        let row = try bench.row(event)
        let columns = row.filter { !Self.frame.contains($0.key) }
        #expect(try JSON.text(columns) == expected.columns)
        #expect(row["topic_arn"] as? String == String.wrapTopic)
        #expect(row["body"] as? String == (try body.wrapped()))
        if expected.table == "subscription" {
            #expect(event.key == String.wrapID)
            #expect(row["event_time"] as? String == "2026-09-15T23:41:07.512+00:00")
        }
        // EventBridge keeps the id whichever way an event comes: it is one event.
        let raw = try #require(try bench.record(body))
        #expect(raw.isNew == (expected.table == "subscription"))
    }

    /// One topic may feed two queues, and SQS may deliver twice, in any order.
    @Test(arguments: [UInt64(1), 2, 3])
    func repeatsInAnyOrderMakeTheSameRows(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let ordered = try EventBench()
        let shuffled = try EventBench()
        var messages: [String] = []
        for (index, expected) in ExpectedEvent.all.enumerated() {
            let body = try NotificationFixture(expected.fixture).body
            messages.append(try body.wrapped(id: "0d3b2c1e-\(index)"))
        }
        for message in messages { try ordered.record(message) }
        let repeated = messages + messages.filter { _ in Bool.random(using: &generator) }
        for message in repeated.shuffled(using: &generator) { try shuffled.record(message) }
        #expect(try ordered.contents().count == messages.count)
        #expect(try shuffled.contents() == ordered.contents())
    }

    @Test func eachSellerHasItsOwnRowOfAnEvent() throws {
        let one = try EventBench()
        let other = try EventBench()
        let body = try NotificationFixture("eventbridge-agreement-created").body
        #expect(try one.record(body)?.isNew == true)
        #expect(try other.record(body)?.isNew == true)
        #expect(try one.record(body)?.isNew == false)
        #expect(try one.contents().count == 1)
        #expect(try other.contents().count == 1)
    }

    @Test func contentOfABodyIsThereToAskWhateverItsEnvelopes() throws {
        let bench = try EventBench()
        let body = try NotificationFixture("eventbridge-agreement-ending").body
        for text in [body, try body.wrapped(), try body.wrapped().wrapped()] {
            let title = try bench.postgres.query(
                "select event.content($1) #>> '{detail,product,title}' as text", [.text(text)]
            ).only().string("text")
            #expect(title == "Acme Server")
        }
        let lenient = try NotificationFixture("saas-trailing-comma").body
        for text in [lenient, try lenient.wrapped(), "{\"a\":\"\\u0000\"}", "hello", ""] {
            let answer = try bench.postgres.query(
                "select event.content($1) is null as isNull", [.text(text)])
            #expect(try answer.only().bool("isnull"), "\(text)")
        }
    }
}

extension NotificationFixture {
    /// The id of an EventBridge event.
    static func id(of body: String) throws -> String? {
        (try JSON.parse(body) as? [String: Any])?["id"] as? String
    }
}
