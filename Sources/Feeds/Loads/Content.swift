internal import Gzip

/// A version's bytes on their way: fetched, inflated, compared with the checkpoint, cut into
/// records.
struct Content {
    let file: File
    let version: FileVersion
    let store: any FileStore
    let limits: LoadLimits
    let onBytes: (Int) -> Void
    /// What an operator said is to be skipped.
    var skips: [SkippedContent] = []

    /// Reads the version once, and no more than inflates it.
    func readPlain(_ body: (RawSpan) throws -> Void) throws {
        var inflater = Inflater(
            limits: InflationLimits(
                ratioMax: limits.inflationRatioMax, bytesMax: limits.inflatedBytesMax))
        try store.read(file, version) { chunk in
            onBytes(chunk.byteCount)
            try inflater.inflate(chunk) { plain in
                try body(plain)
            } memberEnd: {
                // What is read here is looked at, and loaded by another reading.
            }
        }
        try inflater.finish()
    }

    /// Reads the version once, from its first byte to its last.
    ///
    /// - Parameters:
    ///   - checkpoint: what is in the table already; `nil` to read all of it.
    ///   - sink: takes the records that follow.
    /// - Throws: ``PrefixChanged`` when the content does not begin with what the checkpoint covers;
    ///   what the store, the inflater, the parser and the sink throw.
    func read(after checkpoint: Checkpoint?, into sink: any RecordSink) throws {
        var inflater = Inflater(
            limits: InflationLimits(
                ratioMax: limits.inflationRatioMax, bytesMax: limits.inflatedBytesMax))
        let scan = ContentScan(after: checkpoint, limits: limits, skips: skips, sink: sink)
        do {
            try store.read(file, version) { chunk in
                onBytes(chunk.byteCount)
                try inflater.inflate(chunk) { plain in
                    try scan.take(plain)
                } memberEnd: {
                    try scan.memberEnded()
                }
                // Plain bytes are vouched for by the transfer, inflated ones by a member's CRC.
                scan.isVouchedForOnArrival = inflater.isCompressed == false
            }
            try inflater.finish()
            try scan.finish()
        } catch {
            // Records before a fault, or before a request to stop, are sound: the checkpoint stands
            // just behind them, so that a mended file, or the next worker, goes on there.
            let isSoundSoFar =
                error is DamagedContent || (error as? StoreError)?.kind == .stopped
            if isSoundSoFar, inflater.isCompressed == false { try scan.vouch() }
            throw error
        }
    }
}
