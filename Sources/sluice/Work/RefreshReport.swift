internal import Feeds
internal import Foundation
internal import Logging
internal import Postgres

extension LoadSlot {
    /// What a refresh would bring in.
    func backlog() throws -> Marketplace.Backlog? {
        try withDatabaseOnce { try Marketplace.backlog(on: $0) }
    }

    /// Refreshes unless somebody else is at it.
    ///
    /// Not tried again at once: a refresh that the server did not survive must not be what keeps it
    /// from coming back.
    func refresh(onBegin: (Int) -> Void) throws -> Marketplace.Refreshed? {
        try withDatabaseOnce { try Marketplace.refreshUnlessBusy(on: $0, onBegin: onBegin) }
    }

    /// Compares the relations of money, where nobody has for so long.
    func reconcile(afterHours hours: Int) throws -> Reconciled? {
        try withDatabaseOnce { postgres in
            try Reconciled.isDue(afterHours: hours, on: postgres) ? Reconciled(on: postgres) : nil
        }
    }

    /// Cancels what a process of the server is doing for this role.
    func cancel(backend: Int) throws {
        try withDatabaseOnce {
            _ = try $0.query("select pg_cancel_backend($1::integer)", [.int(Int64(backend))])
        }
    }
}

extension Session {
    /// Brings what was loaded into marketplace, and says so; nothing after a request to stop.
    ///
    /// - Returns: for the exit code, what went wrong; the reason is in the log.
    func refresh() async -> CommandFailure? {
        guard !context.shutdown.isRequested else { return nil }
        do {
            let refresher = Refresher(context)
            guard let refreshed = try await refresher.finish() else { return nil }
            say(refreshed.text)
            await refresher.reconcile(afterHours: Refresher.reconcileHoursOfCommands)
                .map { say($0.text) }
            return nil
        } catch {
            context.logger.error("\(error.refreshReason)")
            return CommandFailure(
                CommandFailure(error)?.kind ?? .unavailable,
                "everything is done but for marketplace, which is behind; see above, then: "
                    + "sluice refresh")
        }
    }
}

extension Marketplace {
    /// Brings what a person has just changed into marketplace, and says so.
    static func refreshAndSay(on postgres: PostgresConnection) throws {
        do {
            say(try refresh(on: postgres).text)
        } catch {
            throw CommandFailure(
                CommandFailure(error)?.kind ?? .unavailable,
                "\(error.refreshReason). What was said above is done; then: sluice refresh")
        }
    }
}

extension Marketplace.Refreshed {
    /// One line.
    var text: String {
        String(format: "marketplace refreshed in %.1f s: ", seconds)
            + "\(rows) rows of \(changes.count) tables changed"
    }
}

extension Reconciled {
    /// One line.
    var text: String {
        let compared = String(format: "money reconciled in %.1f s: ", seconds)
        guard !unexplained.isEmpty else {
            return compared + "\(figures) pairs of figures agree, or differ by what is explained"
        }
        return compared + "of \(figures) pairs of figures "
            + unexplained.map { "\($0.figures) of \($0.seller)" }.joined(separator: ", ")
            + " differ by what no cause explains; see: sluice expect"
    }
}

extension Error {
    /// Why marketplace is as it was, and what helps.
    var refreshReason: String {
        "marketplace is not refreshed and shows what it did before: \(serverCause)\(refreshAdvice)"
    }

    /// Why the relations of money were not compared, and what helps.
    var reconcileReason: String {
        "marketplace is refreshed, but its figures of money could not be compared with each other: "
            + "\(serverCause)\(refreshAdvice)"
    }

    // Detail and context would have the row and the statement, which is pages of SQL.
    private var serverCause: String {
        guard let error = self as? PostgresError else { return "\(self)" }
        return [
            error.message, error.table.map { "table \($0)" },
            error.sqlState.map { "SQLSTATE \($0)" },
        ].compactMap(\.self).joined(separator: ", ")
    }

    // PostgreSQL, appendix "Error Codes".
    private var refreshAdvice: String {
        switch (self as? PostgresError)?.sqlState {
        case "42501":
            "; the role needs the rights that docs/operations.md grants: \"The database: two roles\""
        case "57014":
            "; somebody cancelled it on the server: see who calls pg_cancel_backend"
        case "55P03": "; somebody holds a lock on its tables: see pg_locks"
        default: ""
        }
    }

    /// Whether the database may be back soon.
    var isOfLostDatabase: Bool {
        switch self {
        case let error as PostgresError: error.needsAnotherConnection
        case let error as CommandFailure: error.kind == .unavailable
        default: false
        }
    }
}
