internal import AWS
internal import Feeds
internal import Foundation

/// Waits for a queue's messages, on a thread of its own.
actor QueueReceiver {
    private nonisolated let thread = BlockingThread("sluice.receive")
    private let sqs: SQS
    private let queueURL: String
    private let shutdown: Shutdown

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        thread.asUnownedSerialExecutor()
    }

    init(_ context: WorkContext, _ seller: Seller, queueURL: String) throws {
        sqs = SQS(client: try context.aws.client(for: seller))
        self.queueURL = queueURL
        shutdown = context.shutdown
    }

    /// Beyond this a poll that was to be whole is broken off too: SQS does not answer.
    private static let wholeSecondsMax = 5.0

    /// Polls for so many seconds; a request to stop ends that at once, unless it is to be whole.
    func receive(
        max: Int, waitSeconds: Int, isWhole: Bool, visibilitySeconds: Int
    ) throws -> [SQSMessage] {
        let started = Date()
        do {
            return try sqs.receiveMessages(
                queueURL: queueURL, max: max, waitSeconds: waitSeconds,
                visibilitySeconds: visibilitySeconds,
                stop: { [shutdown] in
                    let mayStop = !isWhole || -started.timeIntervalSinceNow > Self.wholeSecondsMax
                    return shutdown.isRequested && mayStop
                })
        } catch let error as AWSError where error.isInterrupted {
            return []
        }
    }

    /// Whether SQS counts no message, waiting or in flight.
    func isEmpty() throws -> Bool {
        let attributes = try sqs.queueAttributes(queueURL: queueURL)
        return attributes.depth + attributes.inFlight + attributes.delayed == 0
    }
}
