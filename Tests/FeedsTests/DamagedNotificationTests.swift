import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Feeds

/// Bodies that nobody promised: every one of them is read, and the outcome is written down here.
struct DamagedNotificationTests {
    /// What losing one top-level field does to a message; fields not listed change nothing in its kind.
    private static let lossOfField: [String: [String: Notification.Kind]] = [
        "cas-failure": ["dataSetRequestId": .unknown, "success": .unknown],
        "cas-metadata": ["dataSetRequestId": .unknown],
        "cas-success": ["dataSetRequestId": .unknown, "success": .unknown],
        "s3-object-created": ["Records": .unknown],
        "s3-object-created-in-sns": ["Type": .unknown, "TopicArn": .unknown, "Message": .unknown],
        "s3-several-records": ["Records": .unknown],
        "s3-test-event": ["Event": .unknown],
        "saas-entitlement-updated": ["action": .unknown, "product-code": .unknown],
        "saas-older-spelling": ["action": .unknown, "ProductCode": .unknown],
        "saas-subscribe-success": ["action": .unknown, "product-code": .unknown],
        "saas-unsubscribe-success": ["action": .unknown, "product-code": .unknown],
        "sdds-completed": ["executionStatus": .unknown, "feedType": .unknown],
        "sdds-completed-with-files": ["executionStatus": .unknown, "feedType": .unknown],
        "sdds-failed": ["executionStatus": .unknown, "feedType": .unknown],
        "sdds-skipped": ["executionStatus": .unknown, "feedType": .unknown],
        "sns-notification": ["Type": .unknown, "TopicArn": .unknown, "Message": .unknown],
        "sns-subscription-confirmation": ["Type": .unknown, "TopicArn": .unknown],
        "sns-unsubscribe-confirmation": ["Type": .unknown, "TopicArn": .unknown],
        "eventbridge-s3-object-created": ["detail": .unknown],
    ]

    private static let ofAnyEventBridge: [String: Notification.Kind] = [
        "detail-type": .unknown, "source": .unknown,
    ]

    @Test(arguments: Reading.all.filter { $0.fixture != "saas-trailing-comma" })
    func fieldIsLost(_ reading: Reading) throws {
        let fixture = try NotificationFixture(reading.fixture)
        let fields = try #require(JSON.parse(fixture.body) as? [String: Any]).keys
        var losses = Self.lossOfField[reading.fixture] ?? [:]
        if reading.fixture.hasPrefix("eventbridge-") {
            losses.merge(Self.ofAnyEventBridge) { mine, _ in mine }
        }
        for field in fields {
            let notification = Notification.parse(try fixture.changed { $0[field] = nil })
            #expect(notification.kind == losses[field] ?? reading.kind, "\(field) lost")
            expectSound(notification)
        }
        #expect(Set(losses.keys).isSubset(of: fields))
    }

    @Test(arguments: Reading.all.filter { $0.fixture != "saas-trailing-comma" })
    func everyValueAtAnyDepthIsReplacedByEveryType(_ reading: Reading) throws {
        let body = try JSON.parse(try NotificationFixture(reading.fixture).body)
        let others: [Any] = [
            NSNull(), true, 7, -1.5, 1e300, "", "x", "a\u{0}b", [Any](), [[Any]()], [String: Any](),
        ]
        for changed in Damage.replacements(of: body, by: others) + Damage.removals(from: body) {
            let text = try JSON.text(changed)
            expectSound(Notification.parse(text))
            expectSound(Notification.parse(try text.wrapped()))
        }
    }

    @Test(arguments: Reading.all.filter { $0.fixture != "saas-trailing-comma" })
    func everyTruncationIsNotJSON(_ reading: Reading) throws {
        let body = try NotificationFixture(reading.fixture).body.trimmed
        for length in 1..<body.count {
            let notification = Notification.parse(String(body.prefix(length)))
            #expect(notification.reason == "the body is not JSON", "\(length) characters")
        }
    }

