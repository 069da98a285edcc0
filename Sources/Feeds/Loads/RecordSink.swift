internal import CSV

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
    func skipped(
        _ skip: SkippedContent, _ content: RawSpan, fileLine: Int, byteOffset: Int
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

extension CSVRecord {
    /// Its fields as text.
    func texts(_ fields: RawSpan) -> [String] {
        (0..<count).map { index in
            fields.extracting(range(index)).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        }
    }
}
