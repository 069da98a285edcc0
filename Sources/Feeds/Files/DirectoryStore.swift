internal import Foundation

/// Files on disk: a directory of exported deliveries, read as a bucket would be.
///
/// Nothing outside of it is read: a link that leads out is left out, and whatever was opened is
/// asked where it lies before its first byte is used.
package final class DirectoryStore: FileStore {
    private let root: URL
    /// The root without links, as the kernel names what was opened.
    private let realRoot: String
    /// A line for each link that the last listing did not follow.
    package private(set) var leftOut: [String] = []
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
        guard let real = Self.realPath(root.path) else {
            throw StoreError(.denied, "\(root.path): its place cannot be found out")
        }
        realRoot = real
    }

    package func newestVersion(of file: File) throws -> FileVersion {
        let path = path(file.key)
        // One that cannot be resolved has its reason told by what follows.
        if let real = Self.realPath(path) { try throwUnlessInside(real, path) }
        return try version(ofPath: path)
    }

    package func read(_ file: File, _ version: FileVersion, body: (RawSpan) throws -> Void) throws {
        let path = path(file.key)
        // Not to wait for the writer of a pipe that has taken the file's place.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        // What was opened, not what the path leads to by now.
        guard let real = Self.target(ofLink: "/proc/self/fd/\(descriptor)") else {
            throw failure(path)
        }
        try throwUnlessInside(real, path)
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
        leftOut = []
        let keys: [String]
        do {
            // The real one: of a link nothing is listed.
            keys = try FileManager.default.subpathsOfDirectory(atPath: realRoot)
        } catch {
            throw StoreError(
                .denied,
                "\((error as? CocoaError)?.filePath ?? root.path): cannot be listed; "
                    + "let the user that runs sluice read it")
        }
        for key in keys.sorted() where key.beginsExactly(with: location.prefix) {
            let path = path(key)
            if let target = leadsOut(path) {
                leftOut.append("\(key) -> \(target)")
                continue
            }
            var status = stat()
            let isFound = stat(path, &status) == 0
            if isFound, status.st_mode & S_IFMT == S_IFDIR { continue }
            // What cannot be read is listed too: its load fails, which is told and recorded.
            try each(key, isFound ? FileVersion(status) : .unknown)
        }
    }

    private func path(_ key: String) -> String { root.path + "/" + key }

    /// Where a link leads, if that is outside of the directory.
    private func leadsOut(_ path: String) -> String? {
        var status = stat()
        // The listing follows no link to a folder, so only the last part of a path can be one. A link
        // to nothing is listed: its load tells.
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK,
            let real = Self.realPath(path), !isInside(real)
        else { return nil }
        return real
    }

    private func isInside(_ real: String) -> Bool {
        real.utf8.starts(with: (realRoot == "/" ? "/" : realRoot + "/").utf8)
    }

    private func throwUnlessInside(_ real: String, _ path: String) throws {
        guard isInside(real) else {
            throw StoreError(
                .denied,
                "\(path): leads out of the directory, to \(real); put the file itself in its place")
        }
    }

    /// A path without links; `nil` where it leads nowhere or may not be followed.
    private static func realPath(_ path: String) -> String? {
        guard let found = realpath(path, nil) else { return nil }
        defer { free(found) }
        return String(cString: found)
    }

    private static func target(ofLink path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &buffer, buffer.count)
        guard count >= 0 else { return nil }
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

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
        case ENOENT where Self.target(ofLink: path) != nil:
            StoreError(.denied, "\(path): is a link to a file that is not there; mend or remove it")
        case ENOENT: StoreError(.missing, "\(path): there is no such file")
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
