import Foundation

/// A directory that belongs to this run of the tests and is removed with its last reference.
///
/// Its name tells the process it belongs to, so a later run can tell what a killed one left.
package final class ScratchDirectory: Sendable {
    /// The start of every name; `scripts/test` removes leftovers by it.
    static let prefix = "sluice-test-"

    package let path: String

    /// Makes an empty directory that every user may pass through.
    ///
    /// It is directly under /tmp: a socket path has at most 107 bytes (unix(7)).
    package init() throws {
        var template = Array("/tmp/\(Self.prefix)\(getpid())-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make a directory in /tmp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        guard chmod(path, 0o711) == 0 else { throw SystemError("chmod \(path)") }
    }

    deinit { removeTree(path) }

    /// Writes a file into it and returns the file's path.
    @discardableResult
    package func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Removes the directories of processes that no longer exist.
    package static func removeStale() {
        // A /tmp that cannot be listed has no leftovers that could be removed.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
        for name in names where name.hasPrefix(prefix) {
            let owner = pid_t(name.dropFirst(prefix.count).prefix { $0 != "-" })
            guard let owner, kill(owner, 0) != 0, errno == ESRCH else { continue }
            stopServer(in: "/tmp/\(name)")
            removeTree("/tmp/\(name)")
        }
    }

    /// Stops a Postgres that outlived its tests; its pid is the first line of `postmaster.pid`.
    private static func stopServer(in directory: String) {
        // No such file, no such server: then there is nothing to stop.
        guard
            let lines = try? String(
                contentsOfFile: "\(directory)/data/postmaster.pid", encoding: .utf8),
            let pid = lines.split(separator: "\n").first.flatMap({ pid_t($0) }),
            let running = try? FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/\(pid)/cwd"),
            running.hasPrefix(directory)
        else { return }
        kill(pid, SIGQUIT)
    }
}

private func removeTree(_ path: String) {
    // What cannot be removed now is found again by removeStale().
    try? FileManager.default.removeItem(atPath: path)
}
