internal import Foundation

/// The folder of the private Postgres: whoever can enter it can connect, so nobody else may.
///
/// Everything in it belongs to the user that the server runs as. Held open, so that what was
/// checked is what is used.
struct PrivateFolder: ~Copyable {
    let path: String
    private let descriptor: Int32

    /// Opens the folder, made if it is not there, and waits until no other command starts or stops
    /// the server.
    ///
    /// - Parameters:
    ///   - path: absolute, in a state folder that is made too.
    ///   - owner: the user that the server runs as, where that is not the caller.
    /// - Throws: ``CommandFailure`` where somebody else owns or may write what is there.
    init(_ path: String, owner: ServerUser?) throws {
        self.path = path
        let state = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try Self.make(state)
        try TrustedPlace.check(state, what: "the state folder")
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw Self.failure(path, "cannot be made") }
        let opened = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard opened >= 0 else { throw Self.failure(path, "cannot be opened as a folder") }
        do {
            try Self.claim(opened, path, owner)
            guard flock(opened, LOCK_EX) == 0 else { throw Self.failure(path, "cannot be locked") }
        } catch {
            close(opened)
            throw error
        }
        descriptor = opened
    }

    deinit { close(descriptor) }

    /// Sees to it that a folder in here is no link, and belongs to the server's user.
    ///
    /// - Returns: whether it is there.
    func holds(_ name: String, owner: ServerUser?) throws -> Bool {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            guard errno == ENOENT else { throw Self.failure(path + "/" + name, "cannot be read") }
            return false
        }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == owner?.id ?? geteuid() else {
            throw CommandFailure(
                .configuration,
                "\(path)/\(name): is not a folder of \(owner?.name ?? "yours"), so its data could "
                    + "be anybody's; remove it, or name another --state")
        }
        return true
    }

    /// Makes the state folder and what is missing above it, for everybody to pass through.
    private static func make(_ state: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: state, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o755])
        } catch {
            throw CommandFailure(
                .configuration,
                "\(state)/postgres: cannot be made: \(error.localizedDescription); name another "
                    + "--state")
        }
    }

    /// Gives the folder to the server's user; one that is somebody else's is left alone.
    private static func claim(_ folder: Int32, _ path: String, _ owner: ServerUser?) throws {
        var status = stat()
        guard fstat(folder, &status) == 0 else { throw failure(path, "cannot be read") }
        guard status.st_uid == geteuid() || status.st_uid == owner?.id else {
            throw CommandFailure(
                .configuration,
                "\(path): belongs to user \(status.st_uid); remove it, or name another --state")
        }
        guard fchmod(folder, 0o700) == 0 else {
            throw failure(path, "cannot be closed to others")
        }
        guard let owner, status.st_uid != owner.id else { return }
        guard fchown(folder, owner.id, owner.group) == 0 else {
            throw failure(path, "cannot be given to \(owner.name)")
        }
    }

    private static func failure(_ path: String, _ what: String) -> CommandFailure {
        CommandFailure(
            .configuration,
            "\(path): \(what): \(String(cString: strerror(errno))); name another --state")
    }
}

/// Whom the server runs as where the caller is root: its programs refuse root.
struct ServerUser {
    let name: String
    let id: uid_t
    let group: gid_t

    /// Debian's package brings this user along.
    private static let debian = "postgres"

    /// - Returns: nil where the caller is not root, and the server runs as the caller.
    static func find() throws -> ServerUser? {
        guard geteuid() == 0 else { return nil }
        guard let user = getpwnam(debian) else {
            throw CommandFailure(
                .configuration,
                "as root, a private Postgres needs the user \(debian); "
                    + "install Debian's package postgresql, or name a --database")
        }
        return ServerUser(name: debian, id: user.pointee.pw_uid, group: user.pointee.pw_gid)
    }
}
