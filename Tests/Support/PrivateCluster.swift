import Foundation

/// A Postgres server of the tests' own, with its data in a scratch directory.
package final class PrivateCluster: Sendable {
    /// The directory of the unix socket, for `host=`.
    package let socketDirectory: String
    /// The port on 127.0.0.1, and the number in the socket's name.
    package let port: Int
    private let directory: ScratchDirectory
    private let server: GuardedServer

    private static let started = Result { try PrivateCluster() }

    /// The one server that the tests of this process share; started by the first who asks.
    package static func shared() throws -> PrivateCluster { try started.get() }

    /// Starts a server of its own, for tests that break it; `settings` go over the default ones.
    ///
    /// The defaults are for speed: nothing survives a crash of the machine, which no test needs.
    package init(settings: [String: String] = [:]) throws {
        ScratchDirectory.removeStale()
        directory = try ScratchDirectory()
        socketDirectory = directory.path
        port = try Socket.freePort()
        let data = "\(directory.path)/data"
        try giveToServerUser(directory.path)
        try serverCommand("initdb", Self.initOptions + ["-D", data], in: directory.path).output()
        let chosen = Self.defaults.merging(settings) { $1 }
        let options = chosen.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
        let command = try serverCommand(
            "postgres",
            ["-D", data, "-k", directory.path, "-h", "127.0.0.1", "-p", "\(port)"] + options,
            in: directory.path)
        server = try GuardedServer(command, directory: directory, stopSignal: "QUIT")
        try waitUntilReady()
    }

    /// How to connect to a database through the unix socket.
    package func conninfo(_ database: String) -> String {
        "host=\(socketDirectory) port=\(port) user=postgres dbname=\(database)"
    }

    /// How to connect to a database over TCP, by default without a proxy in between.
    package func tcpConninfo(_ database: String, port: Int? = nil) -> String {
        "host=127.0.0.1 port=\(port ?? self.port) user=postgres dbname=\(database) sslmode=disable"
    }

    /// Runs SQL with psql, so by a reader that shares no code with ours; one row a line, `|` between.
    ///
    /// Each statement is a transaction of its own, and the first error ends it all.
    @discardableResult
    package func psql(
        _ sql: String, database: String = "postgres", as role: String = "postgres"
    ) throws -> String {
        let options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        let command = Command(
            try postgresProgram("psql"),
            options + ["-d", conninfo(database) + " user=\(role)"],
            environment: plainEnvironment(),
            input: sql)
        let text = try command.output()
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Ends every connection the hard way, as a crash of the server does, and waits for its recovery.
    package func crash() throws {
        let sql = "select pid from pg_stat_activity where backend_type = 'checkpointer'"
        let before = try psql("select pg_postmaster_start_time()")
        guard let pid = pid_t(try psql(sql)) else { throw SystemError("find the checkpointer") }
        kill(pid, SIGKILL)
        while let current = try? psql(sql), current == "\(pid)" {
            usleep(10_000)  // until the server has noticed; a failure here means that it has
        }
        try waitUntilReady()
        precondition((try? psql("select pg_postmaster_start_time()")) == before, "same server")
    }

    /// Stops the server at once; every connection is cut.
    package func stop() { server.stop() }

    private func waitUntilReady() throws {
        let arguments = ["-q", "-h", socketDirectory, "-p", "\(port)"]
        let ready = Command(
            try postgresProgram("pg_isready"), arguments, environment: plainEnvironment())
        // A probe that could not be started is an answer too: not ready.
        try server.waitUntil { (try? ready.run().succeeded) ?? false }
    }

    private static let initOptions = [
        "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8",
    ]
    private static let defaults = [
        "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
        "shared_buffers": "128MB", "max_connections": "200", "max_wal_size": "2GB",
        "timezone": "UTC", "log_min_messages": "fatal",
    ]
}

/// The tests' environment without what would send psql to some other server.
func plainEnvironment() -> [String: String] {
    ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("PG") }
}

/// Where a program of Postgres is; not `PATH` first, for Debian has slow wrappers there.
private func postgresProgram(_ name: String) throws -> String {
    let folders = [15, 16, 17, 18].map { "/usr/lib/postgresql/\($0)/bin" }
    let folder = (folders + ["/usr/local/bin", "/usr/bin"]).first {
        access("\($0)/\(name)", X_OK) == 0
    }
    guard let folder else { throw SystemError("find \(name): install postgresql", code: ENOENT) }
    return "\(folder)/\(name)"
}

/// A server program, run as `postgres` when the tests run as root: Postgres refuses root.
private func serverCommand(_ name: String, _ arguments: [String], in directory: String) throws
    -> Command
{
    asServerUser(try postgresProgram(name), arguments, in: directory)
}

/// A program, run as `postgres` when the tests run as root.
func asServerUser(_ program: String, _ arguments: [String], in directory: String) -> Command {
    let asPostgres = ["--reuid=postgres", "--regid=postgres", "--init-groups", program]
    var command =
        geteuid() == 0
        ? Command("setpriv", asPostgres + arguments) : Command(program, arguments)
    command.environment = plainEnvironment()
    command.directory = directory
    return command
}

/// Lets the user `postgres` write into a directory when the tests run as root.
func giveToServerUser(_ path: String) throws {
    guard geteuid() == 0 else { return }
    guard let user = getpwnam("postgres") else {
        throw SystemError("find the user postgres: install postgresql", code: ENOENT)
    }
    guard chown(path, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
        throw SystemError("give \(path) to postgres")
    }
}
