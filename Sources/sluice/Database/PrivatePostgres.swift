internal import Foundation

/// A Postgres of our own in the state folder, reachable through a unix socket only.
///
/// It goes on running after the command that started it, so that the data can be looked at;
/// `sluice database stop` ends it.
struct PrivatePostgres {
    let folder: String

    private var data: String { folder + "/data" }
    private var log: String { folder + "/postgres.log" }

    /// Server binaries refuse to run as root; Debian's package brings this user along.
    private static let unprivilegedUser = "postgres"
    private static let databaseName = "sluice"
    // A unix socket's path must fit into sockaddr_un.
    private static let socketPathMax = 107

    init(stateFolder: String) {
        folder = URL(fileURLWithPath: stateFolder).standardizedFileURL.path + "/postgres"
    }

    var conninfo: String {
        "host=\(folder) dbname=\(Self.databaseName) user=\(Self.databaseName)"
    }

    /// What a person types to look around.
    var psqlCommand: String {
        "psql -h \(folder) -U \(Self.databaseName) \(Self.databaseName)"
    }

    var isRunning: Bool {
        get throws { try run("pg_ctl", ["-D", data, "status"]).status == 0 }
    }

    /// Creates the cluster if there is none, starts it if it is not running.
    func start() throws {
        guard (folder + "/.s.PGSQL.5432").utf8.count <= Self.socketPathMax else {
            throw CommandFailure(
                .configuration,
                "\(folder): is too long for a unix socket; name a shorter --state folder")
        }
        try makeFolder()
        if !FileManager.default.fileExists(atPath: data + "/PG_VERSION") { try create() }
        guard try !isRunning else { return }
        let options = "-c listen_addresses='' -c unix_socket_directories='\(folder)'"
        let started = try run("pg_ctl", ["-D", data, "-l", log, "-w", "-o", options, "start"])
        guard started.status == 0 else {
            throw CommandFailure(
                .unavailable, "the private Postgres in \(folder) does not start; see \(log)")
        }
        let found = try run(
            "psql",
            [
                "-h", folder, "-U", Self.databaseName, "-d", "postgres", "-XAtc",
                "select 1 from pg_database where datname = '\(Self.databaseName)'",
            ])
        guard found.output.isEmpty else { return }
        _ = try run("createdb", ["-h", folder, "-U", Self.databaseName, Self.databaseName])
    }

    func stop() throws {
        guard try isRunning else { return }
        let stopped = try run("pg_ctl", ["-D", data, "-m", "fast", "-w", "stop"])
        guard stopped.status == 0 else {
            throw CommandFailure(.unavailable, "\(folder): does not stop: \(stopped.output)")
        }
    }

    private func create() throws {
        let made = try run(
            "initdb",
            [
                "-D", data, "-U", Self.databaseName, "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8",
            ])
        guard made.status == 0 else {
            throw CommandFailure(.unavailable, "\(data): initdb failed: \(made.output)")
        }
    }

    /// The folder is the authentication: whoever can enter it can connect.
    private func makeFolder() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(
                .configuration,
                "\(folder): cannot be made: \(error.localizedDescription); name another --state")
        }
        chmod(folder, 0o700)
        guard getuid() == 0 else { return }
        guard let user = getpwnam(Self.unprivilegedUser) else {
            throw CommandFailure(
                .configuration,
                "as root, a private Postgres needs the user \(Self.unprivilegedUser); "
                    + "install Debian's package postgresql, or name a --database")
        }
        chown(folder, user.pointee.pw_uid, user.pointee.pw_gid)
    }

    private func run(
        _ program: String, _ arguments: [String]
    ) throws -> (status: Int32, output: String) {
        // The user of Postgres may not enter the folder that we were started in.
        var command = ["/usr/bin/env", "-C", folder]
        if getuid() == 0 {
            let user = Self.unprivilegedUser
            command += ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--init-groups"]
        }
        command += [try Self.binaries() + "/" + program] + arguments
        let log = FileManager.default.temporaryDirectory
            .appendingPathComponent("sluice-\(UUID().uuidString).log").path
        defer { unlink(log) }
        let status = try ChildProgram(command, log: log).wait()
        let output = try String(contentsOfFile: log, encoding: .utf8)
        return (status, output.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The newest server binaries that are installed.
    private static func binaries() throws -> String {
        let root = "/usr/lib/postgresql"
        // A missing folder only means that Debian's package is not installed.
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let debian = versions.compactMap(Int.init).sorted(by: >).map { "\(root)/\($0)/bin" }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "")
            .split(separator: ":").map(String.init)
        let found = (debian + path).first {
            FileManager.default.isExecutableFile(atPath: $0 + "/initdb")
        }
        guard let found else {
            throw CommandFailure(
                .configuration,
                "there is no Postgres server on this machine (no initdb in \(root) or PATH); "
                    + "install the package postgresql, or name a server with --database")
        }
        return found
    }
}
