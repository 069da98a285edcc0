internal import ArgumentParser
internal import Feeds
internal import Logging

struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Follows the sellers' queues and loads what AWS delivers, until told to stop.",
        discussion: """
            Reads every seller's SQS queue, loads the files that messages point at, and deletes each \
            message after the commit. Lists the buckets every sweep_minutes for what no message \
            announced. Brings what was loaded into the schema marketplace, refresh_seconds later at \
            most. Asks AWS for the data sets that are due, for sellers with --cas settings. \
            Start as many workers as you like on the same queues.

            SIGTERM: the batch in hand is committed, unfinished messages become visible to other \
            workers at once, and the exit code is 0. A file that cannot be loaded does not stop the \
            worker: its message goes the way of the queue's dead letters, with the reason in \
            ingest.message and ingest.file.
            """)

    @OptionGroup var options: SettingsOptions

    @Option(help: ArgumentHelp("Only this seller; may be repeated.", valueName: "name"))
    var seller: [String] = []

    @Flag(help: "End when the queues are empty, after a sweep and a refresh, with a summary.")
    var drain = false

    func run() async throws {
        let session = try Session(options.resolve(), patienceSeconds: .infinity)
        let worker = try Worker(session.context, only: Set(seller))
        try await worker.run(draining: drain)
        guard drain else { return await summarise(session) }
        let isRefreshing = session.context.settings.refreshSeconds > 0
        let failure = isRefreshing ? await session.refresh() : nil
        _ = try await session.summarise()
        let failed = session.context.meter.reading.failedFiles
        if failed > 0 {
            throw CommandFailure(
                .filesFailed, "\(failed) files could not be loaded; see above, or: sluice status")
        }
        if let failure { throw failure }
    }

    /// A database that is away does not keep a worker from stopping in good order.
    private func summarise(_ session: Session) async {
        do {
            _ = try await session.summarise(isToldWhereToLook: false)
        } catch {
            session.context.logger.warning("there is no summary: \(error)")
        }
    }
}

/// Queues, sweeper and slots of one process.
struct Worker: Sendable {
    private let context: WorkContext
    private let slots: SlotPool
    private let sellers: [Seller]
    private let followers: [QueueFollower]

    init(_ context: WorkContext, only names: Set<String> = []) throws {
        let wanted = try Self.usable(
            Seller.chosen(names, on: context.database.connect()), context)
        let slots = SlotPool(context)
        followers = try wanted.compactMap { seller in
            try seller.queueURL.map {
                try QueueFollower(context, seller, queueURL: $0, slots: slots)
            }
        }
        guard wanted.contains(where: { $0.queueURL != nil || !$0.locations.isEmpty }) else {
            throw CommandFailure(
                .configuration,
                "no seller has a queue or a location; add one: sluice seller add NAME "
                    + "--location BUCKET --queue URL")
        }
        sellers = wanted
        self.slots = slots
        self.context = context
    }

    // One seller whose settings cannot work is named, and does not stop the others.
    private static func usable(_ sellers: [Seller], _ context: WorkContext) throws -> [Seller] {
        var failures: [any Error] = []
        let usable = sellers.filter { seller in
            do {
                _ = try context.aws.client(for: seller)
                return true
            } catch {
                context.meter.fail("seller \(seller.name)")
                context.logger.error("\(error); the seller is left out until then")
                failures.append(error)
                return false
            }
        }
        if usable.isEmpty, let failure = failures.first { throw failure }
        return usable
    }

    func run(draining: Bool) async throws {
        let sweeper = Sweeper(context: context, slots: slots)
        context.logger.notice(
            "worker started",
            metadata: ["worker": "\(context.worker)", "sellers": "\(sellers.count)"])
        await withDiscardingTaskGroup { group in
            for follower in followers {
                group.addTask { await follower.run(draining: draining) }
            }
            guard !draining else { return }
            group.addTask { await sweeper.run(sellers: sellers) }
            group.addTask { await Refresher(context).run() }
            group.addTask { await Requester(context).run(sellers: sellers) }
            let syncer = EntitlementSyncer(context: context, slots: slots)
            group.addTask { await syncer.run(sellers: sellers) }
        }
        if draining {
            for seller in sellers { await sweeper.sweep(seller) }
        }
        context.logger.notice("worker stopped")
    }
}
