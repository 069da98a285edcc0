internal import Postgres

/// What one load works with, and the steps that all kinds of load share.
struct LoadContext {
    let file: File
    let feed: Feed
    let record: LoadRecord
    /// Where the checkpoint was when the load began.
    let start: Position
    /// What the ledger had of the file then.
    let ledger: FileLedger
    let postgres: PostgresConnection
    let limits: LoadLimits
    /// How many rejects the load may have; `nil` for any number.
    let budget: ErrorBudget?
    let isStopping: @Sendable () -> Bool

    /// Begins a transaction in which the table keeps its shape, and binds the header to it.
    ///
    /// The files of a change log take turns: what the rows of one come to depends on the others'.
    func beginBinding(_ titles: [String]) throws -> HeaderBinding {
        try postgres.begin()
        let mode = feed.kind == .changeLog ? "share row exclusive" : "row exclusive"
        try postgres.execute("lock table \(feed.table) in \(mode) mode")
        let binding = try HeaderBinding(
            titles: titles, feed: feed, table: postgres.columns(of: feed.name))
        try record.keep(header: titles, on: postgres)
        return binding
    }

    /// A writer into the feed's table, or into tables in which its rows are staged: which of those
    /// are new, and so count against the budget, is known later.
    func writer(
        _ binding: HeaderBinding, staging: (table: String, rejectTable: String)? = nil
    ) -> RowWriter {
        let target = RowWriter.Target(
            table: staging?.table ?? feed.table,
            rejectTable: staging?.rejectTable ?? "ingest.reject", feed: feed.name,
            sellerID: file.sellerID, versionID: record.versionID)
        let tally = staging == nil ? budget.map { RejectTally($0, feed: feed.name) } : nil
        return RowWriter(target, binding: binding, tally: tally, on: postgres)
    }

    /// Ends the transaction: drift, counts and checkpoint go with the rows.
    ///
    /// It must stand at `position`, where an earlier transaction of the load left it, or else where
    /// the load began. Returns where it is now.
    @discardableResult
    func commit(
        _ binding: HeaderBinding, _ progress: Progress, _ outcome: Outcome, isFinal: Bool,
        after position: Position? = nil
    ) throws -> Position {
        try record.advance(
            to: progress, outcome, isFinal: isFinal, from: position ?? start, in: feed,
            on: postgres)
        try Drift(binding).write(
            sellerID: file.sellerID, feed: feed, versionID: record.versionID, on: postgres)
        try postgres.commit()
        return Position(versionID: record.versionID, progress)
    }

    func throwIfStopping() throws {
        guard isStopping() else { return }
        throw LoadError(
            .stop,
            "\(file): stopped on request; what was committed stands, the rest is loaded "
                + "next time")
    }
}
