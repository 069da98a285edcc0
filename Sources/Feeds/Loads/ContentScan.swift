internal import CSV
internal import Crypto

/// What a load does with a header and the records after it.
protocol RecordSink: AnyObject {
    /// The first record of the content; called once, before any other.
    func header(_ titles: [String]) throws

    /// A record that was not loaded before; its bytes are lent.
    ///
    /// - Returns: whether enough records came in for a ``checkpoint(_:)``.
    func record(
        _ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan
    ) throws -> Bool

    /// Whether a checkpoint is worth its transaction where a gzip member has ended, after so many
    /// bytes of content.
    func isWorthCheckpoint(at bytes: Int) -> Bool

    /// What came in so far may be committed: its bytes are vouched for.
    func checkpoint(_ progress: Progress) throws

    /// The content ended as it should.
    func end(_ progress: Progress) throws
}

/// The content does not begin with the bytes that the checkpoint covers.
struct PrefixChanged: Error {}

/// Plain bytes in, records out, with the digest of the content up to any record's end.
///
/// Bytes before the checkpoint are hashed and not parsed, except for the header, which every load
/// needs.
final class ContentScan {
    /// Whether batches may be committed as they fill up; if not, ``memberEnded()`` says when.
    var isVouchedForOnArrival = false

    private let sink: any RecordSink
    private let checkpoint: Checkpoint?
    private let limits: LoadLimits
    private var reader: CSVReader
    /// Fields of the header, once it was read.
    private var fieldCount: Int?

    /// State over all bytes so far, and a copy of it as it was at the last record's end.
    private var hash = SHA256()
    private var hashAtRecordEnd = SHA256()
    private var bytes = 0
    private var recordEnd = RecordEnd()
    private var lastByte: UInt8?
    private var terminator = Terminator.notExpected

    private struct RecordEnd {
        var rows = 0
        var bytes = 0
        var lines = 0
    }

    /// The checkpoint may end in a record without line end: one must follow now.
    private enum Terminator {
        case notExpected
        case expected  // then LF, CR, or a changed prefix
        case lineFeedExpected  // after CR
    }

    init(after checkpoint: Checkpoint?, limits: LoadLimits, sink: any RecordSink) {
        self.sink = sink
        self.limits = limits
        self.checkpoint = checkpoint?.digest == nil ? nil : checkpoint
        reader = CSVReader(
            recordBytesMax: limits.recordBytesMax, faults: .confine(fieldCount: nil))
    }

    func take(_ plain: RawSpan) throws {
        var rest = plain
        if let checkpoint, bytes < checkpoint.bytes {
            let count = min(rest.byteCount, checkpoint.bytes - bytes)
            try skip(rest.extracting(0..<count), upTo: checkpoint)
            rest = rest.extracting(count..<rest.byteCount)
        }
        if terminator != .notExpected {
            rest = rest.extracting(try takeTerminator(rest)..<rest.byteCount)
        }
        guard !rest.isEmpty else { return }
        try parse(rest)
    }

    /// All bytes so far have passed the check of their gzip member.
    func memberEnded() throws {
        guard hasNewRows, sink.isWorthCheckpoint(at: recordEnd.bytes) else { return }
        try sink.checkpoint(progress())
    }

    /// All records so far are sound, and nothing more will come.
    func vouch() throws {
        guard hasNewRows else { return }
        try sink.checkpoint(progress())
    }

    private var hasNewRows: Bool { recordEnd.rows > (checkpoint?.rows ?? 0) }

    /// The content ended: the last record may lack its line end.
    func finish() throws {
        if let checkpoint, bytes < checkpoint.bytes { throw PrefixChanged() }
        try reader.finish { record, fields, raw in
            _ = try self.take(record, fields, raw)
        }
        guard headerSeen else { throw HeaderlessContent() }
        // Blank lines at the end are left for the version that has rows in their place.
        if recordEnd.bytes == bytes { hashAtRecordEnd = hash }
        try sink.end(progress())
    }

    private var headerSeen: Bool { fieldCount != nil }

    // MARK: Before the checkpoint

