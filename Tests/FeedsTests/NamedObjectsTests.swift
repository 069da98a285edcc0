import Foundation
import Testing

@testable import Feeds

/// Messages that lead to objects by other ways than S3's own events.
struct NamedObjectsTests {
    static let key = "BillingEventFeed_V1/year=2026/month=09/data.csv"
    static let encoded = "BillingEventFeed_V1/year%3D2026/month%3D09/data.csv"

    static let bodies = [
        "s3://acme/\(key)", "\"s3://acme/\(key)\"", "new object: 's3://acme/\(key)', 12 bytes",
        "https://acme.s3.us-east-1.amazonaws.com/\(key)",
        "https://s3.amazonaws.com/acme/\(encoded)",
        #"{"url":"https://acme.s3-eu-west-1.amazonaws.com/\#(key)?X-Amz-Expires=9&a=b/c"}"#,
        "<https://acme.s3.dualstack.cn-north-1.amazonaws.com.cn/\(key)>",
        #"{"bucket":"acme","key":"\#(key)"}"#, #"{"Bucket":"acme","Key":"\#(key)"}"#,
        #"{"bucket":{"name":"acme"},"object":{"key":"\#(key)"}}"#,
        #"{"s3Bucket":"acme","s3Key":"\#(encoded)"}"#,
        #"{"bucket":"acme","objects":[{"size":1},{"key":"\#(key)"}]}"#,
        #"{"what":{"ever":[{"uri":"s3://acme/\#(key)"}]}}"#,
        #"{"resources":["arn:aws:s3:::acme/\#(key)"]}"#,
        #"{"resources":["arn:aws-us-gov:s3:::acme/\#(key)"]}"#,
        // S3 Batch Operations calls a function with this.
        #"{"tasks":[{"taskId":"1","s3BucketArn":"arn:aws:s3:::acme","s3Key":"\#(encoded)"}]}"#,
        // A trail's own record, in EventBridge's envelope and as a log file has it.
        """
        {"source":"aws.s3","detail-type":"AWS API Call via CloudTrail","detail":{\
        "eventName":"CompleteMultipartUpload","requestParameters":{"bucketName":"acme",\
        "key":"\(key)"}}}
        """,
        """
        {"Records":[{"eventSource":"s3.amazonaws.com","eventName":"CopyObject",\
        "requestParameters":{"bucketName":"acme","key":"\(key)","x-amz-copy-source":"x/y"}}]}
        """,
        // What a function's destination gets.
        """
        {"requestContext":{"condition":"Success"},"requestPayload":{"Records":[{"s3":{"bucket":\
        {"name":"acme"},"object":{"key":"\(encoded)"}}}]},"responsePayload":null}
        """,
        #"{"source":"my.app","detail-type":"File ready","detail":{"path":"s3://acme/\#(key)"}}"#,
        #"{"body":"{\"bucket\":\"acme\",\"key\":\"\#(key)\"}"}"#,
        // S3's own, of another major version.
        """
        {"Records":[{"eventVersion":"3.0","eventSource":"aws:s3","eventName":"ObjectCreated:Put",\
        "s3":{"bucket":{"name":"acme"},"object":{"key":"\(encoded)"}}}]}
        """,
    ]

    @Test(arguments: bodies, [0, 1, 2])
    func whateverNamesABucketAndAKeyIsAHint(_ body: String, envelopes: Int) throws {
        var text = body
        for _ in 0..<envelopes { text = try text.wrapped() }
        let notification = Feeds.Notification.parse(text)
        #expect(notification.areGuessed)
        let named = notification.pointers.filter { $0.bucket == "acme" }
        #expect(named.contains { $0.keys.contains(Self.key) }, "\(notification)")
    }

    @Test(arguments: [
        ("ObjectRestore:Completed", "Object Restore Completed", 1),
        ("ObjectRestore:Post", "Object Restore Initiated", 0),
        ("ObjectRemoved:Delete", "Object Deleted", 0),
    ])
    func restoredObjectIsLookedAtAndARemovedOneIsNot(_ name: String, _ type: String, _ count: Int) {
        let s3 = """
            {"Records":[{"eventSource":"aws:s3","eventName":"\(name)",\
            "s3":{"bucket":{"name":"acme"},"object":{"key":"\(Self.encoded)"}}}]}
            """
        let bridge = """
            {"source":"aws.s3","detail-type":"\(type)",\
            "detail":{"bucket":{"name":"acme"},"object":{"key":"\(Self.key)"}}}
            """
        for body in [s3, bridge] {
            let notification = Feeds.Notification.parse(body)
            #expect(notification.pointers.map(\.key) == Array(repeating: Self.key, count: count))
            #expect(!notification.areGuessed)
        }
    }

    @Test(arguments: [
        "", "x", "{}", "[]", #"{"bucket":"acme"}"#, #"{"key":"a"}"#, "s3://acme", "s3://acme/",
        "s3:///a", #"{"bucket":7,"key":"a"}"#, #"{"bucket":"","key":"a"}"#,
        #"{"bucket":"a\u0000","key":"b"}"#, "http://acme/a", "https://acme.example.com/a",
        "https://acme.s3.amazonaws.com", "https://s3.amazonaws.com/acme",
        "{\"bucket\":\"acme\",\"key\":\"a",
    ])
    func whatNamesNoObjectPointsNowhere(_ body: String) {
        let notification = Feeds.Notification.parse(body)
        #expect(notification.kind == .unknown)
        #expect(notification.pointers.isEmpty)
    }

    @Test func oneMessageMakesUsLookAtSoManyObjectsAndNoMore() {
        let many = (0..<5_000).map { #"{"bucket":"acme","key":"\#($0)"}"# }.joined(separator: ",")
        #expect(Feeds.Notification.parse("[\(many)]").pointers.count == 100)
        let words = (0..<5_000).map { "s3://acme/\($0)" }.joined(separator: " ")
        #expect(Feeds.Notification.parse(words).pointers.count == 100)
        let deep =
            String(repeating: #"{"a":"#, count: 40) + #"{"bucket":"b","key":"k"}"#
            + String(repeating: "}", count: 40)
        #expect(Feeds.Notification.parse(deep).pointers.isEmpty)
    }
}
