internal import AWS
internal import Feeds
internal import Foundation
internal import Logging
internal import Postgres

/// One file at a time: a thread, a database connection, and clients for the stores.
actor LoadSlot {
    let context: WorkContext
    private nonisolated let thread: BlockingThread
    private var postgres: PostgresConnection?
    private var buckets: [Int32: S3Files] = [:]
    private var directories: [String: DirectoryStore] = [:]

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        thread.asUnownedSerialExecutor()
    }

    init(_ context: WorkContext, number: Int) {
        self.context = context
        thread = BlockingThread("sluice.load.\(number)")
    }

    /// Loads a file, trying again while the database is away; a message may have told of it with
    /// the ETag of a version.
    func load(
        _ file: File, as feed: Feed, from source: FileSource, announced eTag: String? = nil
    ) throws -> Outcome {
        try tell(file, feed, source) {
            try withDatabase { try loader($0, source).load(file, as: feed, announced: eTag) }
        }
    }

    /// Reads a file again from the start, or goes on in it where an operator says, trying again
    /// while the database is away.
    func reload(
        _ file: File, as feed: Feed, from source: FileSource, skip: SkipDecision? = nil
    ) throws -> Outcome {
        try tell(file, feed, source) {
            try withDatabase { postgres in
                let load = try loader(postgres, source)
                return try skip.map { try load.skip(file, as: feed, $0) }
                    ?? load.reload(file, as: feed)
            }
        }
    }

    private func loader(
        _ postgres: PostgresConnection, _ source: FileSource
    ) throws -> Loader {
        Loader(
            postgres: postgres, store: try store(source), limits: context.settings.limits,
            worker: context.worker,
            isStopping: { [shutdown = context.shutdown] in shutdown.isRequested },
            onBytes: { [meter = context.meter] count in
                meter.add(bytes: count)
            })
    }

    /// Runs a load, and tells what became of it: the log, and whoever requested the data set.
    private func tell(
        _ file: File, _ feed: Feed, _ source: FileSource, _ load: () throws -> Outcome
    ) throws -> Outcome {
        do {
            let outcome = try load()
            tell(outcome, file, feed)
            if feed.kind != .log, outcome.unreadable == nil {
                try answer(with: file, from: source, isNew: outcome.kind != .unchanged)
            }
            return outcome
        } catch {
            if !context.shutdown.isRequested {
                context.meter.fail(file.description)
                context.logger.error("\(error)", metadata: ["feed": "\(feed.name)"])
            }
            throw error
        }
    }

    /// The store of a source, made when first asked for.
    func store(_ source: FileSource) throws -> any FileStore {
        switch source {
        case .buckets(let seller):
            if let known = buckets[seller.id] { return known }
            let made = S3Files(try context.aws.client(for: seller), seller: seller) {
                [shutdown = context.shutdown] in shutdown.isRequested
            }
            buckets[seller.id] = made
            return made
        case .directory(let path, let bucket):
            if let known = directories[path] { return known }
            let made = try DirectoryStore(path: path, bucket: bucket)
            directories[path] = made
            return made
        }
    }

    /// Runs `body` with a connection.
    ///
    /// When the connection is lost, or the server is in trouble that passes, `body` runs again with
    /// another one: what it may have committed, the checkpoint tells.
    func withDatabase<T>(_ body: (PostgresConnection) throws -> T) throws -> T {
        let started = Date()
        var pauseSeconds = 0.1
        while true {
            do {
                return try withDatabaseOnce(body)
            } catch {
                let isPatient = Date().timeIntervalSince(started) < context.patienceSeconds
                guard Self.isDatabaseTrouble(error), isPatient, !context.shutdown.isRequested else {
                    context.health.isBack()
                    throw error
                }
                context.health.isGone()
                context.logger.warning(
                    "the database is in trouble, trying again in \(pauseSeconds) s: \(error)")
                pause(seconds: pauseSeconds)
                pauseSeconds = min(pauseSeconds * 2, Self.pauseSecondsMax)
            }
        }
    }

    /// Runs `body` with a connection, and not again; one that is in trouble is not used any more.
    func withDatabaseOnce<T>(_ body: (PostgresConnection) throws -> T) throws -> T {
        do {
            let result = try body(try connection())
            context.health.isBack()
            return result
        } catch {
            if Self.isDatabaseTrouble(error) { postgres = nil }
            throw error
        }
    }

    // A database that comes back should not wait long for its workers.
    private static let pauseSecondsMax = 10.0

    /// Blocks, but no longer than until a request to stop.
    private func pause(seconds: Double) {
        let end = Date(timeIntervalSinceNow: seconds)
        while Date() < end, !context.shutdown.isRequested {
            Thread.sleep(forTimeInterval: min(seconds, 0.1))
        }
    }

    private static func isDatabaseTrouble(_ error: any Error) -> Bool {
        switch error {
        case let error as PostgresError: error.isTransient
        case let error as LoadError: error.disposition == .retry && error.isOfDatabase
        case let error as CommandFailure: error.kind == .unavailable
        default: false
        }
    }

    /// What is loaded and what needs a person.
    func status() throws -> Status {
        try withDatabase { try Status(on: $0) }
    }

    /// What the loads of the process came to.
    func summary() throws -> RunSummary {
        try withDatabase { try RunSummary(worker: context.worker, on: $0) }
    }

    /// The connection, opened anew where the last one was lost.
    ///
    /// The process began with a connection. That there is none now, be it for a password that is
    /// being changed, is the database's trouble like any other.
    private func connection() throws -> PostgresConnection {
        if let postgres, postgres.isAlive { return postgres }
        postgres = nil
        do {
            let opened = try context.database.connect()
            postgres = opened
            return opened
        } catch let error as CommandFailure {
            throw CommandFailure(.unavailable, error.description)
        }
    }

    private func tell(_ outcome: Outcome, _ file: File, _ feed: Feed) {
        if let unreadable = outcome.unreadable {
            context.meter.leave(file.description)
            context.logger.log(
                level: unreadable.isNew ? .warning : .debug, "\(unreadable.reason)",
                metadata: ["feed": "\(feed.name)"])
            return
        }
        context.meter.succeed(file.description, files: 1, rows: outcome.rowsLoaded)
        var metadata: Logger.Metadata = [
            "feed": "\(feed.name)", "outcome": "\(outcome.kind.rawValue)",
            "rows": "\(outcome.rowsLoaded)",
        ]
        if outcome.rowsRejected > 0 { metadata["rejected"] = "\(outcome.rowsRejected)" }
        if outcome.rowsVanished > 0 { metadata["vanished"] = "\(outcome.rowsVanished)" }
        let isTrouble = outcome.rowsRejected > 0 || outcome.rowsVanished > 0
        let level: Logger.Level =
            isTrouble ? .warning : outcome.kind == .unchanged ? .debug : .info
        context.logger.log(level: level, "\(file)", metadata: metadata)
    }
}