    private func skip(_ span: RawSpan, upTo checkpoint: Checkpoint) throws {
        if !headerSeen { try takeHeader(from: span) }
        span.withUnsafeBytes { lastByte = $0.last ?? lastByte }
        update(span)
        guard bytes == checkpoint.bytes else { return }
        hashAtRecordEnd = hash
        recordEnd = RecordEnd(
            rows: checkpoint.rows, bytes: checkpoint.bytes, lines: checkpoint.lines)
        guard headerSeen, digest() == checkpoint.digest else { throw PrefixChanged() }
        if lastByte != UInt8(ascii: "\n") { terminator = .expected }
        reader = CSVReader(
            recordBytesMax: limits.recordBytesMax,
            startingAtLine: checkpoint.lines + 1, byteOffset: checkpoint.bytes,
            faults: .confine(fieldCount: fieldCount))
    }

    private struct HeaderTaken: Error {}

    private func takeHeader(from span: RawSpan) throws {
        do {
            try reader.read(span) { record, fields, raw in
                _ = try self.take(record, fields, raw)
                throw HeaderTaken()
            }
        } catch is HeaderTaken {
            // The reader is not used again: one that begins at the checkpoint takes its place.
        }
    }

    private func takeTerminator(_ span: RawSpan) throws -> Int {
        var count = 0
        while terminator != .notExpected, count < span.byteCount {
            let byte = span.unsafeLoad(fromByteOffset: count, as: UInt8.self)
            switch (terminator, byte) {
            case (_, UInt8(ascii: "\n")): terminator = .notExpected
            case (.expected, UInt8(ascii: "\r")): terminator = .lineFeedExpected
            default: throw PrefixChanged()
            }
            count += 1
        }
        update(span.extracting(0..<count))
        hashAtRecordEnd = hash
        recordEnd.bytes = bytes
        reader = CSVReader(
            recordBytesMax: limits.recordBytesMax,
            startingAtLine: recordEnd.lines + 1, byteOffset: bytes,
            faults: .confine(fieldCount: fieldCount))
        return count
    }

    // MARK: After the checkpoint

    private func parse(_ span: RawSpan) throws {
        let base = bytes
        do {
            try read(span, at: base)
        } catch {
            // The records before the fault may still be committed.
            hashToRecordEnd(in: span, at: base)
            throw error
        }
        hashToRecordEnd(in: span, at: base)
        update(span.extracting((bytes - base)..<span.byteCount))
    }

    private func read(_ span: RawSpan, at base: Int) throws {
        try reader.read(span) { record, fields, raw in
            let isFull = try self.take(record, fields, raw)
            guard isFull, self.isVouchedForOnArrival else { return }
            self.hashToRecordEnd(in: span, at: base)
            try self.sink.checkpoint(self.progress())
        }
    }

    private func take(
        _ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan
    ) throws -> Bool {
        recordEnd.bytes = record.endOffset
        recordEnd.lines = record.endLine - 1
        guard headerSeen else {
            guard raw.byteCount <= limits.headerBytesMax else {
                throw HeaderTooLong(bytes: raw.byteCount, bytesMax: limits.headerBytesMax)
            }
            fieldCount = record.count
            try sink.header(titles(of: record, fields))
            return false
        }
        recordEnd.rows += 1
        return try sink.record(record, fields, raw)
    }

    private func titles(of record: borrowing CSVRecord, _ fields: RawSpan) -> [String] {
        (0..<record.count).map { index in
            fields.extracting(record.range(index)).withUnsafeBytes {
                String(decoding: $0, as: UTF8.self)
            }
        }
    }

    // MARK: Digest

    private func hashToRecordEnd(in span: RawSpan, at base: Int) {
        guard recordEnd.bytes > bytes else { return }
        update(span.extracting((bytes - base)..<(recordEnd.bytes - base)))
        hashAtRecordEnd = hash
    }

    private func update(_ span: RawSpan) {
        span.withUnsafeBytes { hash.update(bufferPointer: $0) }
        bytes += span.byteCount
    }

    private func digest() -> [UInt8] { Array(hashAtRecordEnd.finalize()) }

    private func progress() -> Progress {
        Progress(
            rows: recordEnd.rows, bytes: recordEnd.bytes, lines: recordEnd.lines, digest: digest())
    }
}

/// There is not even a header.
struct HeaderlessContent: Error, CustomStringConvertible {
    var description: String {
        "is empty: not even a header. Deliver it again; a file without rows still has its header"
    }
}

/// The first record is longer than any header.
struct HeaderTooLong: Error, CustomStringConvertible {
    let bytes: Int
    let bytesMax: Int

    var description: String {
        "line 1: the header has \(bytes) bytes, and more than \(bytesMax) are none: the first record "
            + "is not a header. Check that the file is what its name says"
    }
}
