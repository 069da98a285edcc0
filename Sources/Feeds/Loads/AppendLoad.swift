internal import CSV
internal import Postgres

/// A log file's records after the checkpoint, committed batch by batch; all at once where the feed
/// has an error budget, because a batch that stands cannot be given up any more.
final class AppendLoad: RecordSink {
    private(set) var outcome: Outcome
    private let context: LoadContext
    private let start: Checkpoint
    private var titles: [String] = []
    private var batch: Batch?
    private var row: Int
    private var commits = 0
    private var bytesCommitted: Int

    // A gzip member may have one record or none, and takes twenty bytes; a transaction takes
    // milliseconds. So the first members are committed one by one, as they come in any file that
    // AWS writes, and after that as much content as a transaction is worth.
    private static let commitsBeforeSize = 16
    private static let commitBytes = 1 << 20
    /// Where the last batch left the checkpoint.
    private var position: Position?

    /// A transaction that is open, and what goes into it.
    private struct Batch {
        let binding: HeaderBinding
        let writer: RowWriter
        /// Number of its first record.
        let firstLine: Int
    }

    init(_ context: LoadContext, after checkpoint: Checkpoint) {
        self.context = context
        start = checkpoint
        row = checkpoint.rows
        bytesCommitted = checkpoint.bytes
        outcome = Outcome(checkpoint.digest == nil ? .loaded : .extended)
    }

    func header(_ titles: [String]) throws {
        self.titles = titles
    }

    func record(
        _ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan
    ) throws -> Bool {
        let writer = try batch?.writer ?? beginBatch().writer
        row += 1
        try writer.add(record, fields, raw, line: row)
        return try isFull(writer)
    }

    func skipped(
        _ skip: SkippedContent, _ content: RawSpan, fileLine: Int, byteOffset: Int
    ) throws -> Bool {
        let writer = try batch?.writer ?? beginBatch().writer
        row += 1
        try writer.add(
            Reject(skip, line: row, fileLine: fileLine, byteOffset: byteOffset), content)
        return try isFull(writer)
    }

    private func isFull(_ writer: RowWriter) throws -> Bool {
        let isFull = writer.rowsLoaded + writer.rowsRejected >= context.limits.batchRows
        guard context.budget != nil else { return isFull }
        if row.isMultiple(of: WholeFile.rowsBetweenStops) { try context.throwIfStopping() }
        return false
    }

    func isWorthCheckpoint(at bytes: Int) -> Bool {
        guard let batch, context.budget == nil else { return false }
        return batch.writer.rowsLoaded + batch.writer.rowsRejected >= context.limits.batchRows
            || commits < Self.commitsBeforeSize || bytes - bytesCommitted >= Self.commitBytes
    }

    func checkpoint(_ progress: Progress) throws {
        // Without rows there is nothing that a later load would be spared.
        guard context.budget == nil, batch != nil else { return }
        try commit(progress, isFinal: false)
        try context.throwIfStopping()
    }

    func end(_ progress: Progress) throws {
        if outcome.kind == .extended, progress.rows == start.rows { outcome.kind = .unchanged }
        try commit(progress, isFinal: true)
    }

    /// A file that had shrunk and grows again brings rows that are still in the table: those are
    /// not appended a second time, but found where the file is compared whole.
    private func throwIfRowsReturned(_ batch: Batch) throws {
        guard start.ledger.hasVanishedRows, batch.writer.rowsLoaded > 0 else { return }
        let columns = try context.postgres.columns(of: context.feed.name).columns.map(\.name)
        let difference = RewriteDifference(context, columns: columns)
        if try difference.hasReturned(from: batch.firstLine) { throw RowsReturned() }
    }

    private func beginBatch() throws -> Batch {
        let binding = try context.beginBinding(titles)
        let batch = Batch(binding: binding, writer: context.writer(binding), firstLine: row + 1)
        self.batch = batch
        return batch
    }

    private func commit(_ progress: Progress, isFinal: Bool) throws {
        // A final one without rows still checks the header, and records that the file was read.
        let batch = try self.batch ?? beginBatch()
        try batch.writer.finish()
        try batch.writer.judge()
        try throwIfRowsReturned(batch)
        try batch.writer.writeTotals(loadID: context.record.loadID)
        try context.note(batch.writer.doubled, isWhole: false)
        outcome.rowsLoaded += batch.writer.rowsLoaded
        outcome.rowsRejected += batch.writer.rowsRejected
        outcome.rowsRead = outcome.rowsLoaded + outcome.rowsRejected
        outcome.bytesRead = progress.bytes - start.bytes
        position = try context.commit(
            batch.binding, progress, outcome, isFinal: isFinal, after: position)
        self.batch = nil
        commits += 1
        bytesCommitted = progress.bytes
    }
}

/// A batch has rows that vanished from the file before, and are in the table all the same.
struct RowsReturned: Error {}
