internal import Postgres

/// What one load works with, and the steps that all kinds of load share.
struct LoadContext {
    let file: File
    let feed: Feed
    let record: LoadRecord
    let postgres: PostgresConnection
    let limits: LoadLimits
    let isStopping: @Sendable () -> Bool

    /// Begins a transaction in which the table keeps its shape, and binds the header to it.
    ///
    /// The files of a change log take turns: what the rows of one come to depends on the others'.
    func beginBinding(_ titles: [String]) throws -> HeaderBinding {
        try postgres.begin()
        let mode = feed.kind == .changeLog ? "share row exclusive" : "row exclusive"
        try postgres.execute("lock table \(feed.table) in \(mode) mode")
        return try HeaderBinding(
            titles: titles, feed: feed, table: postgres.columns(of: feed.name))
    }

    /// A writer into the feed's table, or into the tables named.
    func writer(
        _ binding: HeaderBinding, table: String? = nil, rejectTable: String = "ingest.reject"
    ) -> RowWriter {
        let target = RowWriter.Target(
            table: table ?? feed.table, rejectTable: rejectTable, feed: feed.name,
            sellerID: file.sellerID, versionID: record.versionID)
        return RowWriter(target, binding: binding, on: postgres)
    }

    /// Ends the transaction: drift, counts and checkpoint go with the rows.
    func commit(
        _ binding: HeaderBinding, _ progress: Progress, _ outcome: Outcome, isFinal: Bool
    ) throws {
        try record.advance(to: progress, outcome, isFinal: isFinal, on: postgres)
        try Drift(binding).write(
            sellerID: file.sellerID, feed: feed, versionID: record.versionID, on: postgres)
        try postgres.commit()
    }

    func throwIfStopping() throws {
        guard isStopping() else { return }
        throw LoadError(
            .stop,
            "\(file): stopped on request; what was committed stands, the rest is loaded "
                + "next time")
    }
}
