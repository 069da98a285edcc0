import Foundation
import Support

/// The shapes in which a queue hears of a file.
enum MessageShape: CaseIterable, Sendable {
    case s3Event, s3EventInSNS, eventBridge, casNotice, sddsNotice, sddsNoticeWithFiles

    /// The shapes in which AWS would announce the object.
    static func fitting(_ object: DeliveredObject) -> [MessageShape] {
        object.isSnapshot
            ? [.s3Event, .s3EventInSNS, .eventBridge, .casNotice]
            : [.s3Event, .s3EventInSNS, .eventBridge, .sddsNotice, .sddsNoticeWithFiles]
    }

    /// The body of a message about a key.
    func body(_ key: String, in bucket: String) throws -> String {
        switch self {
        case .s3Event: try Self.s3Event(key, in: bucket)
        case .s3EventInSNS: try Self.wrapped(Self.s3Event(key, in: bucket))
        case .eventBridge: try Self.eventBridge(key, in: bucket)
        case .casNotice:
            try json([
                "dataSetRequestId": "r", "success": true,
                "dataSetS3Location": ["bucketName": bucket, "key": key],
            ])
        case .sddsNotice: try Self.sdds(key, files: [])
        case .sddsNoticeWithFiles: try Self.sdds(key, files: ["s3://\(bucket)/\(key)"])
        }
    }

    /// A body in the envelope of SNS.
    static func wrapped(_ message: String) throws -> String {
        try json([
            "Type": "Notification", "MessageId": "m", "Message": message,
            "TopicArn": "arn:aws:sns:us-east-1:111122223333:topic",
        ])
    }

    private static func s3Event(_ key: String, in bucket: String) throws -> String {
        let unreserved = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~/"))
        let encoded = key.addingPercentEncoding(withAllowedCharacters: unreserved) ?? key
        return try json([
            "Records": [
                [
                    "eventVersion": "2.1", "eventSource": "aws:s3",
                    "eventName": "ObjectCreated:Put",
                    "s3": ["bucket": ["name": bucket], "object": ["key": encoded]],
                ]
            ]
        ])
    }

    private static func eventBridge(_ key: String, in bucket: String) throws -> String {
        try json([
            "version": "0", "id": "e", "detail-type": "Object Created", "source": "aws.s3",
            "detail": ["bucket": ["name": bucket], "object": ["key": key]],
        ])
    }

    // Of the feed type AWS prints only a placeholder; the feed's folder is what it must mean.
    private static func sdds(_ key: String, files: [String]) throws -> String {
        try json([
            "executionId": "x", "executionStatus": "COMPLETED", "errors": [String](),
            "processedFiles": files, "feedType": String(key.prefix { $0 != "/" }),
        ])
    }
}

/// Messages that ask for no load, or must not lead to one, with what becomes of each.
enum OtherMessages {
    /// Bodies, and the kind and outcome that `ingest.message` must have of them; nil for events,
    /// which have a row in the schema event instead.
    static func all(bucket: String, foreign: DeliveredObject, in foreignBucket: String) throws
        -> [(body: String, record: String?)]
    {
        [
            (try fixture("s3-test-event"), "s3_test_event|recorded"),
            (try fixture("saas-subscribe-success"), nil),
            (try fixture("saas-older-spelling"), nil),
            (try fixture("cas-failure"), "cas_notice|recorded"),
            (try fixture("sdds-skipped"), "sdds_notice|recorded"),
            (try fixture("eventbridge-agreement-created"), nil),
            (try fixture("sns-subscription-confirmation"), "subscription_confirmation|recorded"),
            (#"{"hello": "world"}"#, "unknown|unknown"),
            ("[1, 2]", "unknown|unknown"),
            ("hello, world", "unknown|unknown"),
            // Postgres has no NUL in its texts.
            (#"{"hello\u0000": "world"}"#, "unknown|unknown"),
            (#"{"Event": "s3:TestEvent", "Bucket": "a\u0000b"}"#, "s3_test_event|recorded"),
            (try MessageShape.s3Event.body("\0", in: bucket), "unknown|unknown"),
            (try MessageShape.eventBridge.body("\0", in: bucket), "unknown|unknown"),
            (
                try MessageShape.s3Event.body(foreign.key, in: foreignBucket), "s3_event|refused"
            ),
            (
                try MessageShape.eventBridge.body(foreign.key, in: foreignBucket),
                "eventbridge_s3|refused"
            ),
            (
                try MessageShape.casNotice.body(foreign.key, in: foreignBucket),
                "cas_notice|refused"
            ),
            (
                try MessageShape.s3Event.body("UnheardOfFeed_V1/data.csv", in: bucket),
                "s3_event|ignored"
            ),
            (
                try MessageShape.s3Event.body("some/data_set_2026-01-15.meta.json", in: bucket),
                "s3_event|recorded"
            ),
        ]
    }

    private static func fixture(_ name: String) throws -> String {
        let path = "\(Program.packageRoot)/Tests/Fixtures/Notifications/\(name).json"
        return try String(contentsOfFile: path, encoding: .utf8)
    }
}

private func json(_ value: [String: Any]) throws -> String {
    let data = try JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
    return String(decoding: data, as: UTF8.self)
}
