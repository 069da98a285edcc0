internal import CSV

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

    private var digest = ContentDigest()
    private(set) var recordEnd = RecordEnd()
    private var lastByte: UInt8?
    private var terminator = AwaitedTerminator()

    /// What came in behind the last record's end, where some of it may have to be skipped.
    private var tail: SkipTail

    /// Where the last record ended.
    struct RecordEnd {
        var rows = 0
        var bytes = 0
        var lines = 0
    }

    init(
        after checkpoint: Checkpoint?, limits: LoadLimits, skips: [SkippedContent],
        sink: any RecordSink
    ) {
        tail = SkipTail(skips)
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
        if terminator.isAwaited {
            rest = rest.extracting(try takeTerminator(rest)..<rest.byteCount)
        }
        if !rest.isEmpty { try parseOrGoOn(rest) }
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
        try finishOrGoOn()
        guard headerSeen else { throw HeaderlessContent() }
        // Blank lines at the end are left for the version that has rows in their place.
        if recordEnd.bytes == bytes { digest.markRecordEnd() }
        try sink.end(progress())
    }

    private var headerSeen: Bool { fieldCount != nil }
    private var bytes: Int { digest.bytes }

    // MARK: Before the checkpoint

    private func skip(_ span: RawSpan, upTo checkpoint: Checkpoint) throws {
        if !headerSeen { try takeHeader(from: span) }
        span.withUnsafeBytes { lastByte = $0.last ?? lastByte }
        digest.update(span)
        guard bytes == checkpoint.bytes else { return }
        digest.markRecordEnd()
        recordEnd = RecordEnd(
            rows: checkpoint.rows, bytes: checkpoint.bytes, lines: checkpoint.lines)
        guard headerSeen, digest.atRecordEnd == checkpoint.digest else { throw PrefixChanged() }
        if lastByte != UInt8(ascii: "\n") { terminator.expect() }
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
        let count = try terminator.take(span)
        digest.update(span.extracting(0..<count))
        digest.markRecordEnd()
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
        digest.update(span.extracting((bytes - base)..<span.byteCount))
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
            try sink.header(record.texts(fields))
            return false
        }
        recordEnd.rows += 1
        return try sink.record(record, fields, raw)
    }

    private func hashToRecordEnd(in span: RawSpan, at base: Int) {
        guard recordEnd.bytes > bytes else { return }
        digest.update(span.extracting((bytes - base)..<(recordEnd.bytes - base)))
        digest.markRecordEnd()
    }

    private func progress() -> Progress {
        Progress(
            rows: recordEnd.rows, bytes: recordEnd.bytes, lines: recordEnd.lines,
            digest: digest.atRecordEnd)
    }

    // MARK: Damage without a certain end

    /// Parses; goes on behind a fault where an operator has said so of these bytes.
    private func parseOrGoOn(_ span: RawSpan) throws {
        if let fault = tail.fault {
            guard tail.wait(for: span) else { return }
            return try goOn(after: fault, isWhole: false)
        }
        let base = bytes
        do {
            try parse(span)
            if !tail.isUnused { tail.take(span, after: recordEnd.bytes - base) }
        } catch let fault as CSVError {
            guard !tail.isUnused, headerSeen else {
                let start = max(reader.unfinished.byteOffset - base, 0)
                throw damage(fault, span.extracting(start..<span.byteCount), isWhole: false)
            }
            tail.take(span, after: recordEnd.bytes - base)
            try goOn(after: fault, isWhole: false)
        }
    }

    private func finishOrGoOn() throws {
        if let fault = tail.fault { try goOn(after: fault, isWhole: true) }
        while true {
            do {
                return try reader.finish { record, fields, raw in
                    _ = try self.take(record, fields, raw)
                }
            } catch let fault as CSVError {
                guard !tail.isUnused, headerSeen else {
                    let nothing: [UInt8] = []
                    throw damage(fault, nothing.span.bytes, isWhole: true)
                }
                try goOn(after: fault, isWhole: true)
            }
        }
    }

    /// Goes on behind what is skipped of the tail, as often as there is something.
    private func goOn(after fault: CSVError, isWhole: Bool) throws {
        var fault = fault
        var start = 0
        while true {
            switch tail.match(from: start, isWhole: isWhole) {
            case .none:
                start += reader.unfinished.byteOffset - recordEnd.bytes
                let content = tail.bytes
                let rest = content.span.bytes.extracting(start..<content.count)
                throw damage(fault, rest, isWhole: isWhole)
            case .undecided: return tail.wait(from: start, with: fault)
            case .skip(let skip):
                let content = tail.bytes
                try pass(skip, content.span.bytes.extracting(start..<(start + skip.bytes)))
                start += skip.bytes
            }
            let (base, content) = (bytes, tail.bytes)
            do {
                try parse(content.span.bytes.extracting(start..<content.count))
                return tail.keep(from: start + recordEnd.bytes - base)
            } catch let next as CSVError {
                fault = next
                start += recordEnd.bytes - base
            }
        }
    }

    /// Goes on behind content that is skipped.
    private func pass(_ skip: SkippedContent, _ content: RawSpan) throws {
        digest.rewind(toRecordEnd: recordEnd.bytes)
        let isFull = try sink.skipped(
            skip, content, fileLine: recordEnd.lines + 1, byteOffset: recordEnd.bytes)
        digest.update(content)
        digest.markRecordEnd()
        recordEnd.rows += 1
        recordEnd.bytes = bytes
        recordEnd.lines += skip.lines
        reader = readerAtRecordEnd()
        if isFull, isVouchedForOnArrival { try sink.checkpoint(progress()) }
    }

    /// The error of a damaged record; `rest` is what came of it since the reader kept some.
    private func damage(_ fault: CSVError, _ rest: RawSpan, isWhole: Bool) -> DamagedContent {
        let record = reader.unfinished
        let earlier = tail.isUnused || !headerSeen ? record.earlierBytes : []
        return DamagedContent(
            fault, line: record.line, earlier: earlier, rest: rest, isWhole: isWhole,
            fieldCount: fieldCount)
    }
}
