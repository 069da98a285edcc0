internal import Crypto

/// SHA-256 over content so far, with a copy of it as it was at the last record's end.
struct ContentDigest {
    private(set) var bytes = 0
    private var hash = SHA256()
    private var hashAtRecordEnd = SHA256()

    mutating func update(_ span: RawSpan) {
        span.withUnsafeBytes { hash.update(bufferPointer: $0) }
        bytes += span.byteCount
    }

    /// What came in so far ends with a record.
    mutating func markRecordEnd() { hashAtRecordEnd = hash }

    /// Forgets what came in behind the last record's end.
    mutating func rewind(toRecordEnd bytes: Int) {
        hash = hashAtRecordEnd
        self.bytes = bytes
    }

    /// Over all bytes up to the last record's end.
    var atRecordEnd: [UInt8] { Array(hashAtRecordEnd.finalize()) }
}
