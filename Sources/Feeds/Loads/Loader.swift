package import Postgres

/// Makes a file's rows in the database equal to its newest version.
///
/// A crash, a second delivery and tomorrow's longer version are the same case: hash what the
/// checkpoint covers, compare, go on from there. Rows and checkpoint move in one transaction, so
/// they cannot disagree.
package struct Loader {
    let postgres: PostgresConnection
    private let store: any FileStore
    private let limits: LoadLimits
    private let worker: String
    private let isStopping: @Sendable () -> Bool
    private let onBytes: (Int) -> Void

    // A file that is replaced again while it is read is AWS at work; three times in a row is not.
    private static let versionChangesMax = 3
    // Each time another session got further; the lock that keeps them apart is lost.
    private static let collisionsMax = 5

    /// Prepares to load files of one store into one database.
    ///
    /// - Parameters:
    ///   - postgres: the connection that locks, loads and commits.
    ///   - store: where the files are.
    ///   - limits: how much one batch, one record and one file may hold.
    ///   - worker: names the process in `ingest.load`.
    ///   - isStopping: asked between batches; `true` ends the load as it stands.
    ///   - onBytes: told of every chunk of stored bytes that was read, for progress.
    package init(
        postgres: PostgresConnection, store: any FileStore, limits: LoadLimits, worker: String,
        isStopping: @escaping @Sendable () -> Bool = { false },
        onBytes: @escaping (Int) -> Void = { _ in }
    ) {
        self.postgres = postgres
        self.store = store
        self.limits = limits
        self.worker = worker
        self.isStopping = isStopping
        self.onBytes = onBytes
    }

    /// Loads what the file's newest version has and the database has not.
    ///
    /// A file whose rows are in another feed's table is read again from the start, and they move.
    ///
    /// - Parameters:
    ///   - file: what to load.
    ///   - feed: whose table its rows are for.
    ///   - eTag: that of the version that a message told of, where one did.
    /// - Returns: what the load came to; a file whose bytes cannot be had is ``Outcome/unreadable``.
    /// - Throws: ``LoadError`` with what to do about it. Nothing is half loaded then: batches that
    ///   were committed stand with their checkpoint, everything else is rolled back.
    package func load(
        _ file: File, as feed: Feed, announced eTag: String? = nil
    ) throws -> Outcome {
        try locked(file, feed) { checkpoint in
            do {
                return checkpoint.feed == feed.name
                    ? try loadNewest(file, feed, at: checkpoint)
                    : try move(file, feed, from: checkpoint)
            } catch let error as StoreError {
                let noted = try UnreadableFile.noted(
                    error, of: file, checkpoint.fileID, announced: eTag, on: postgres)
                return noted.map(Outcome.init) ?? Outcome(.unchanged)
            }
        }
    }

    /// Reads the file's newest version again from the start, and puts its rows in the place of those
    /// that are there, in one transaction: values find the columns that the table has now.
    ///
    /// Rows that vanished from the file stay, unless an operator accepted that.
    ///
    /// - Throws: ``LoadError``; nothing has changed then.
    package func reload(_ file: File, as feed: Feed) throws -> Outcome {
        try locked(file, feed) { checkpoint in
            checkpoint.feed == feed.name
                ? try readAgain(file, feed, from: feed)
                : try move(file, feed, from: checkpoint)
        }
    }

    func locked(
        _ file: File, _ feed: Feed, _ body: (Checkpoint) throws -> Outcome
    ) throws -> Outcome {
        do {
            let locks = try FileLocks.of(file, feed: feed, on: postgres)
            return try postgres.locked(locks.fileID, for: file, isStopping) {
                try postgres.locked(key: locks.deliveryKey, for: file, isStopping) {
                    try body(try Checkpoint.of(file, on: postgres))
                }
            }
        } catch {
            throw LoadError(error, in: file)
        }
    }

    func move(
        _ file: File, _ feed: Feed, from checkpoint: Checkpoint
    ) throws -> Outcome {
        guard checkpoint.digest != nil else {
            try checkpoint.assign(to: feed, on: postgres)
            return try loadNewest(file, feed)
        }
        return try readAgain(file, feed, from: Feed.named(checkpoint.feed, on: postgres))
    }

    func readAgain(_ file: File, _ feed: Feed, from origin: Feed) throws -> Outcome {
        try retryingChanges {
            // What a newer version of a log lacks shows while the rows are as they were loaded.
            if origin.kind == .log { _ = try loadNewest(file, origin) }
            let checkpoint = try Checkpoint.of(file, on: postgres)
            let version = try newestVersion(of: file, checkpoint)
            guard origin.kind != .log || checkpoint.covers(version) else {
                throw StoreError(.versionChanged, "\(file): was replaced while it was read")
            }
            guard
                case .counts(let others) = try Copies.standing(
                    of: checkpoint, version, on: postgres)
            else { return try loadNewest(file, feed) }
            let content = try content(of: file, version, checkpoint)
            return try attempt(file, feed, version, checkpoint, isRewrite: true) { context in
                let load = SnapshotLoad(context, .reloaded, from: origin, others: others)
                try content.read(after: nil, into: load)
                return load.outcome
            }
        }
    }

    /// Loads the newest version; `known` is the checkpoint where it was just read under the lock.
    func loadNewest(
        _ file: File, _ feed: Feed, at known: Checkpoint? = nil
    ) throws -> Outcome {
        var known = known
        return try retryingChanges {
            let checkpoint = try known ?? Checkpoint.of(file, on: postgres)
            known = nil
            let version = try newestVersion(of: file, checkpoint)
            guard !checkpoint.covers(version) else {
                try checkpoint.clearFailure(on: postgres)
                return Outcome(.unchanged)
            }
            switch try Copies.standing(of: checkpoint, version, on: postgres) {
            case .counts(let others):
                return try load(file, feed, version, checkpoint, others)
            case .aside(let counting):
                return try LoadRecord.begin(
                    checkpoint, version, worker: worker, isRewrite: true, on: postgres
                ).standAside(
                    for: counting, of: feed, sellerID: file.sellerID, from: checkpoint, on: postgres
                )
            }
        }
    }

    func retryingChanges<T>(_ body: () throws -> T) throws -> T {
        var changes = 0
        var collisions = 0
        while true {
            do {
                return try body()
            } catch  where Self.isCollision(error) {
                collisions += 1
                guard collisions < Self.collisionsMax else { throw error }
            } catch let error as StoreError where error.kind == .versionChanged {
                changes += 1
                guard changes < Self.versionChangesMax else { throw error }
            }
        }
    }

    /// Whether another session was loading the same file: it was first to commit, or to write a row
    /// of the version (PostgreSQL, appendix "Error Codes": unique_violation).
    private static func isCollision(_ error: any Error) -> Bool {
        error is CheckpointMoved || (error as? PostgresError)?.sqlState == "23505"
    }

    /// Asks the store; a refusal is noted with the file, for there is no load yet that could have
    /// failed.
    func newestVersion(
        of file: File, _ checkpoint: Checkpoint
    ) throws -> FileVersion {
        do {
            return try store.newestVersion(of: file)
        } catch let error as StoreError where error.kind == .missing {
            throw error
        } catch {
            // A second error here would hide the first, which is the one to act on.
            try? checkpoint.recordFailure(LoadError(error, in: file), on: postgres)
            throw error
        }
    }

    private func load(
        _ file: File, _ feed: Feed, _ version: FileVersion, _ checkpoint: Checkpoint,
        _ others: [Int64]
    ) throws -> Outcome {
        let content = try content(of: file, version, checkpoint)
        switch feed.kind {
        case .snapshot, .changeLog:
            return try attempt(file, feed, version, checkpoint) { context in
                let load = SnapshotLoad(
                    context, checkpoint.digest == nil ? .loaded : .replaced, from: feed,
                    others: others)
                try content.read(after: nil, into: load)
                return load.outcome
            }
        case .log where !others.isEmpty:
            // The rows of the copy that counted until now go in the transaction that brings these.
            return try attempt(file, feed, version, checkpoint, isRewrite: true) { context in
                let load = SnapshotLoad(
                    context, checkpoint.digest == nil ? .loaded : .reloaded, from: feed,
                    others: others)
                try content.read(after: nil, into: load)
                return load.outcome
            }
        case .log:
            do {
                return try attempt(file, feed, version, checkpoint) { context in
                    let load = AppendLoad(context, after: checkpoint)
                    try content.read(after: checkpoint, into: load)
                    return load.outcome
                }
            } catch is PrefixChanged {
                return try compare(file, feed, version, checkpoint, content)
            } catch is RowsReturned {
                // Batches before that one are committed.
                let checkpoint = try Checkpoint.of(file, on: postgres)
                return try compare(file, feed, version, checkpoint, content)
            }
        }
    }

    private func compare(
        _ file: File, _ feed: Feed, _ version: FileVersion, _ checkpoint: Checkpoint,
        _ content: Content
    ) throws -> Outcome {
        try attempt(file, feed, version, checkpoint, isRewrite: true) { context in
            let load = RewriteLoad(context)
            try content.read(after: nil, into: load)
            return load.outcome
        }
    }

    func content(
        of file: File, _ version: FileVersion, _ checkpoint: Checkpoint
    ) throws -> Content {
        if let reason = version.archived { throw StoreError(.archived, reason) }
        return Content(
            file: file, version: version, store: store, limits: limits, onBytes: onBytes,
            skips: checkpoint.ledger.hasSkips
                ? try SkippedContent.of(fileID: checkpoint.fileID, on: postgres) : [])
    }

    /// Runs one reading of the version with its record in `ingest.load`; rolls back what is open
    /// and records the failure if it throws.
    private func attempt(
        _ file: File, _ feed: Feed, _ version: FileVersion, _ checkpoint: Checkpoint,
        isRewrite: Bool = false, _ body: (LoadContext) throws -> Outcome
    ) throws -> Outcome {
        let record = try LoadRecord.begin(
            checkpoint, version, worker: worker, isRewrite: isRewrite, on: postgres)
        do {
            var outcome = try body(
                LoadContext(
                    file: file, feed: feed, record: record, start: Position(of: checkpoint),
                    ledger: checkpoint.ledger,
                    postgres: postgres, limits: limits,
                    budget: ErrorBudget.of(feed, on: postgres), isStopping: isStopping))
            outcome.bytesFetched = version.size
            return outcome
        } catch {
            throw abandon(record, error, file)
        }
    }

    /// Rolls back, and records the failure.
    ///
    /// - Returns: the error, with what a person needs to act on it.
    private func abandon(
        _ record: LoadRecord, _ error: any Error, _ file: File
    ) -> any Error {
        // If the connection is gone, so is the transaction; the next load notes the interruption.
        guard postgres.isAlive else { return error }
        postgres.rollBack()
        let error =
            (error as? DamagedContent).map { $0.naming(sellerOf: file, on: postgres) } ?? error
        // A second error here would hide the first, which is the one to act on.
        if error is PrefixChanged || error is RowsReturned,
            (try? record.discard(on: postgres)) == true
        {
            return error
        }
        if error is RowsReturned {
            let reason = LoadError(
                .retry, "\(file): has rows again that it had lost, and is compared whole")
            try? record.end(reason, isFailure: false, on: postgres)
        } else {
            let reported = LoadError(error, in: file)
            let kind = (error as? StoreError)?.kind
            let isNoFault =
                [.versionChanged, .missing, .archived].contains(kind) || error is CheckpointMoved
            try? record.end(
                reported, isFailure: reported.disposition != .stop && !isNoFault, on: postgres)
        }
        return error
    }
}
