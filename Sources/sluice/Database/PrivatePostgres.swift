internal import Feeds
internal import Foundation
internal import Postgres

/// A Postgres of our own in the state folder, reachable through a unix socket only.
///
/// It goes on running after the command that started it, so that the data can be looked at;
/// `sluice database stop` ends it.
///
/// `pg_ctl` and `initdb` hand their arguments to a shell. So they are run in the folder, with relative
/// names: no part of a setting is among their arguments.
struct PrivatePostgres {
    let folder: String
    /// Which of its databases is meant.
    let database: String

    private var log: String { folder + "/postgres.log" }

    /// The database of the person's own books.
    static let booksName = "sluice"
    private static let userName = "sluice"
    private static let port = 5432
    // A unix socket's path must fit into sockaddr_un.
    private static let socketPathMax = 107

    init(stateFolder: String, database: String = Self.booksName) {
        self.database = database
        folder = URL(fileURLWithPath: stateFolder).standardizedFileURL.path + "/postgres"
    }

    var conninfo: String { conninfo(database: database) }

    private func conninfo(database: String) -> String {
        "host=\(PostgresConnection.quoteConninfo(folder)) port=\(Self.port) dbname=\(database) "
            + "user=\(Self.userName)"
    }

    /// What a person types to look around.
    var psqlCommand: String {
        "psql -h \(folder.shellWord) -U \(Self.userName) \(database)"
    }

    /// Creates the cluster if there is none, starts it if it is not running.
    ///
    /// A server whose programs were replaced by an upgrade of the package cannot load its libraries
    /// any more: it is started anew.
    func start() throws {
        try throwUnlessReachable()
        let user = try ServerUser.find()
        let place = try PrivateFolder(folder, owner: user)
        if try !place.holds("data", owner: user) || majorOfData() == nil { try create(user) }
        let programs = try ServerPrograms.find(major: majorOfData())
        if try isRunning(programs, user) {
            // It may run for another of its databases.
            guard isReplaced(programs) else { return try createDatabase() }
            try stop(programs, user)
        }
        // The socket's folder is given from the data's: the server works in there.
        let options = "-c listen_addresses='' -c unix_socket_directories='..' -p \(Self.port)"
        let started = try run(
            programs, "pg_ctl", ["-D", "data", "-l", "postgres.log", "-w", "-o", options, "start"],
            user)
        guard started.status == 0 else {
            throw CommandFailure(
                .unavailable, "the private Postgres in \(folder) does not start; see \(log)")
        }
        try createDatabase()
    }

    /// Stops it, if it is running.
    func stop() throws {
        guard FileManager.default.fileExists(atPath: folder) else { return }
        let user = try ServerUser.find()
        let place = try PrivateFolder(folder, owner: user)
        guard try place.holds("data", owner: user), let major = majorOfData() else { return }
        let programs = try ServerPrograms.find(major: major)
        guard try isRunning(programs, user) else { return }
        try stop(programs, user)
    }

    private func stop(_ programs: ServerPrograms, _ user: ServerUser?) throws {
        let stopped = try run(
            programs, "pg_ctl", ["-D", "data", "-m", "fast", "-w", "stop"], user)
        guard stopped.status == 0 else {
            throw CommandFailure(.unavailable, "\(folder): does not stop: \(stopped.output)")
        }
    }

    private func isRunning(_ programs: ServerPrograms, _ user: ServerUser?) throws -> Bool {
        try run(programs, "pg_ctl", ["-D", "data", "status"], user).status == 0
    }

    /// Whether the file that the server was started from is not the installed one any more.
    private func isReplaced(_ programs: ServerPrograms) -> Bool {
        // No such file, or no process of ours: then there is nothing to compare.
        guard
            let lines = try? String(
                contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8),
            let pid = lines.split(separator: "\n").first.flatMap({ pid_t($0) })
        else { return false }
        var running = stat()
        var installed = stat()
        guard stat("/proc/\(pid)/exe", &running) == 0,
            stat(programs.path("postgres"), &installed) == 0
        else { return false }
        return running.st_dev != installed.st_dev || running.st_ino != installed.st_ino
    }

    private func throwUnlessReachable() throws {
        guard (folder + "/.s.PGSQL.\(Self.port)").utf8.count <= Self.socketPathMax else {
            throw CommandFailure(
                .configuration,
                "\(folder): is too long for a unix socket; name a shorter --state folder")
        }
        // libpq, "Connection Strings": a comma in `host` separates hosts.
        guard !folder.contains(","), !folder.unicodeScalars.contains(where: { $0.value < 32 })
        else {
            throw CommandFailure(
                .configuration,
                "\(folder): has a comma or a control character in its name, which libpq does not "
                    + "take for a folder; name another --state")
        }
    }

    /// The major version that made the data: the content of `PG_VERSION`.
    private func majorOfData() -> Int? {
        // Without the file there is no cluster yet.
        (try? String(contentsOfFile: folder + "/data/PG_VERSION", encoding: .utf8))
            .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private func create(_ user: ServerUser?) throws {
        let made = try run(
            ServerPrograms.find(major: nil), "initdb",
            [
                "-D", "data", "-U", Self.userName, "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8",
            ], user)
        guard made.status == 0 else {
            throw CommandFailure(.unavailable, "\(folder)/data: initdb failed: \(made.output)")
        }
    }

    private func createDatabase() throws {
        let postgres = try PostgresConnection(conninfo(database: "postgres"))
        let found = try postgres.query(
            "select from pg_catalog.pg_database where datname = $1", [.text(database)])
        guard found.isEmpty else { return }
        let name = PostgresConnection.quoteIdentifier(database)
        try postgres.execute("create database \(name)")
    }

    private func run(
        _ programs: ServerPrograms, _ program: String, _ arguments: [String], _ user: ServerUser?
    ) throws -> (status: Int32, output: String) {
        var command = ["/usr/bin/env", "-C", folder]
        if let user {
            command += [
                "/usr/bin/setpriv", "--reuid=\(user.name)", "--regid=\(user.name)", "--init-groups",
            ]
        }
        command += [programs.path(program)] + arguments
        let log = FileManager.default.temporaryDirectory
            .appendingPathComponent("sluice-\(UUID().uuidString).log").path
        defer { unlink(log) }
        // The server goes on after us, and is not to keep our keys and passwords.
        let status = try ChildProgram(command, environment: .only(Self.environment), log: log)
            .wait()
        let output = try String(contentsOfFile: log, encoding: .utf8)
        return (status, output.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    private static let environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"]
}
