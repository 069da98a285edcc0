internal import Postgres

extension Loader {
    /// Records where the file goes on, and loads it from there; reads it again from the start where
    /// it goes on before the line that an older decision named.
    ///
    /// The decision stands also where the load then fails: the same one again is no mistake then, and
    /// at another damage it needs another one.
    ///
    /// - Throws: ``LoadError``, also where the file is not damaged, or cannot go on from that line.
    package func skip(
        _ file: File, as feed: Feed, _ decision: SkipDecision
    ) throws -> Outcome {
        try locked(file, feed) { checkpoint in
            let origin = try Feed.named(checkpoint.feed, on: postgres)
            let isStale = try retryingChanges { try record(decision, of: file, checkpoint) }
            if isStale { return try readAgain(file, feed, from: origin) }
            let outcome = try loadNewest(file, origin)
            return origin.name == feed.name
                ? outcome
                : try move(file, feed, from: Checkpoint.of(file, on: postgres))
        }
    }

    /// - Returns: whether what is loaded was loaded without the decision.
    private func record(
        _ decision: SkipDecision, of file: File, _ checkpoint: Checkpoint
    ) throws -> Bool {
        let version = try newestVersion(of: file, checkpoint)
        let content = try content(of: file, version, checkpoint)
        switch try SkipSearch(content: content, decision: decision).run() {
        case .skip(let skip, let byteOffset, let fileLine, let isShorter):
            try skip.keep(
                of: file, checkpoint.fileID, byteOffset: byteOffset, fileLine: fileLine,
                on: postgres)
            return isShorter
        case .decided(let rows):
            // Whoever recorded it may have ended before it had an effect.
            return checkpoint.covers(version) && rows != nil && rows != checkpoint.rows
        }
    }
}

extension DamagedContent {
    /// Names the file's seller: the same key may be in several sellers' ledgers, today or later.
    func naming(sellerOf file: File, on postgres: PostgresConnection) -> DamagedContent {
        var damage = self
        // A second error here would hide the first, which is the one to act on.
        damage.seller = try? postgres.query(
            "select name from ingest.seller where seller_id = $1", [.int(Int64(file.sellerID))]
        ).first?.string("name")
        return damage
    }
}
