import Foundation
import Support
import Synchronization

/// A desk with a seller whose bucket and queue are at a local AWS.
final class RemoteDesk: Sendable {
    let desk: Desk
    let aws: LocalAWS
    let bucket: String
    let queueURL: String
    private static let count = Mutex(0)

    init(_ kind: LocalAWS.Kind = .ministack) throws {
        aws = try LocalAWS.shared(kind)
        desk = try Desk()
        let number = Self.count.withLock { count in
            count += 1
            return count
        }
        bucket = "badinput-\(getpid())-\(number)"
        queueURL = try aws.python(
            """
            import boto3, sys
            boto3.client("s3").create_bucket(Bucket=sys.argv[1])
            print(boto3.client("sqs").create_queue(QueueName=sys.argv[1])["QueueUrl"], end="")
            """, [bucket])
        let added = try desk.run(
            ["seller", "add", "acme", "--location", bucket, "--queue", queueURL])
        guard added.succeeded else { throw added }
    }

    /// Puts objects, given as key and text.
    func put(_ objects: [(key: String, text: String)]) throws {
        try aws.python(
            """
            import boto3, sys
            words = sys.argv[2:]
            for key, body in zip(words[0::2], words[1::2]):
                boto3.client("s3").put_object(Bucket=sys.argv[1], Key=key, Body=body)
            """, [bucket] + objects.flatMap { [$0.key, $0.text] })
    }

    /// Puts an object into a storage class.
    func put(_ text: String, to key: String, class storageClass: String) throws {
        try aws.python(
            """
            import boto3, sys
            boto3.client("s3").put_object(Bucket=sys.argv[1], Key=sys.argv[2],
                Body=sys.argv[3].encode(), StorageClass=sys.argv[4])
            """, [bucket, key, text, storageClass])
    }

    /// Removes an object, as a lifecycle rule does.
    func expire(_ key: String) throws {
        try aws.python(
            "import boto3, sys; boto3.client('s3').delete_object(Bucket=sys.argv[1], Key=sys.argv[2])",
            [bucket, key])
    }

    /// Sends S3 event notifications that name keys; they all tell of a version with that ETag.
    func announce(_ keys: [(bucket: String, key: String)], eTag: String = "e") throws {
        try aws.python(
            """
            import boto3, json, sys
            words = sys.argv[3:]
            for bucket, key in zip(words[0::2], words[1::2]):
                event = {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3",
                    "awsRegion": "us-east-1", "eventTime": "2026-01-01T00:00:00.000Z",
                    "eventName": "ObjectCreated:Put",
                    "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": bucket},
                        "object": {"key": key, "size": 1, "eTag": sys.argv[2], "sequencer": "01"}}}]}
                boto3.client("sqs").send_message(QueueUrl=sys.argv[1], MessageBody=json.dumps(event))
            """, [queueURL, eTag] + keys.flatMap { [$0.bucket, $0.key] })
    }

    /// How messages that wait in the queue or are in somebody's hands are counted.
    func queueDepth() throws -> String {
        try aws.python(
            """
            import boto3, sys
            names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
            answer = boto3.client("sqs").get_queue_attributes(
                QueueUrl=sys.argv[1], AttributeNames=names)
            print("|".join(answer["Attributes"][name] for name in names), end="")
            """, [queueURL])
    }

    /// Messages that are in the queue, or in somebody's hands.
    func messagesLeft() throws -> Int {
        try queueDepth().split(separator: "|").compactMap { Int($0) }.reduce(0, +)
    }

    /// Runs a command with AWS, by default without a proxy in between.
    func run(_ arguments: [String], through proxy: HTTPFaultProxy? = nil) throws -> Finished {
        try desk.run(arguments, environment: aws.environment(port: proxy?.port))
    }

    var location: String { "s3://\(bucket)" }
}
