import Feeds

/// A folder whose reads are counted, cut into small chunks, and made to fail.
final class BenchStore: FileStore {
    private let directory: DirectoryStore
    /// How often a file was fetched.
    private(set) var reads = 0
    /// Largest chunk that is lent; small ones let a tiny file be committed in several batches.
    var chunkBytes = Int.max
    /// Called before every chunk with its number, counted from 1 in every read.
    var beforeChunk: (Int) throws -> Void = { _ in }

    init(_ directory: DirectoryStore) {
        self.directory = directory
    }

    var bucket: String { directory.bucket }

    func newestVersion(of file: File) throws -> FileVersion {
        try directory.newestVersion(of: file)
    }

    func read(_ file: File, _ version: FileVersion, body: (RawSpan) throws -> Void) throws {
        reads += 1
        var number = 0
        try directory.read(file, version) { bytes in
            var start = 0
            while start < bytes.byteCount {
                let end = start + min(chunkBytes, bytes.byteCount - start)
                number += 1
                try beforeChunk(number)
                try body(bytes.extracting(start..<end))
                start = end
            }
        }
    }

    func list(_ location: Location, each: (String, FileVersion) throws -> Void) throws {
        try directory.list(location, each: each)
    }
}
