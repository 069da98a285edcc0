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

    /// Amazon SQS: the longest poll, and the shortest that asks all of its servers.
    private static let waitSecondsMax = 20
    private static let waitSecondsMin = 1
    /// Heartbeats in the time that a message stays invisible.
    private static let beatsPerVisibility = 3.0
    /// How long settled messages may wait for others to be deleted with.
    private static let flushSeconds = 0.2
    private static let pauseSecondsMax = 60.0
    /// How soon room for more messages is noticed.
    private static let roomSeconds = 0.05

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
        await courier.release()
    }

    private func receive(draining: Bool, into group: inout DiscardingTaskGroup) async {
        var pauseSeconds = 1.0
        while !context.shutdown.isRequested {
            let held = await courier.heldCount
            // Messages are not taken before somebody can work on them soon, and then in a batch.
            // A database that is away would only make them older in our hands.
            guard held <= 2 * slots.count, !context.health.isAway else {
                _ = await context.shutdown.sleep(seconds: Self.roomSeconds)
                continue
            }
            do {
                let messages = try await receiver.receive(
                    max: QueueCourier.batchMax,
                    // A poll that we break off may go on in SQS for its time, and take what we hand
                    // back: while there is something to hand back, polls are short and whole.
                    waitSeconds: draining || held > 0 ? Self.waitSecondsMin : Self.waitSecondsMax,
                    isWhole: held > 0,
                    visibilitySeconds: context.settings.visibilitySeconds)
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
        let visibilitySeconds = context.settings.visibilitySeconds
        let beatSeconds = Double(visibilitySeconds) / Self.beatsPerVisibility
        var sinceBeat = 0.0
        while !Task.isCancelled {
            // Cancelled means that the follower has ended.
            guard (try? await Task.sleep(for: .seconds(Self.flushSeconds))) != nil else { return }
            await courier.flush()
            sinceBeat += Self.flushSeconds
            guard sinceBeat >= beatSeconds else { continue }
            sinceBeat = 0
            await courier.beat(visibilitySeconds: visibilitySeconds)
        }
    }
}
