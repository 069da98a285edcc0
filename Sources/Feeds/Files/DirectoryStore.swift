internal import Foundation

/// Files on disk: a directory of exported deliveries, read as a bucket would be.
package final class DirectoryStore: FileStore {
    private let root: URL
    /// What stands for the bucket in the ledger.
    package let bucket: String

    // Large enough that system calls do not show, small beside the memory that a load may use.
    private static let chunkBytes = 512 * 1024

    /// Takes a directory as a store.
    ///
    /// - Parameters:
    ///   - path: the directory; relative to the working directory unless absolute.
    ///   - bucket: name under which its files stand in the ledger; `nil` for the path.
    /// - Throws: ``StoreError`` when it is not a directory that can be read.
    package init(path: String, bucket: String? = nil) throws {
        root = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isDirectory),
            isDirectory.boolValue
        else {
            throw StoreError(.missing, "\(root.path): is not a directory; name an existing one")
        }
        var name = root.path
        while name.count > 1, name.hasSuffix("/") { name.removeLast() }
        self.bucket = bucket ?? "file://" + name
    }

    package func newestVersion(of file: File) throws -> FileVersion {
        try version(ofPath: path(file.key))
    }

    package func read(_ file: File, _ version: FileVersion, body: (RawSpan) throws -> Void) throws {
        let path = path(file.key)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: Self.chunkBytes, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path) }
            guard count > 0 else { break }
            try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]).bytes)
        }
        guard try self.version(ofPath: path).isSame(as: version) else {
            throw StoreError(.versionChanged, "\(path): was changed while it was read")
        }
    }

    package func list(
        _ location: Location, each: (String, FileVersion) throws -> Void
    ) throws {
        let keys: [String]
        do {
            keys = try FileManager.default.subpathsOfDirectory(atPath: root.path)
        } catch {
            throw StoreError(
                .denied,
                "\((error as? CocoaError)?.filePath ?? root.path): cannot be listed; "
                    + "let the user that runs sluice read it")
        }
        for key in keys.sorted() where key.beginsExactly(with: location.prefix) {
            let path = path(key)
            var status = stat()
            let isFound = stat(path, &status) == 0
            if isFound, status.st_mode & S_IFMT == S_IFDIR { continue }
            // What cannot be read is listed too: its load fails, which is told and recorded.
            try each(key, isFound ? FileVersion(status) : .unknown)
        }
    }

    private func path(_ key: String) -> String { root.path + "/" + key }

    private func version(ofPath path: String) throws -> FileVersion {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(path) }
        // Opening a pipe would wait for a writer, perhaps for ever.
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(.denied, "\(path): is not a regular file; put a file in its place")
        }
        return FileVersion(status)
    }

    private func failure(_ path: String) -> StoreError {
        let code = errno
        let reason = String(cString: strerror(code))
        return switch code {
        case ENOENT:
            StoreError(
                .missing, "\(path): there is no such file, or it is a link to one that is gone")
        case EACCES, EPERM:
            StoreError(.denied, "\(path): \(reason); let the user that runs sluice read it")
        default: StoreError(.unavailable, "\(path): \(reason)")
        }
    }
}

extension FileVersion {
    /// Of a file that is there but cannot be looked at; equal to no version that was ever read.
    fileprivate static let unknown = FileVersion(
        eTag: "unknown", versionID: nil, size: 0, lastModified: nil)

    fileprivate init(_ status: stat) {
        let seconds = status.st_mtim.tv_sec
        self.init(
            eTag: "\(status.st_size)-\(seconds).\(status.st_mtim.tv_nsec)", versionID: nil,
            size: Int(status.st_size),
            lastModified: Date(timeIntervalSince1970: Double(seconds)).ISO8601Format())
    }
}
