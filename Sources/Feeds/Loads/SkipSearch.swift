internal import CSV

/// The place of a file's damage, and the bytes from there to the line where it goes on.
struct SkipSearch {
    let content: Content
    let decision: SkipDecision

    enum Answer {
        /// So much is to be skipped at a place of the file; more of it was, before, where it is shorter.
        case skip(SkippedContent, byteOffset: Int, fileLine: Int, isShorter: Bool)
        /// The decision was recorded before; the file's newest version has so many records with it,
        /// if it can be read to its end.
        case decided(rows: Int?)
    }

    private struct Place {
        let bytes: Int
        /// Lines before it.
        let lines: Int
        let failure: String
    }

    /// Reads the file up to its damage, and again up to the line.
    ///
    /// - Throws: ``LoadError`` where there is no damage, or the line is not one to go on from.
    func run() throws -> Answer {
        let reading = try SkipReading.of(content)
        let line = decision.fromLine
        if reading.passes.contains(where: { $0.nextLine == line }) {
            return .decided(rows: reading.damage == nil ? reading.end.rows : nil)
        }
        let place = try place(in: reading)
        let skipped = try bytes(from: place, reading.fieldCount)
        return .skip(
            skipped, byteOffset: place.bytes, fileLine: place.lines + 1,
            isShorter: reading.damage == nil)
    }

    private func place(in reading: SkipReading) throws -> Place {
        let line = decision.fromLine
        // Less is to be skipped of what an older decision was about.
        if let pass = reading.passes.first(where: { $0.line < line && line < $0.nextLine }) {
            if let damage = reading.damage {
                throw refused(
                    "is damaged from line \(damage.firstLine) on as well. Say first where it goes on "
                        + "behind that: nothing can be read again before")
            }
            return Place(bytes: pass.byteOffset, lines: pass.line - 1, failure: pass.skip.failure)
        }
        guard let damage = reading.damage else {
            throw refused(
                "can be read to its end: there is nothing to skip. To load it: sluice reload "
                    + "--file \(content.file.description.shellWord)")
        }
        guard reading.end.bytes > 0 else {
            throw refused("is damaged in its header, and cannot be read without: \(damage.fault)")
        }
        guard line > damage.firstLine else {
            throw refused(
                "is damaged from line \(damage.firstLine) on (\(damage.fault)), so it cannot go on "
                    + "from line \(line). Name the line behind the damage on which a sound record "
                    + "begins")
        }
        return Place(
            bytes: reading.end.bytes, lines: reading.end.lines, failure: damage.fault.description)
    }

    private struct Enough: Error {}

    private func bytes(from place: Place, _ fieldCount: Int?) throws -> SkippedContent {
        let (line, bytesMax) = (decision.fromLine, content.limits.recordBytesMax)
        let lines = line - 1 - place.lines
        var slice = LineSlice(after: place.bytes, lines: lines)
        var record: FirstRecord?
        do {
            try content.readPlain { plain in
                let taken = slice.take(plain)
                guard slice.bytes.count <= bytesMax else {
                    throw refused(
                        "has more than \(bytesMax) bytes from its damage to line \(line), which "
                            + "is more than can be kept. Name an earlier line")
                }
                guard slice.isWhole else { return }
                let next =
                    record
                    ?? FirstRecord(
                        fieldCount: fieldCount ?? 0, line: line,
                        byteOffset: place.bytes + slice.bytes.count, recordBytesMax: bytesMax)
                record = next
                next.take(plain.extracting(taken..<plain.byteCount))
                if next.verdict != nil { throw Enough() }
            }
            record?.finish()
        } catch is Enough {
            // The rest is read by the load.
        }
        guard slice.isWhole else {
            throw refused("has no line \(line). Name a line that it has")
        }
        if case .unsound(let reason) = record?.verdict {
            throw refused(
                "cannot go on from line \(line), on which no sound record begins: \(reason). "
                    + "Name the next line on which one does")
        }
        return SkippedContent(
            bytes: slice.bytes.count, digest: SkippedContent.digest(of: slice.bytes.span.bytes),
            lines: lines, failure: place.failure, person: decision.person, note: decision.note)
    }

    private func refused(_ what: String) -> LoadError {
        LoadError(.setAside, "\(content.file) \(what)")
    }
}

/// A file read for nothing but the places of its damage.
final class SkipReading: RecordSink {
    /// Content that older decisions are about.
    struct Pass {
        let skip: SkippedContent
        let line: Int
        let byteOffset: Int
        var nextLine: Int { line + skip.lines }
    }

    private(set) var passes: [Pass] = []
    private(set) var fieldCount: Int?
    /// Where the last record before the damage ends, or the last of all.
    private(set) var end = ContentScan.RecordEnd()
    /// The first damage that no decision is about.
    private(set) var damage: DamagedContent?

    static func of(_ content: Content) throws -> SkipReading {
        let reading = SkipReading()
        let scan = ContentScan(
            after: nil, limits: content.limits, skips: content.skips, sink: reading)
        do {
            try content.readPlain { try scan.take($0) }
            try scan.finish()
        } catch let damage as DamagedContent {
            reading.damage = damage
        }
        reading.end = scan.recordEnd
        return reading
    }

    func header(_ titles: [String]) { fieldCount = titles.count }

    func record(
        _ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan
    ) -> Bool { false }

    func skipped(
        _ skip: SkippedContent, _ content: RawSpan, fileLine: Int, byteOffset: Int
    ) -> Bool {
        passes.append(Pass(skip: skip, line: fileLine, byteOffset: byteOffset))
        return false
    }

    func isWorthCheckpoint(at bytes: Int) -> Bool { false }
    func checkpoint(_ progress: Progress) {}
    func end(_ progress: Progress) {}
}

/// So many lines of content behind so many bytes.
private struct LineSlice {
    private(set) var bytes: [UInt8] = []
    private var before: Int
    private var lines: Int

    init(after before: Int, lines: Int) {
        self.before = before
        self.lines = lines
    }

    var isWhole: Bool { lines == 0 }

    /// - Returns: how many bytes of the span are before the slice's end.
    mutating func take(_ span: RawSpan) -> Int {
        var end = min(before, span.byteCount)
        before -= end
        span.withUnsafeBytes { content in
            let start = end
            while end < content.count, lines > 0 {
                if content[end] == UInt8(ascii: "\n") { lines -= 1 }
                end += 1
            }
            bytes.append(contentsOf: content[start..<end])
        }
        return end
    }
}
