internal import Feeds
internal import Foundation
internal import Logging

/// A command that loads: settings, database, signals and log, set up the same way each time.
struct Session {
    let context: WorkContext
    private let signals: SignalWatch

    /// Sets everything up.
    ///
    /// - Parameters:
    ///   - settings: what flags, environment and file came to.
    ///   - patienceSeconds: how long to wait for a database that went away.
    /// - Throws: ``CommandFailure`` when a setting or the database is no good.
    init(_ settings: Settings, patienceSeconds: Double) throws {
        let logger = try Logger(settings)
        let shutdown = Shutdown()
        let signals = SignalWatch(shutdown) { name in
            logger.notice("\(name): finishing the batch in hand; once more to leave at once")
        }
        self.signals = signals
        context = WorkContext(
            database: try Database.open(settings), settings: settings, shutdown: shutdown,
            logger: logger, patienceSeconds: patienceSeconds)
    }

    /// Sums up what this process loaded, and tells how to look at it.
    func summarise(isToldWhereToLook: Bool = true) async throws -> RunSummary {
        let summary = try await LoadSlot(context, number: 0).summary()
        say([""] + summary.report())
        if isToldWhereToLook {
            say(["", "Look for yourself:", "  \(context.database.psqlCommand)"])
        }
        return summary
    }
}

extension Logger {
    /// The daemon's log: lines on standard error.
    init(_ settings: Settings) throws {
        guard let level = Logger.Level(rawValue: settings.logLevel) else {
            let known = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                .configuration, "log_level: \"\(settings.logLevel)\" is none of \(known)")
        }
        self.init(label: "sluice") { PrintableLog(StreamLogHandler.standardError(label: $0)) }
        logLevel = level
    }
}
