internal import AWS
internal import Feeds
internal import Logging

/// Keeps messages in hand invisible, deletes settled ones, hands others back: everything that a
/// queue is told, in batches and on a thread of its own.
actor QueueCourier {
    private nonisolated let thread = BlockingThread("sluice.courier")
    private let sqs: SQS
    private let queueURL: String
    private let logger: Logger
    /// Receipt handles of messages in hand.
    private var held: Set<String> = []
    private var settled: [String] = []
    /// Those of ``held`` that are handed back at the end.
    private var released: [String] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        thread.asUnownedSerialExecutor()
    }

    /// SQS Developer Guide: entries of a batch.
    static let batchMax = 10

    init(_ context: WorkContext, _ seller: Seller, queueURL: String) throws {
        sqs = SQS(client: try context.aws.client(for: seller))
        self.queueURL = queueURL
        logger = context.logger
    }

    func hold(_ messages: [SQSMessage]) {
        held.formUnion(messages.map(\.receiptHandle))
    }

    var heldCount: Int { held.count }

    /// Extends the visibility timeout of everything in hand.
    func beat(visibilitySeconds: Int) {
        guard !held.isEmpty else { return }
        tell("extend the visibility of") {
            try sqs.changeVisibility(
                queueURL: queueURL,
                held.map { (receiptHandle: $0, seconds: visibilitySeconds) })
        }
    }

    /// Carries out a verdict.
    ///
    /// Deletions wait for a full batch, or for ``flush()``; what is released waits for
    /// ``release()``.
    func deliver(_ verdict: Verdict, on receiptHandle: String) {
        switch verdict {
        case .settled:
            held.remove(receiptHandle)
            settled.append(receiptHandle)
            if settled.count >= Self.batchMax { flush() }
        case .again(let seconds):
            held.remove(receiptHandle)
            changeVisibility(of: [receiptHandle], seconds)
        case .released: released.append(receiptHandle)
        }
    }

    /// Hands back what was released.
    ///
    /// Nobody may be waiting for messages here any more, or they would come straight back.
    func release() {
        held.subtract(released)
        changeVisibility(of: released, 0)
        released.removeAll()
    }

    /// Deletes what is settled.
    func flush() {
        guard !settled.isEmpty else { return }
        let batch = settled
        settled.removeAll(keepingCapacity: true)
        tell("delete") { try sqs.deleteMessages(queueURL: queueURL, receiptHandles: batch) }
    }

    private func changeVisibility(of receiptHandles: [String], _ seconds: Int) {
        guard !receiptHandles.isEmpty else { return }
        tell("hand back") {
            try sqs.changeVisibility(
                queueURL: queueURL,
                receiptHandles.map { (receiptHandle: $0, seconds: seconds) })
        }
    }

    /// A message that could not be deleted comes again, and its file is then found unchanged; so a
    /// failure here is worth a line, and no more.
    private func tell(_ action: String, _ body: () throws -> [SQSFailure]) {
        do {
            for failure in try body() {
                logger.warning(
                    "SQS did not \(action) a message: \(failure.code) \(failure.message)")
            }
        } catch {
            logger.warning("could not \(action) messages: \(error)")
        }
    }
}
