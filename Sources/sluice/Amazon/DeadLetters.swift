internal import AWS
internal import Feeds
internal import Foundation

/// The dead-letter queue of a seller, as far as a person deals with it.
struct DeadLetters {
    private let sqs: SQS
    /// The queue that messages go back to.
    private let queueURL: String
    /// `nil` where the queue gives nothing up.
    private let deadLettersURL: String?

    // Long enough to read all of them and decide, short enough that nobody misses them for long.
    private static let visibilitySeconds = 60
    private static let batchMax = 10

    /// The dead letters of a queue.
    init(of queueURL: String, _ client: AWSClient) throws {
        let sqs = SQS(client: client)
        // arn:aws:sqs:region:account:name
        let arn = try sqs.queueAttributes(queueURL: queueURL).deadLetterARN?
            .split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        // It is always of the queue's own account and region, so at the same host.
        deadLettersURL = arn.flatMap { parts in
            parts.count == 6 ? QueueAddress(queueURL)?.sibling(named: parts[5]) : nil
        }
        self.sqs = sqs
        self.queueURL = queueURL
    }

    /// Takes up to so many messages in hand, for a minute; oldest first.
    func take(max: Int) throws -> [SQSMessage] {
        guard let deadLettersURL else { return [] }
        var taken: [String: SQSMessage] = [:]
        while taken.count < max {
            let more = try sqs.receiveMessages(
                queueURL: deadLettersURL, max: min(Self.batchMax, max - taken.count),
                waitSeconds: 1, visibilitySeconds: Self.visibilitySeconds)
            let known = taken.count
            for message in more { taken[message.messageID] = message }
            // One that comes again within its own minute means that all were seen.
            guard taken.count > known else { break }
        }
        return taken.values.sorted { ($0.sent ?? .distantPast) < ($1.sent ?? .distantPast) }
    }

    /// Gives messages back, so that others see them at once.
    func release(_ messages: [SQSMessage]) throws {
        guard let deadLettersURL else { return }
        // What SQS refuses becomes visible by itself within the minute.
        _ = try sqs.changeVisibility(
            queueURL: deadLettersURL, messages.map { ($0.receiptHandle, 0) })
    }

    /// Puts a body into the seller's queue again.
    func send(_ body: String) throws {
        let failures = try sqs.sendMessages(queueURL: queueURL, bodies: [body])
        guard let failure = failures.first else { return }
        throw CommandFailure(
            .unavailable,
            "\(queueURL): SQS did not take the message: \(failure.code) "
                + failure.message)
    }

    /// Removes a message from the dead letters.
    func delete(_ message: SQSMessage) throws {
        guard let deadLettersURL else { return }
        let failures = try sqs.deleteMessages(
            queueURL: deadLettersURL, receiptHandles: [message.receiptHandle])
        guard let failure = failures.first else { return }
        throw CommandFailure(
            .unavailable,
            "\(deadLettersURL): SQS did not delete message \(message.messageID): \(failure.code) "
                + "\(failure.message); it is still a dead letter")
    }
}
