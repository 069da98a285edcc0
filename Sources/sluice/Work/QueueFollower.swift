internal import AWS
internal import Feeds
internal import Logging

/// Follows one seller's queue: receive, load, delete after the commit.
struct QueueFollower: Sendable {
    private let context: WorkContext
    private let seller: Seller
    private let slots: SlotPool
    private let receiver: QueueReceiver
    private let courier: QueueCourier

    /// Long enough for a heartbeat to be late once, short enough that a killed worker's messages
    /// are soon taken by another.
    private static let visibilitySeconds = 120
    private static let beatSeconds = 40.0
    /// The longest poll that SQS offers.
    private static let waitSeconds = 20
    /// How long settled messages may wait for others to be deleted with.
    private static let flushSeconds = 0.2
    private static let pauseSecondsMax = 60.0

    init(_ context: WorkContext, _ seller: Seller, queueURL: String, slots: SlotPool) throws {
        self.context = context
        self.seller = seller
        self.slots = slots
        receiver = try QueueReceiver(context, seller, queueURL: queueURL)
        courier = try QueueCourier(context, seller, queueURL: queueURL)
    }

    /// Runs until a request to stop, or, when draining, until the queue is empty.
    func run(draining: Bool) async {
        let keeper = Task { await keep() }
        await withDiscardingTaskGroup { group in
            await receive(draining: draining, into: &group)
        }
        keeper.cancel()
        await courier.flush()
    }

    private func receive(draining: Bool, into group: inout DiscardingTaskGroup) async {
        var pauseSeconds = 1.0
        while !context.shutdown.isRequested {
            guard await hasRoom() else { continue }
            do {
                let messages = try await receiver.receive(
                    max: QueueCourier.batchMax, waitSeconds: draining ? 1 : Self.waitSeconds,
                    visibilitySeconds: Self.visibilitySeconds)
                pauseSeconds = 1
                await courier.hold(messages)
                for message in messages {
                    group.addTask { await handle(message) }
                }
                if draining, messages.isEmpty, try await isDrained() { return }
            } catch {
                context.logger.warning(
                    "the queue cannot be read, trying again in \(pauseSeconds) s: \(error)",
                    metadata: ["seller": "\(seller.name)"])
                guard await context.shutdown.sleep(seconds: pauseSeconds) else { return }
                pauseSeconds = min(pauseSeconds * 2, Self.pauseSecondsMax)
            }
        }
    }

    /// Messages are not taken before somebody can work on them soon, and then a batch at a time.
    private func hasRoom() async -> Bool {
        if await courier.heldCount <= 2 * slots.count { return true }
        _ = await context.shutdown.sleep(seconds: 0.02)
        return false
    }

    private func isDrained() async throws -> Bool {
        guard await courier.heldCount == 0 else { return false }
        await courier.flush()
        return try await receiver.isEmpty()
    }

    private func handle(_ message: SQSMessage) async {
        let received = ReceivedMessage(
            id: message.messageID, body: message.body, receiveCount: message.receiveCount)
        let verdict = await slots.withSlot { slot in
            // What is in hand when the process stops goes back at once, to another worker.
            guard !context.shutdown.isRequested else { return Verdict.released }
            return await slot.handle(received, of: seller)
        }
        await courier.deliver(verdict, on: message.receiptHandle)
    }

    /// Heartbeat and deletions, beside the loads.
    private func keep() async {
        var sinceBeat = 0.0
        while !Task.isCancelled {
            // Cancelled means that the follower has ended.
            guard (try? await Task.sleep(for: .seconds(Self.flushSeconds))) != nil else { return }
            await courier.flush()
            sinceBeat += Self.flushSeconds
            guard sinceBeat >= Self.beatSeconds else { continue }
            sinceBeat = 0
            await courier.beat(visibilitySeconds: Self.visibilitySeconds)
        }
    }
}
