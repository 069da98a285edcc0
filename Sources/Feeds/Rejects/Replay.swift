internal import CSV
package import Postgres

/// Rejected records, read once more under today's tables and aliases.
///
/// Those that fit move to their table with the lineage that they have had all along: seller,
/// version and line. Each version is one transaction under the locks that a load of its file takes,
/// so a replay, a load and another replay take turns, and what a load has settled meanwhile is not
/// replayed. The file's checkpoint does not move: it counts rejects as dealt with.
package struct Replay {
    /// What became of the rejects.
    package struct Report: Sendable {
        /// Rejects by where they are, and why.
        package struct Count: Sendable, Hashable {
            package let feed: String
            /// `nil` where the record as a whole is refused.
            package let column: String?
            /// Why they stay; `nil` for those that moved.
            package let cause: String?
        }
        package internal(set) var counts: [Count: Int] = [:]
        /// Versions whose rejects could not be read once more, each with the reason.
        package internal(set) var failures: [String] = []

        package var moved: Int {
            counts.reduce(0) { $0 + ($1.key.cause == nil ? $1.value : 0) }
        }
        package var stayed: Int { counts.values.reduce(0, +) - moved }
    }

    private let postgres: PostgresConnection
    private let worker: String
    private let person: String
    private let isDryRun: Bool

    /// Prepares to replay.
    ///
    /// - Parameters:
    ///   - postgres: the connection that locks, moves and commits.
    ///   - worker: names the process in `ingest.load`.
    ///   - person: who settles the rejects.
    ///   - isDryRun: whether all is rolled back at the end of each version.
    package init(
        on postgres: PostgresConnection, worker: String, person: String, isDryRun: Bool = false
    ) {
        self.postgres = postgres
        self.worker = worker
        self.person = person
        self.isDryRun = isDryRun
    }

    /// Replays the rejects that are selected, those of the oldest version first.
    ///
    /// A version that cannot be replayed is reported, and the others go on.
    ///
    /// - Throws: ``LoadError`` when the database is in trouble, `PostgresError` when it grants too
    ///   little; versions that were committed stand.
    package func run(_ selection: RejectSelection) throws -> Report {
        var report = Report()
        for target in try targets(selection) {
            do {
                try postgres.locked(target.fileID, for: target.file, { false }) {
                    try replay(target, selection, &report)
                }
            } catch {
                postgres.rollBack()
                // Leave that is missing for one version is missing for all (PostgreSQL, appendix
                // "Error Codes": insufficient_privilege).
                if (error as? PostgresError)?.sqlState == "42501" { throw error }
                let error = LoadError(error, in: target.file)
                guard error.disposition == .setAside else { throw error }
                report.failures.append(error.description)
            }
        }
        return report
    }

    private struct Target {
        let file: File
        let fileID: Int64
        let versionID: Int64
        let feed: String
    }

    private func targets(_ selection: RejectSelection) throws -> [Target] {
        try postgres.query(
            """
            select distinct f.file_id, f.seller_id, f.bucket, f.key, r.version_id, r.feed
            from ingest.reject r
            join ingest.version v using (version_id) join ingest.file f using (file_id)
            where \(RejectSelection.isOpen) and \(RejectSelection.condition)
            order by r.version_id
            """, selection.parameters
        ).map { row in
            Target(
                file: File(
                    sellerID: Int32(try row.int("seller_id")), bucket: try row.string("bucket"),
                    key: try row.string("key")),
                fileID: try row.int64("file_id"), versionID: try row.int64("version_id"),
                feed: try row.string("feed"))
        }
    }

    private func replay(
        _ target: Target, _ selection: RejectSelection, _ report: inout Report
    ) throws {
        let titles = try header(of: target)
        let feed = try feed(of: target)
        try postgres.begin()
        try postgres.execute("lock table \(feed.table) in row exclusive mode")
        let binding = try HeaderBinding(
            titles: titles, feed: feed, table: postgres.columns(of: feed.name))
        var load = ReplayLoad(
            feed: feed, binding: binding, sellerID: target.file.sellerID,
            versionID: target.versionID, person: person, on: postgres)
        var last: Int64 = 0
        while let line = try load.replay(after: last, selection) { last = line }
        try load.record(fileID: target.fileID, worker: worker)
        if isDryRun { postgres.rollBack() } else { try postgres.commit() }
        report.add(load.stays, moved: load.moved, of: feed.name)
    }

    private func header(of target: Target) throws -> [String] {
        let titles = try postgres.query(
            """
            select t.title from ingest.version v, unnest(v.header) with ordinality as t (title, n)
            where v.version_id = $1 order by t.n
            """, [.int(target.versionID)]
        ).map { try $0.string("title") }
        guard titles.isEmpty else { return titles }
        throw LoadError(
            .setAside,
            "\(target.file): an older sluice loaded version \(target.versionID) and did not keep "
                + "its header, so its rejects cannot be read again. Insert the records by hand, "
                + "then: sluice rejects dismiss --file \(target.file.key) --note REASON")
    }

    /// The feed as it is now; the key may belong to another one by now.
    private func feed(of target: Target) throws -> Feed {
        guard let feed = try Feed.of(key: target.file.key, on: postgres), feed.name == target.feed
        else {
            throw LoadError(
                .setAside,
                "\(target.file): does not belong to \(target.feed) any more, so its rejects have "
                    + "no table. Check ingest.feed.key_pattern")
        }
        // What an operation of a change log comes to depends on those after it.
        guard [.log, .snapshot].contains(feed.kind) else {
            throw LoadError(
                .setAside,
                "\(target.file): the feed \(feed.name) is neither a log nor a snapshot, and only "
                    + "their rejects can be replayed")
        }
        return feed
    }
}

extension Replay.Report {
    fileprivate mutating func add(
        _ stays: [RejectTally.Cause: Int], moved: Int, of feed: String
    ) {
        if moved > 0 { counts[Count(feed: feed, column: nil, cause: nil), default: 0] += moved }
        for (cause, rows) in stays {
            counts[Count(feed: feed, column: cause.column, cause: cause.text), default: 0] += rows
        }
    }
}
