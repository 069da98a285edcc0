internal import AWS
internal import Feeds

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

    /// A long poll; a request to stop ends it at once.
    func receive(
        max: Int, waitSeconds: Int, visibilitySeconds: Int
    ) throws -> [SQSMessage] {
        do {
            return try sqs.receiveMessages(
                queueURL: queueURL, max: max, waitSeconds: waitSeconds,
                visibilitySeconds: visibilitySeconds,
                stop: { [shutdown] in shutdown.isRequested })
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
