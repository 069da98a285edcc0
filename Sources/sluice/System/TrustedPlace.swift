internal import Feeds
internal import Foundation

/// A file or folder that nobody but root and whoever runs the program can change or swap.
///
/// What is read from elsewhere would be somebody else's order: a settings file names programs and
/// databases, and the Schema folder is SQL that runs as the owner of the database.
enum TrustedPlace {
    /// Looks at the place and at every folder above it, as sshd does with `authorized_keys`.
    ///
    /// - Throws: ``CommandFailure`` that names what somebody else may write, and the remedy.
    static func check(_ path: String, what: String) throws {
        let given = URL(fileURLWithPath: path).standardizedFileURL.path
        guard let resolved = realpath(given, nil) else {
            throw CommandFailure(
                .configuration, "\(path): cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { free(resolved) }
        // A link counts where it lies and where it leads.
        for place in [given, String(cString: resolved)] {
            for step in steps(to: place) {
                guard let reason = step.reason else { continue }
                throw CommandFailure(
                    .configuration,
                    "\(path): is not used as \(what): \(step.path) \(reason); "
                        + "use: chown root \(step.path.shellWord) "
                        + "&& chmod go-w \(step.path.shellWord)")
            }
        }
    }

    /// Looks at a folder as at any place, and likewise at everything in it: an archive that root has
    /// unpacked, or a copy, can hold files of others in a folder of root's.
    static func check(tree folder: String, what: String) throws {
        try check(folder, what: what)
        // One that cannot be listed is told by whoever reads it.
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        for name in names.sorted() { try check(folder + "/" + name, what: "part of \(what)") }
    }

    private struct Step {
        let path: String
        /// Why somebody else could put something in its place, or into it; nil where nobody can.
        let reason: String?
    }

    /// The root, each folder on the way, and the place itself.
    private static func steps(to place: String) -> [Step] {
        var path = ""
        return ("/" + place).split(separator: "/", omittingEmptySubsequences: true).map { name in
            path += "/" + name
            var status = stat()
            guard lstat(path, &status) == 0 else { return Step(path: path, reason: nil) }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            let reason = reason(status, path)
            // Of a sticky folder others may fill in names, but not move those that are there.
            let isSticky = isFolder && status.st_mode & S_ISVTX != 0
            let isPassable = isSticky && path != place && isOwned(status)
            return Step(path: path, reason: isPassable ? nil : reason)
        }
    }

    private static func reason(_ status: stat, _ path: String) -> String? {
        guard isOwned(status) else { return "belongs to \(userName(status.st_uid))" }
        // The mode of a link says nothing, and what cannot be written by anybody needs no mode.
        guard status.st_mode & S_IFMT != S_IFLNK, !isReadOnly(path) else { return nil }
        if status.st_mode & S_IWOTH != 0 { return "can be written by everybody" }
        if status.st_mode & S_IWGRP != 0, !isPrivate(group: status.st_gid) {
            return "can be written by its group"
        }
        return nil
    }

    private static func isOwned(_ status: stat) -> Bool {
        status.st_uid == 0 || status.st_uid == geteuid()
    }

    /// A file system that is mounted for reading, such as a mounted secret or configuration.
    private static func isReadOnly(_ path: String) -> Bool {
        var status = statvfs()
        return statvfs(path, &status) == 0 && status.f_flag & UInt(ST_RDONLY) != 0
    }

    /// Whether a group is root's, or has nobody in it but the caller, as Debian makes them.
    private static func isPrivate(group: gid_t) -> Bool {
        if group == 0 { return true }
        guard let user = getpwuid(geteuid()) else { return false }
        let name = String(cString: user.pointee.pw_name)
        guard user.pointee.pw_gid == group, let entry = getgrgid(group),
            String(cString: entry.pointee.gr_name) == name
        else { return false }
        var member = entry.pointee.gr_mem
        while let found = member?.pointee {
            if String(cString: found) != name { return false }
            member = member?.advanced(by: 1)
        }
        return true
    }

    private static func userName(_ id: uid_t) -> String {
        getpwuid(id).map { String(cString: $0.pointee.pw_name) } ?? "user \(id)"
    }
}