    @Test(arguments: [
        ("", "the body is empty"), (" \n", "the body is empty"), ("hello", "the body is not JSON"),
        ("[]", "the body is a JSON array, not an object"),
        ("7", "the body is a JSON number, not an object"),
        ("1e300", "the body is a JSON number, not an object"),
        ("true", "the body is a JSON boolean, not an object"),
        ("null", "the body is a JSON null, not an object"),
        (#""{\"Records\":[]}""#, "the body is a JSON string, not an object"),
        ("{}", "no known field"), (#"{"Records":[]}"#, "no known field, only: Records"),
        (#"{"b":1,"a":"x\n"}"#, "no known field, only: a, b"), ("{} {}", "the body is not JSON"),
        (#"{"Type":"Notification","TopicArn":"t","Message":"hi"}"#, "is not JSON"),
        (#"{"Type":"Notification","TopicArn":"t","Message":"\"{}\""}"#, "a JSON string"),
        (#"{"Type":"Notification","TopicArn":"t","Message":{"a":1}}"#, "not text"),
        (#"{"Type":"Other","TopicArn":"t"}"#, "an SNS envelope of Type Other"),
        (#"{"detail-type":1,"source":"aws.s3"}"#, "is not text"),
        (#"{"Records":[{"eventSource":"aws:ses"}]}"#, "no known field, only: Records"),
    ])
    func bodyIsNotUnderstoodForAReason(_ body: String, _ reason: String) {
        let notification = Notification.parse(body)
        #expect(notification.kind == .unknown)
        #expect(notification.reason?.contains(reason) == true, "\(notification.reason ?? "none")")
        expectSound(notification)
    }

    @Test(arguments: ["[", #"{"a":"#, #"{"Records":["#, #"[{"eventSource":"#])
    func unendingNestingIsNotJSON(_ opening: String) {
        let body = String(repeating: opening, count: 262_144 / opening.utf8.count)
        #expect(Notification.parse(body).reason == "the body is not JSON")
    }

    @Test(arguments: [10, 100, 500, 511, 512, 513, 10_000]) func nestingCostsNoStack(_ depth: Int) {
        let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let body = #"{"executionStatus":"SKIPPED","feedType":"A_V1","processedFiles":\#(deep)}"#
        let kind = onSmallStack { Notification.parse(body).kind }
        #expect(kind == (depth < 512 ? .sddsNotice : .unknown))
    }

    @Test func largestMessageIsReadWhole() throws {
        let record =
            #"{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","#
            + #""s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}"#
        let count = 262_144 / (record.utf8.count + 1) - 1
        let records = Array(repeating: record, count: count).joined(separator: ",")
        #expect(Notification.parse(#"{"Records":[\#(records)]}"#).pointers.count == count)
    }

    @Test(arguments: ["1", "[]", "{}", "null", "-1e999"]) func bodyOfManyValuesIsRead(
        _ value: String
    ) {
        let values = Array(repeating: value, count: 20_000).joined(
            separator: ",")
        #expect(Notification.parse(#"{"Records":[\#(values)]}"#).kind == .unknown)
    }

    @Test func zeroCharacterIsNoText() throws {
        let body = try NotificationFixture("cas-success").body
            .replacing("acme-cas-reports", with: #"acme\u0000"#)
        #expect(Notification.parse(body).pointers.isEmpty)
    }

    private func expectSound(_ notification: Notification) {
        #expect(!notification.summary.isEmpty)
        #expect(notification.summary.unicodeScalars.count <= 201)
        #expect(!notification.summary.contains { $0.isNewline })
        #expect(notification.kind != .unknown || notification.isAlarming)
        #expect(notification.kind != .unknown || notification.reason?.isEmpty == false)
        #expect(notification.pointers.allSatisfy { !$0.key.isEmpty && !$0.key.contains("\0") })
    }

    // 512 KiB, the least that any platform gives a thread by default.
    private func onSmallStack<T: Sendable>(_ work: @escaping @Sendable () -> T) -> T? {
        let done = DispatchSemaphore(value: 0)
        let box = Box<T>()
        let thread = Thread {
            box.value.withLock { $0 = work() }
            done.signal()
        }
        thread.stackSize = 512 * 1024
        thread.start()
        done.wait()
        return box.value.withLock { $0 }
    }
}

/// All ways to change one value of a JSON tree.
enum Damage {
    static func replacements(of value: Any, by others: [Any]) -> [Any] {
        others + changes(in: value) { replacements(of: $0, by: others) }
    }

    static func removals(from value: Any) -> [Any] {
        var removed: [Any] = []
        if let object = value as? [String: Any] {
            for name in object.keys {
                removed.append(object.filter { $0.key != name })
            }
        }
        if let array = value as? [Any] {
            for index in array.indices {
                removed.append(array.indices.filter { $0 != index }.map { array[$0] })
            }
        }
        return removed + changes(in: value) { removals(from: $0) }
    }

    private static func changes(in value: Any, by change: (Any) -> [Any]) -> [Any] {
        var changed: [Any] = []
        for (name, member) in value as? [String: Any] ?? [:] {
            for other in change(member) {
                let object = value as? [String: Any] ?? [:]
                changed.append(object.merging([name: other]) { _, new in new })
            }
        }
        for (index, element) in (value as? [Any] ?? []).enumerated() {
            for other in change(element) {
                var array = value as? [Any] ?? []
                array[index] = other
                changed.append(array)
            }
        }
        return changed
    }
}

private final class Box<T: Sendable>: Sendable {
    let value = Mutex<T?>(nil)
}
