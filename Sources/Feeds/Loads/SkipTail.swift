internal import CSV

/// What came in behind a file's last record, compared with what operators said is to be skipped.
struct SkipTail {
    enum Match {
        case skip(SkippedContent)
        /// None of them.
        case none
        /// Too few bytes to know.
        case undecided
    }

    /// The bytes; kept only where there is something to be skipped.
    private(set) var bytes: [UInt8] = []
    /// The fault of the record that they begin with, until it is known whether that is skipped.
    private(set) var fault: CSVError?

    /// The shortest first: what a short one says takes precedence, and the work for one is no more
    /// than a multiple of what it skips.
    private let skips: [SkippedContent]
    private var bytesNeeded = 0

    init(_ skips: [SkippedContent]) {
        self.skips = skips.sorted { $0.bytes < $1.bytes }
    }

    /// Whether there is nothing to be skipped, as of nearly every file.
    var isUnused: Bool { skips.isEmpty }

    /// Takes what came in, which was parsed; `end` is where in it the last record ends, below 0 where
    /// that was before.
    mutating func take(_ span: RawSpan, after end: Int) {
        if end >= 0 { bytes.removeAll(keepingCapacity: true) }
        append(span.extracting(max(end, 0)..<span.byteCount))
    }

    /// Takes what came in, which waits to be parsed.
    ///
    /// - Returns: whether it is enough to go on.
    mutating func wait(for span: RawSpan) -> Bool {
        append(span)
        return bytes.count >= bytesNeeded
    }

    /// Lets what came in wait for more.
    mutating func wait(from start: Int, with fault: CSVError) {
        bytes.removeFirst(start)
        bytesNeeded = skips.first { $0.bytes > bytes.count }?.bytes ?? 0
        self.fault = fault
    }

    /// Begins anew behind a record's end.
    mutating func keep(from start: Int) {
        bytes.removeFirst(start)
        fault = nil
    }

    /// What is to be skipped of the bytes; `isWhole` says that nothing more will come.
    func match(from start: Int, isWhole: Bool) -> Match {
        let rest = bytes.span.bytes.extracting(start..<bytes.count)
        if let skip = skips.first(where: { $0.begins(rest) }) { return .skip(skip) }
        let isDecided = isWhole || !skips.contains { $0.bytes > rest.byteCount }
        return isDecided ? .none : .undecided
    }

    private mutating func append(_ span: RawSpan) {
        span.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
}
