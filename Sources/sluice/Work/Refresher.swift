internal import Feeds
internal import Foundation
internal import Logging
internal import Postgres
internal import Synchronization

/// Brings what was loaded into the schema `marketplace`, on a connection and a thread of its own.
///
/// What waits stands in the database, so it does not matter who loaded it, and nothing is forgotten
/// when a process ends. One process refreshes at a time; the others leave it to that one.
final class Refresher: Sendable {
    private let context: WorkContext
    private let slot: LoadSlot
    /// Another connection, for that of ``slot`` is busy when it is needed.
    private let canceller: LoadSlot
    /// The server's process that refreshes for us.
    private let backend = Mutex<Int?>(nil)

    private static let lookSeconds = 1.0
    /// Of the time that loads may wait: when so long nobody has loaded anything, they need not.
    fileprivate static let quietShare = 0.1
    private static let busySeconds = 0.2
    private static let pauseSecondsMax = 900.0
    private static let cancelMilliseconds = 200
    /// It reads everything, however little is new.
    private static let reconcileHours = 1
    /// Of commands that a schedule runs once a day, or a person many times.
    static let reconcileHoursOfCommands = 20

    init(_ context: WorkContext) {
        self.context = context
        slot = LoadSlot(context, number: 0)
        canceller = LoadSlot(context, number: 0)
    }

    /// Refreshes whenever loads have waited long enough, until a request to stop.
    func run() async {
        let seconds = Double(context.settings.refreshSeconds)
        guard seconds > 0 else { return }
        var failures = 0
        var pause = Self.lookSeconds
        repeat {
            do {
                if let backlog = try await slot.backlog(), backlog.isDue(afterSeconds: seconds),
                    let refreshed = try await refresh()
                {
                    tell(refreshed)
                    await reconcile(afterHours: Self.reconcileHours).map(tell)
                }
                failures = 0
                pause = Self.lookSeconds
            } catch {
                guard !context.shutdown.isRequested else { return }
                pause = min(seconds * Double(1 << min(failures, 20)), Self.pauseSecondsMax)
                failures += 1
                context.logger.warning(
                    "\(error.refreshReason). Loading goes on; trying again in \(Int(pause)) s")
            }
        } while await context.shutdown.sleep(seconds: pause)
    }

    /// Sees to it that everything which has been loaded by now is in marketplace.
    ///
    /// Where somebody else refreshes, it waits for what that leaves; a lost connection is no reason
    /// to give up while there is patience.
    ///
    /// - Returns: what was refreshed here; `nil` where nothing was to be done, or others have done
    ///   it, or a request to stop came first.
    func finish() async throws -> Marketplace.Refreshed? {
        let started = Date()
        var goal: Int64?
        var pause = Self.busySeconds
        repeat {
            do {
                guard let backlog = try await slot.backlog(), backlog.isLeft(of: goal) else {
                    return nil
                }
                goal = goal ?? backlog.ids?.upperBound
                if let refreshed = try await refresh() { return refreshed }
                pause = Self.busySeconds
            } catch {
                if context.shutdown.isRequested { return nil }
                let isPatient = Date().timeIntervalSince(started) < context.patienceSeconds
                guard error.isOfLostDatabase, isPatient else { throw error }
                pause = min(pause * 2, Self.lookSeconds * 10)
                context.logger.warning("\(error.refreshReason). Trying again in \(pause) s")
            }
        } while await context.shutdown.sleep(seconds: pause)
        return nil
    }

    /// Refreshes unless somebody else is at it; a request to stop cancels it, and it is rolled back.
    private func refresh() async throws -> Marketplace.Refreshed? {
        let watch = Task { await cancelWhenStopped() }
        defer { watch.cancel() }
        defer { backend.withLock { $0 = nil } }
        return try await slot.refresh { pid in self.backend.withLock { $0 = pid } }
    }

    private func cancelWhenStopped() async {
        while await context.shutdown.sleep(seconds: Self.lookSeconds) {}
        while !Task.isCancelled {
            if let pid = backend.withLock({ $0 }) {
                // One that cannot be cancelled ends by itself.
                try? await canceller.cancel(backend: pid)
            }
            // Cancelled means that it has ended.
            try? await Task.sleep(for: .milliseconds(Self.cancelMilliseconds))
        }
    }

    /// Compares the relations of money with each other where nobody has for so long; what no cause
    /// explains becomes a finding.
    ///
    /// - Returns: what it came to; `nil` where it was not time, or a request to stop came first, or
    ///   it could not be done, which is in the log: marketplace is refreshed all the same.
    func reconcile(afterHours hours: Int) async -> Reconciled? {
        guard !context.shutdown.isRequested else { return nil }
        do {
            return try await slot.reconcile(afterHours: hours)
        } catch {
            context.logger.warning("\(error.reconcileReason)")
            return nil
        }
    }

    private func tell(_ refreshed: Marketplace.Refreshed) {
        context.logger.info("\(refreshed.text)")
    }

    private func tell(_ reconciled: Reconciled) {
        let level: Logger.Level = reconciled.unexplained.isEmpty ? .info : .warning
        context.logger.log(level: level, "\(reconciled.text)")
    }
}

extension Marketplace.Backlog {
    /// Whether loads have waited so long, or nobody is loading any more.
    fileprivate func isDue(afterSeconds seconds: Double) -> Bool {
        isOutdated || oldestSeconds >= seconds
            || newestSeconds >= seconds * Refresher.quietShare
    }

    /// Whether some of what has a number up to the goal still waits.
    fileprivate func isLeft(of goal: Int64?) -> Bool {
        guard let goal, let ids else { return true }
        return isOutdated || ids.lowerBound <= goal
    }
}
