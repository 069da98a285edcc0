import Foundation
import Synchronization
import Testing

@testable import AWS

@Suite struct SQSTests {
    let sqs: SQS
    let queue: String

    init() throws {
        sqs = try TestClients.ministack.sqs
        queue = try sqs.createQueue(name: uniqueName("queue"))
    }

    private func receiveAll() throws -> [SQSMessage] {
        var all: [SQSMessage] = []
        while true {
            let some = try sqs.receiveMessages(
                queueURL: queue, waitSeconds: 0, visibilitySeconds: 100)
            if some.isEmpty { return all }
            all += some
        }
    }

    @Test func everyMessageOfALargeBatchArrivesAndIsDeleted() throws {
        let bodies = (0..<25).map { "message \($0): é <&> \"\\" }
        #expect(try sqs.sendMessages(queueURL: queue, bodies: bodies).isEmpty)
        let received = try receiveAll()
        #expect(received.map(\.body).sorted() == bodies.sorted())
        #expect(received.allSatisfy { $0.receiveCount == 1 && $0.sent != nil })
        #expect(try sqs.queueAttributes(queueURL: queue).inFlight == 25)
        let failed = try sqs.deleteMessages(
            queueURL: queue, receiptHandles: received.map(\.receiptHandle))
        #expect(failed.isEmpty)
        let left = try sqs.queueAttributes(queueURL: queue)
        #expect(left.depth == 0 && left.inFlight == 0)
    }

    @Test func badHandleInABatchIsReportedAndTheOthersAreDeleted() throws {
        _ = try sqs.sendMessages(queueURL: queue, bodies: (0..<12).map { "\($0)" })
        var handles = try receiveAll().map(\.receiptHandle)
        handles.insert("no-such-handle", at: 11)
        let failed = try sqs.deleteMessages(queueURL: queue, receiptHandles: handles)
        #expect(failed.map(\.subject) == ["no-such-handle"])
        #expect(failed.first?.code == "ReceiptHandleIsInvalid")
        #expect(try sqs.queueAttributes(queueURL: queue).inFlight == 0)
    }

    @Test func messageMadeVisibleComesAgainAndIsCounted() throws {
        _ = try sqs.sendMessages(queueURL: queue, bodies: ["a"])
        let first = try #require(try receiveAll().first)
        let failed = try sqs.changeVisibility(
            queueURL: queue, [(first.receiptHandle, 0), ("no-such-handle", 10)])
        #expect(failed.map(\.subject) == ["no-such-handle"])
        let again = try #require(try receiveAll().first)
        #expect(again.messageID == first.messageID && again.receiveCount == 2)
    }

    @Test func stopEndsALongPoll() throws {
        let asked = Mutex(0)
        let messages = try sqs.receiveMessages(queueURL: queue, waitSeconds: 20) {
            asked.withLock {
                $0 += 1
                return $0 > 5
            }
        }
        #expect(messages.isEmpty)
        #expect(asked.withLock { $0 } == 6)
    }

    @Test func longPollOutlastsTheStallLimit() throws {
        var clients = try TestClients.ministack
        clients.settings.stallSeconds = 1
        // Were one second of silence a stall here, the call would fail as a timeout; libcurl
        // looks at the speed of the last five seconds, hence the ten.
        #expect(try clients.sqs.receiveMessages(queueURL: queue, waitSeconds: 10).isEmpty)
    }

    @Test func attributesAreSetAndRead() throws {
        try sqs.setQueueAttributes(queueURL: queue, ["VisibilityTimeout": "77"])
        let attributes = try sqs.queueAttributes(queueURL: queue)
        #expect(attributes.visibilitySeconds == 77)
        #expect(attributes.redrivePolicy == nil)
        #expect(attributes.arn?.hasPrefix("arn:aws:sqs:us-east-1:") == true)
    }

    @Test func missingQueueIsNotFound() throws {
        let error = awsError {
            _ = try sqs.receiveMessages(queueURL: queue + "-none", waitSeconds: 0)
        }
        #expect(error?.isNotFound == true)
        #expect(error?.resource == queue + "-none")
    }

}

@Suite struct SNSTests {
    @Test(arguments: [true, false])
    func publishedMessageReachesTheQueue(_ isRaw: Bool) throws {
        let clients = try TestClients.ministack
        let (sqs, sns) = (try clients.sqs, try clients.sns)
        let queue = try sqs.createQueue(name: uniqueName("queue"))
        let arn = try #require(try sqs.queueAttributes(queueURL: queue).arn)
        let topic = try sns.createTopic(name: uniqueName("topic"))
        _ = try sns.subscribe(topicARN: topic, queueARN: arn, rawMessageDelivery: isRaw)
        try sns.publish(topicARN: topic, message: "a+b & é=%")
        let body = try #require(
            try sqs.receiveMessages(queueURL: queue, waitSeconds: 10).first?.body)
        #expect((body == "a+b & é=%") == isRaw)
        #expect(body.contains("\"TopicArn\"") == !isRaw)
    }

    @Test(arguments: [true, false])
    func bucketAnnouncesItsObjects(_ isTopic: Bool) throws {
        let clients = try TestClients.ministack
        let (s3, sqs, sns) = (try clients.s3, try clients.sqs, try clients.sns)
        let queue = try sqs.createQueue(name: uniqueName("queue"))
        let arn = try #require(try sqs.queueAttributes(queueURL: queue).arn)
        let topic = try sns.createTopic(name: uniqueName("topic"))
        _ = try sns.subscribe(topicARN: topic, queueARN: arn, rawMessageDelivery: true)
        let bucket = uniqueName("announcing")
        try s3.createBucket(bucket)
        try s3.putBucketNotificationConfiguration(
            bucket: bucket, target: isTopic ? .topic(topic) : .queue(arn))
        try s3.putObject(bucket: bucket, key: "a b", body: .bytes([1]))
        var bodies: [String] = []
        while !bodies.contains(where: { $0.contains("ObjectCreated:Put") }) {
            let received = try sqs.receiveMessages(queueURL: queue, waitSeconds: 10)
            try #require(!received.isEmpty)
            bodies += received.map(\.body)
        }
        #expect(bodies.contains { $0.contains("\"a+b\"") && $0.contains(bucket) })
    }
}
