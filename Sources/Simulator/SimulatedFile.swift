internal import Gzip

/// An object in the seller's bucket, with its content as of one delivery.
package struct SimulatedFile: Sendable {
    /// The S3 key.
    package let key: String
    /// Schema and table: `sdds.billing_event`.
    ///
    /// A metadata file bears its data set's.
    package let feed: String
    /// The delivery day as of which the content is.
    package let day: SimulatedDay
    /// Whether the content is gzip; the key does not tell.
    package let isCompressed: Bool
    /// Whether this is a CAS metadata file and no CSV.
    package let isMetadata: Bool

    let content: any FileContent
    /// One gzip member a day instead of one a file.
    let hasManyMembers: Bool

    /// Lends the content to `sink`, piece by piece, and returns the number of rows.
    ///
    /// Uses a fixed amount of memory, whatever the size. Throws what `sink` throws and, if the
    /// content is compressed, the compressor's errors.
    @discardableResult
    package func write(into sink: ByteSink) throws -> Int {
        guard isCompressed else { return try content.write(into: sink, endDay: {}) }
        var writer = try GzipWriter(level: Self.compressionLevel)
        var isOpen = false
        let rows = try content.write(
            into: { bytes in
                isOpen = true
                try writer.write(bytes, into: sink)
            },
            endDay: {
                // A day without rows adds no member.
                guard hasManyMembers, isOpen else { return }
                try writer.finish(into: sink)
                isOpen = false
            })
        if isOpen { try writer.finish(into: sink) }
        return rows
    }

    /// Lends the content as it is before any compression; otherwise as `write(into:)`.
    @discardableResult
    package func writeUncompressed(into sink: ByteSink) throws -> Int {
        try content.write(into: sink, endDay: {})
    }

    // Simulated files are read soon after and once: speed before size.
    private static let compressionLevel = 1
}

/// Where a file's bytes come from.
protocol FileContent: Sendable {
    /// Lends the bytes to `sink` and returns the number of rows; `endDay` marks each day's end.
    func write(into sink: ByteSink, endDay: () throws -> Void) throws -> Int
}

/// A month of a log feed.
struct LogContent<Log: Feed>: FileContent {
    let log: Log
    let days: [SimulatedDay]
    let start: SimulatedDay

    func write(into sink: ByteSink, endDay: () throws -> Void) throws -> Int {
        try log.write(days, from: start, into: sink, endDay: endDay)
    }
}

/// A publication of a data set.
struct SnapshotContent<Set: Snapshot>: FileContent {
    let set: Set
    let published: SimulatedDay
    let edition: Edition

    func write(into sink: ByteSink, endDay: () throws -> Void) throws -> Int {
        try set.write(published, edition, into: sink)
    }
}

extension SnapshotMetadata: FileContent {
    func write(into sink: ByteSink, endDay: () throws -> Void) throws -> Int {
        try write(into: sink)
    }
}
