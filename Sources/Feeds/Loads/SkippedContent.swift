internal import CSV
internal import Crypto
internal import Postgres

/// Bytes of a file that are no records, by an operator's decision: where a record's damage has no
/// certain end, and an operator has said on which line the file goes on.
struct SkippedContent {
    let byteOffset: Int
    let bytes: Int
    let digest: [UInt8]
    let lines: Int

    /// The reason of the reject that they are, which nothing but another decision can mend.
    static let reason = "was skipped by an operator; see ingest.skipped_content"

    func isSame(as content: [UInt8]) -> Bool {
        content.count == bytes && Array(SHA256.hash(data: content)) == digest
    }

    /// What is skipped of a file, in its order.
    static func of(fileID: Int64, on postgres: PostgresConnection) throws -> [SkippedContent] {
        try postgres.query(
            """
            select byte_offset, bytes, digest, lines from ingest.skipped_content
            where file_id = $1 order by byte_offset
            """, [.int(fileID)]
        ).map { row in
            SkippedContent(
                byteOffset: try row.int("byte_offset"), bytes: try row.int("bytes"),
                digest: try row.bytes("digest"), lines: try row.int("lines"))
        }
    }
}

/// An operator's word on where a file goes on.
package struct SkipDecision: Sendable {
    /// The first physical line that is read again.
    package let fromLine: Int
    package let person: String
    package let note: String

    package init(fromLine: Int, person: String, note: String) {
        self.fromLine = fromLine
        self.person = person
        self.note = note
    }
}

/// The place of a file's fault, and the bytes from there to the line where it goes on.
struct SkipSearch {
    let content: Content
    let decision: SkipDecision

    struct Found {
        let skipped: SkippedContent
        let fileLine: Int
        let failure: String

        /// Records the decision, in the place of an older one about the same fault.
        func keep(
            _ decision: SkipDecision, of file: File, _ fileID: Int64,
            on postgres: PostgresConnection
        ) throws {
            try postgres.query(
                """
                insert into ingest.skipped_content (seller_id, file_id, byte_offset, bytes, digest,
                    file_line, lines, failure, note, decided_by)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                on conflict (seller_id, file_id, byte_offset) do update
                    set bytes = excluded.bytes, digest = excluded.digest,
                        file_line = excluded.file_line, lines = excluded.lines,
                        failure = excluded.failure, note = excluded.note,
                        decided_by = excluded.decided_by, decided_at = now()
                """,
                [
                    .int(Int64(file.sellerID)), .int(fileID), .int(Int64(skipped.byteOffset)),
                    .int(Int64(skipped.bytes)), .bytes(skipped.digest), .int(Int64(fileLine)),
                    .int(Int64(skipped.lines)), .text(failure), .text(decision.note),
                    .text(decision.person),
                ])
        }
    }

    /// Reads the file up to its fault, and again up to the line.
    ///
    /// - Throws: ``LoadError`` where there is no fault, or the line is not behind it.
    func run() throws -> Found {
        let (fault, end) = try content.fault()
        guard let fault else {
            throw refused("can be read to its end: there is nothing to skip")
        }
        guard end.bytes > 0 else {
            throw refused("has its fault in the header, and cannot be read without: \(fault)")
        }
        guard decision.fromLine > end.lines + 1 else {
            throw refused(
                "stops at \(fault). What is read up to there begins on line \(end.lines + 1): "
                    + "name a line behind that")
        }
        let skipped = try bytes(from: end)
        return Found(skipped: skipped, fileLine: end.lines + 1, failure: fault.description)
    }

    private func bytes(from place: ContentScan.RecordEnd) throws -> SkippedContent {
        let lines = decision.fromLine - 1 - place.lines
        var slice = LineSlice(after: place.bytes, lines: lines)
        let bytesMax = content.limits.recordBytesMax
        try content.readPlain { plain in
            slice.take(plain)
            guard slice.bytes.count <= bytesMax else {
                throw refused(
                    "has more than \(bytesMax) bytes before line \(decision.fromLine), "
                        + "which are more than can be kept. Name an earlier line")
            }
        }
        guard slice.isWhole else {
            throw refused("has no line \(decision.fromLine)")
        }
        return SkippedContent(
            byteOffset: place.bytes, bytes: slice.bytes.count,
            digest: Array(SHA256.hash(data: slice.bytes)), lines: lines)
    }

    private func refused(_ what: String) -> LoadError {
        LoadError(.setAside, "\(content.file) \(what)")
    }
}

/// Takes records for nothing but their places.
final class NoSink: RecordSink {
    func header(_ titles: [String]) {}
    func record(
        _ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan
    ) -> Bool { false }
    func skipped(_ content: RawSpan, fileLine: Int, byteOffset: Int) -> Bool { false }
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

    mutating func take(_ span: RawSpan) {
        let passed = min(before, span.byteCount)
        before -= passed
        span.extracting(passed..<span.byteCount).withUnsafeBytes { content in
            var end = 0
            while end < content.count, lines > 0 {
                if content[end] == UInt8(ascii: "\n") { lines -= 1 }
                end += 1
            }
            bytes.append(contentsOf: content[..<end])
        }
    }
}
