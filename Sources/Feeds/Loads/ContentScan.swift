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

    /// Content that is no record, by an operator's decision: one reject; its bytes are lent.
    ///
    /// - Returns: as of a record.
    func skipped(_ content: RawSpan, fileLine: Int, byteOffset: Int) throws -> Bool

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
    private(set) var recordEnd = RecordEnd()
    private var lastByte: UInt8?
    private var terminator = Terminator.notExpected

    /// What is to be skipped further on, and what came in of the first of them.
    private var skips: [SkippedContent]
    private var held: [UInt8] = []

    /// Where the last record ended.
    struct RecordEnd {
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

    init(
        after checkpoint: Checkpoint?, limits: LoadLimits, skips: [SkippedContent],
        sink: any RecordSink
    ) {
        self.skips = skips
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
        guard !skips.isEmpty else { return try parse(rest) }
        try parseAndSkip(rest)
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
        // Shorter than what was to be skipped, so other content.
        if !held.isEmpty { try parseHeld() }
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
        reader = readerAtRecordEnd()
    }

    /// A reader of what comes behind the last record's end.
    private func readerAtRecordEnd() -> CSVReader {
        CSVReader(
            recordBytesMax: limits.recordBytesMax, startingAtLine: recordEnd.lines + 1,
            byteOffset: recordEnd.bytes, faults: .confine(fieldCount: fieldCount))
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
        reader = readerAtRecordEnd()
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

    /// Parses, but for content that is to be skipped and is still what it was.
    private func parseAndSkip(_ span: RawSpan) throws {
        var rest = span
        while let skip = skips.first, !rest.isEmpty {
            if held.isEmpty {
                let start = skip.byteOffset - bytes
                guard start < rest.byteCount else { break }
                if start > 0 {
                    try parse(rest.extracting(0..<start))
                    rest = rest.extracting(start..<rest.byteCount)
                }
                // No record ends there, or it is covered by the checkpoint.
                guard headerSeen, recordEnd.bytes == skip.byteOffset else {
                    skips.removeFirst()
                    continue
                }
            }
            let count = min(skip.bytes - held.count, rest.byteCount)
            rest.extracting(0..<count).withUnsafeBytes { held.append(contentsOf: $0) }
            rest = rest.extracting(count..<rest.byteCount)
            guard held.count == skip.bytes else { return }
            skips.removeFirst()
            if skip.isSame(as: held) { try pass(skip) } else { try parseHeld() }
        }
        if !rest.isEmpty { try parse(rest) }
    }

    private func parseHeld() throws {
        let content = held
        held = []
        try parse(content.span.bytes)
    }

    /// Goes on behind content that is skipped.
    private func pass(_ skip: SkippedContent) throws {
        let content = held
        held = []
        let isFull = try sink.skipped(
            content.span.bytes, fileLine: recordEnd.lines + 1, byteOffset: skip.byteOffset)
        update(content.span.bytes)
        hashAtRecordEnd = hash
        recordEnd.rows += 1
        recordEnd.bytes = bytes
        recordEnd.lines += skip.lines
        reader = readerAtRecordEnd()
        if isFull, isVouchedForOnArrival { try sink.checkpoint(progress()) }
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
