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
                .denied, "\(root.path): cannot be listed: \(error.localizedDescription)")
        }
        for key in keys.sorted() where key.hasPrefix(location.prefix) {
            let path = path(key)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
                !isDirectory.boolValue
            else { continue }
            try each(key, version(ofPath: path))
        }
    }

    private func path(_ key: String) -> String { root.path + "/" + key }

    private func version(ofPath path: String) throws -> FileVersion {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(path) }
        let seconds = status.st_mtim.tv_sec
        let nanoseconds = status.st_mtim.tv_nsec
        return FileVersion(
            eTag: "\(status.st_size)-\(seconds).\(nanoseconds)", versionID: nil,
            size: Int(status.st_size),
            lastModified: Date(timeIntervalSince1970: Double(seconds)).ISO8601Format())
    }

    private func failure(_ path: String) -> StoreError {
        let code = errno
        let reason = String(cString: strerror(code))
        return switch code {
        case ENOENT: StoreError(.missing, "\(path): there is no such file")
        case EACCES, EPERM:
            StoreError(.denied, "\(path): \(reason); let the user that runs sluice read it")
        default: StoreError(.unavailable, "\(path): \(reason)")
        }
    }
}
