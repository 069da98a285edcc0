import AWS
import Foundation
import Support

/// A seller's cloud and database, of one test: bucket, topic, queue and dead letters on the local
/// AWS that all tests share, under names of their own, and a migrated database with its seller.
final class SimulatedCloud: Sendable {
    /// How S3 tells the queue.
    enum Announcement: String, Sendable, CaseIterable {
        case direct, wrapped, raw, none
    }

    static let seller = "acme"
    static let migrated = DatabaseTemplate { database in
        let finished = try Program().run(["migrate", "--database", database.conninfo])
        guard finished.succeeded else { throw finished }
    }

    let aws: LocalAWS
    let bucket: String
    let queueURL: String
    let deadLettersURL: String
    let database: ScratchDatabase
    private let keys: AWSCredentials

    /// Sets everything up; a message is a dead letter after `receiveCountMax` receipts.
    init(
        _ announcement: Announcement = .direct, receiveCountMax: Int = 50,
        on aws: LocalAWS? = nil, database: ScratchDatabase? = nil
    ) throws {
        let aws = try aws ?? LocalAWS.shared(.ministack)
        self.aws = aws
        keys = AWSCredentials(accessKeyID: aws.accessKey, secretAccessKey: aws.secretKey)
        let client = try Self.client(aws, keys)
        let name = "seller-\(UInt64.random(in: 0...UInt64.max))"
        bucket = name
        let sqs = SQS(client: client)
        deadLettersURL = try sqs.createQueue(name: "\(name)-dead")
        let dead = try sqs.queueAttributes(queueURL: deadLettersURL).arn ?? ""
        let redrive = #"{"deadLetterTargetArn":"\#(dead)","maxReceiveCount":"\#(receiveCountMax)"}"#
        queueURL = try sqs.createQueue(name: name, attributes: ["RedrivePolicy": redrive])
        let s3 = S3(client: client)
        try s3.createBucket(bucket)
        try s3.enableVersioning(ofBucket: bucket)
        let queue = try sqs.queueAttributes(queueURL: queueURL).arn ?? ""
        try Self.announce(announcement, bucket, queue: queue, client)
        self.database = try database ?? ScratchDatabase.create(from: Self.migrated)
        try addSeller(to: self.database)
    }

    private static func announce(
        _ announcement: Announcement, _ bucket: String, queue: String, _ client: AWSClient
    ) throws {
        let s3 = S3(client: client)
        switch announcement {
        case .none: break
        case .direct:
            try s3.putBucketNotificationConfiguration(bucket: bucket, target: .queue(queue))
        case .wrapped, .raw:
            let sns = SNS(client: client)
            let topic = try sns.createTopic(name: bucket)
            _ = try sns.subscribe(
                topicARN: topic, queueARN: queue, rawMessageDelivery: announcement == .raw)
            try s3.putBucketNotificationConfiguration(bucket: bucket, target: .topic(topic))
        }
    }

    private static func client(_ aws: LocalAWS, _ keys: AWSCredentials) throws -> AWSClient {
        AWSClient(
            configuration: try AWSConfiguration(environment: aws.environment()),
            credentials: FixedCredentials(keys))
    }

    /// Writes the seller's row by the command that a person uses.
    func addSeller(to database: ScratchDatabase, _ options: [String] = []) throws {
        try run(
            ["seller", "add", Self.seller, "--location", bucket, "--queue", queueURL] + options,
            on: database.conninfo)
    }
}

/// What the seller's side does.
extension SimulatedCloud {
    private var client: AWSClient { get throws { try Self.client(aws, keys) } }
    var sqs: SQS { get throws { SQS(client: try client) } }

    func put(_ objects: [DeliveredObject], into other: String? = nil) throws {
        let s3 = S3(client: try client)
        for object in objects {
            try s3.putObject(bucket: other ?? bucket, key: object.key, body: .bytes(object.bytes))
        }
    }

    /// Another bucket beside the seller's own.
    func makeForeignBucket() throws -> String {
        let foreign = "foreign-\(bucket)"
        try S3(client: try client).createBucket(foreign)
        return foreign
    }

    func send(_ bodies: [String]) throws {
        let failures = try sqs.sendMessages(queueURL: queueURL, bodies: bodies)
        precondition(failures.isEmpty, "\(failures)")
    }

    func attributes(ofDeadLetters: Bool = false) throws -> SQSQueueAttributes {
        try sqs.queueAttributes(queueURL: ofDeadLetters ? deadLettersURL : queueURL)
    }

    /// Whether SQS counts no message, visible or not.
    var isQueueEmpty: Bool {
        get throws {
            let attributes = try attributes()
            return attributes.depth + attributes.inFlight == 0
        }
    }
}

/// What the operator does.
extension SimulatedCloud {
    /// Starts `sluice worker` on the cloud's database, or on one named otherwise.
    ///
    /// `awsPort` is that of a proxy before the local AWS.
    func startWorker(
        _ arguments: [String] = ["--drain"], on conninfo: String? = nil, awsPort: Int? = nil,
        _ environment: [String: String] = [:]
    ) throws -> ChildProcess {
        try Program().start(
            ["worker", "--database", conninfo ?? database.conninfo] + arguments,
            environment: aws.environment(port: awsPort).merging(environment) { $1 })
    }

    /// Runs a worker until the queue is empty; throws `Finished` unless all is well.
    @discardableResult
    func drain(
        on conninfo: String? = nil, awsPort: Int? = nil, _ environment: [String: String] = [:]
    ) throws -> Finished {
        let worker = try startWorker(on: conninfo, awsPort: awsPort, environment)
        let finished = worker.wait(limitSeconds: 120)
        guard finished.succeeded else { throw finished }
        return finished
    }

    /// What a load of the bucket as it is now puts into a fresh database.
    func cleanLoad() throws -> String {
        let fresh = try ScratchDatabase.create(from: Self.migrated)
        try addSeller(to: fresh)
        try run(["backfill", "s3://\(bucket)"], on: fresh.conninfo)
        return try fresh.contents()
    }

    @discardableResult
    private func run(_ arguments: [String], on conninfo: String) throws -> Finished {
        let finished = try Program().run(
            arguments + ["--database", conninfo], environment: aws.environment())
        guard finished.succeeded else { throw finished }
        return finished
    }
}
