internal import Crypto
internal import Postgres

/// Bytes of a file that are no records, by an operator's decision: where a record's damage has no
/// certain end, and an operator has said on which line the file goes on.
///
/// The decision is about these bytes, wherever a version of the file stops at them: a month file that
/// grows, or that is rewritten in front of them, needs no second one. A file that does not stop there
/// was fixed, and nothing of it is skipped.
struct SkippedContent {
    let bytes: Int
    let digest: [UInt8]
    let lines: Int
    /// What the file had failed with.
    let failure: String
    let person: String
    let note: String

    /// The cause of the reject that they are, which nothing but another decision can mend.
    static let cause = "was skipped by an operator; see ingest.skipped_content"

    /// Whether the content begins with it.
    func begins(_ content: RawSpan) -> Bool {
        content.byteCount >= bytes && Self.digest(of: content.extracting(0..<bytes)) == digest
    }

    static func digest(of content: RawSpan) -> [UInt8] {
        var hash = SHA256()
        content.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    /// What is skipped of a file.
    static func of(fileID: Int64, on postgres: PostgresConnection) throws -> [SkippedContent] {
        try postgres.query(
            """
            select bytes, digest, lines, failure, decided_by, note from ingest.skipped_content
            where file_id = $1
            """, [.int(fileID)]
        ).map { row in
            SkippedContent(
                bytes: try row.int("bytes"), digest: try row.bytes("digest"),
                lines: try row.int("lines"), failure: try row.string("failure"),
                person: try row.string("decided_by"), note: try row.string("note"))
        }
    }

    /// Records the decision.
    func keep(
        of file: File, _ fileID: Int64, byteOffset: Int, fileLine: Int,
        on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            insert into ingest.skipped_content (seller_id, file_id, digest, bytes, lines,
                byte_offset, file_line, failure, note, decided_by)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            on conflict (seller_id, file_id, digest) do nothing
            """,
            [
                .int(Int64(file.sellerID)), .int(fileID), .bytes(digest), .int(Int64(bytes)),
                .int(Int64(lines)), .int(Int64(byteOffset)), .int(Int64(fileLine)),
                .text(failure), .text(note), .text(person),
            ])
    }
}

extension Reject {
    /// Content that an operator said is to be skipped.
    init(_ skip: SkippedContent, line: Int, fileLine: Int, byteOffset: Int) {
        let lines = skip.lines == 1 ? "1 line" : "\(skip.lines) lines"
        self.init(
            line: line, fileLine: fileLine, byteOffset: byteOffset, column: nil,
            reason: "was skipped by \(skip.person) (\(lines), \(skip.bytes) bytes): \(skip.note)"
                .boundedReason,
            cause: SkippedContent.cause)
    }
}

/// An operator's word on where a file goes on.
package struct SkipDecision: Sendable {
    /// The first physical line that is read again.
    package let fromLine: Int
    package let person: String
    package let note: String

    /// - Parameters:
    ///   - fromLine: the first physical line that is read again; the header is on line 1.
    ///   - person: who decides.
    ///   - note: why.
    package init(fromLine: Int, person: String, note: String) {
        self.fromLine = fromLine
        self.person = person
        self.note = note
    }
}
