import Foundation
import Support
import Testing

/// The private Postgres takes nothing over, gives nothing away, and outlives an upgrade.
@Suite struct PrivatePostgresTests {
    /// A state folder in a folder of its own; its server ends with the test.
    private final class State: Sendable {
        let root: ScratchDirectory
        let path: String
        private let program: Program

        init(_ name: String = "state") throws {
            root = try ScratchDirectory()
            path = root.path + "/" + name
            program = try Program()
        }

        deinit {
            // There may be none, if the test ended early.
            _ = try? run(["database", "stop"])
        }

        func run(
            _ arguments: [String], environment: [String: String] = [:]
        ) throws -> Finished {
            let own = ["SLUICE_STATE": path, "HOME": root.path]
            return try program.run(
                arguments, environment: own.merging(environment) { $1 }, directory: root.path)
        }

        /// Process of the server: the first line of `postmaster.pid`.
        func server() throws -> pid_t {
            let text = try String(
                contentsOfFile: path + "/postgres/data/postmaster.pid", encoding: .utf8)
            return try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
        }
    }

    /// Names that mean something to a shell, to libpq or to the server's list of socket folders.
    @Test(arguments: [
        "with space", "a'b", "a\"b", "a\\b", "$(touch made)", "`touch made`", "a;touch made",
        "%2f", "-D", "é", "a=b", "#", "~", "*",
    ])
    func folderOfAnyNameIsJustAFolder(name: String) throws {
        let state = try State(name)
        let done = try state.run(["database", "start"])
        #expect(done.status == 0, "\(done)")
        // The command that is shown works in a shell, and reaches this server.
        let shown = try #require(done.standardOutput.split(separator: "\n").last)
        let folder = try Command("sh", ["-c", shown + " -XAtc 'show data_directory'"]).output()
        #expect(folder == "\(state.path)/postgres/data\n")
        let conninfo = try state.run(["database", "url"]).standardOutput.dropLast()
        let viaURL = try Command("psql", ["-XAtc", "select 1", String(conninfo)]).output()
        #expect(viaURL == "1\n")
        #expect(try state.run(["status"]).status == 0)
        #expect(try state.run(["database", "stop"]).standardOutput == "stopped\n")
        let left = try FileManager.default.contentsOfDirectory(atPath: state.root.path)
        #expect(left == [name])
    }

    @Test func folderWithACommaIsRefused() throws {
        let done = try State("a,b").run(["database", "start"])
        #expect(done.status == 78)
        #expect(done.standardError.contains("/a,b/postgres: has a comma"), "\(done)")
    }

    /// What somebody else has prepared, and what is said about it.
    struct Trap: Sendable, CustomTestStringConvertible {
        let commands: String
        let says: String
        var testDescription: String { commands }
    }

    static let traps = [
        Trap(commands: "install -d -m 777 state", says: "state can be written by everybody"),
        Trap(
            commands: "install -d -m 1777 state", says: "state can be written by everybody"),
        Trap(
            commands: "mkdir state && ln -s /tmp state/postgres",
            says: "cannot be opened as a folder"),
        Trap(
            commands:
                "mkdir -p state/postgres elsewhere && ln -s ../../elsewhere state/postgres/data",
            says: "state/postgres/data: is not a folder of"),
        Trap(
            commands: "mkdir -p state && touch state/postgres", says: "cannot be opened as a folder"
        ),
    ]
    /// Only root can prepare what belongs to others.
    static let foreign =
        geteuid() == 0
        ? [
            Trap(commands: "install -d -o nobody state", says: "state belongs to nobody"),
            Trap(commands: "install -d -o postgres state", says: "state belongs to postgres"),
            Trap(
                commands: "mkdir state && install -d -o nobody state/postgres",
                says: "state/postgres: belongs to user"),
            Trap(
                commands: "mkdir -p state/postgres && install -d -o nobody state/postgres/data",
                says: "state/postgres/data: is not a folder of postgres"),
        ] : []

    @Test(arguments: traps + foreign)
    func folderOfSomebodyElseIsRefusedAndLeftAlone(trap: Trap) throws {
        let state = try State()
        let script = "cd \(state.root.path) && \(trap.commands)"
        try Command("sh", ["-c", script]).output()
        let look = Command("find", [state.root.path, "-printf", "%p %u %y\n"])
        let before = try look.output()
        let done = try state.run(["database", "start"])
        #expect(done.status == 78, "\(done)")
        #expect(done.standardError.contains(trap.says), "\(done)")
        let after = try look.output()
        // The folder itself may have been closed to others and given to the server by then.
        #expect(
            after.replacing(" postgres d\n", with: " root d\n")
                == before.replacing(" postgres d\n", with: " root d\n"))
        #expect(!FileManager.default.fileExists(atPath: "/tmp/data/PG_VERSION"))
    }

    /// The server goes on after the command; what the command was given is not for it.
    @Test func serverDoesNotGetKeysAndPasswords() throws {
        let state = try State()
        let secrets = [
            "AWS_SECRET_ACCESS_KEY": "secret-of-aws", "PGPASSWORD": "secret-of-postgres",
            "SLUICE_ANYTHING": "secret-of-sluice", "PGPORT": "6543",
        ]
        #expect(try state.run(["database", "start"], environment: secrets).status == 0)
        let path = "/proc/\(try state.server())/environ"
        let environment = try String(
            decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        #expect(!environment.contains("secret-of"), "\(environment)")
        #expect(environment.contains("PATH="), "\(environment)")
        // Nor does it listen elsewhere because of them.
        #expect(try state.run(["status"], environment: ["PGPORT": "6544"]).status == 0)
    }

    /// Debian's upgrade replaces the programs under a running server, which then cannot load its
    /// libraries any more.
    @Test(.enabled(if: geteuid() == 0))
    func serverWhoseProgramsWereReplacedIsStartedAnew() throws {
        let state = try State()
        #expect(try state.run(["database", "start"]).status == 0)
        let undisturbed = try state.server()
        #expect(try state.run(["status"]).status == 0)
        #expect(try state.server() == undisturbed)
        #expect(try state.run(["database", "stop"]).status == 0)
        // Programs find the rest of the installation from where they are.
        let major = try String(
            contentsOfFile: state.path + "/postgres/data/PG_VERSION", encoding: .utf8
        ).trimmingCharacters(in: .whitespacesAndNewlines)
        let copy = state.root.path + "/usr/lib/postgresql/\(major)"
        let installed = "/usr/lib/postgresql/\(major)"
        try Command(
            "sh",
            [
                "-c",
                "mkdir -p \(copy) && cp -r \(installed)/bin \(copy)/bin && "
                    + "ln -s \(installed)/lib \(copy)/lib && ln -s /usr/share \(state.root.path)/usr/share",
            ]
        ).output()
        try Command(
            "setpriv",
            [
                "--reuid=postgres", "--regid=postgres", "--init-groups", copy + "/bin/pg_ctl",
                "-D", state.path + "/postgres/data", "-l", state.path + "/postgres/postgres.log",
                "-w", "-o",
                "-c listen_addresses='' -c unix_socket_directories='\(state.path)/postgres'",
                "start",
            ]
        ).output()
        let old = try state.server()
        try FileManager.default.removeItem(atPath: copy)
        let done = try state.run(["status"])
        #expect(done.status == 0, "\(done)")
        let new = try state.server()
        #expect(new != old)
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(new)/exe")
                == installed + "/bin/postgres")
    }

    @Test func dataOfAVersionThatIsNotInstalledIsToldWithWhatToInstall() throws {
        let state = try State()
        #expect(try state.run(["database", "start"]).status == 0)
        #expect(try state.run(["database", "stop"]).status == 0)
        let file = state.path + "/postgres/data/PG_VERSION"
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data("9\n".utf8))
        let done = try state.run(["status"])
        #expect(done.status == 78, "\(done)")
        #expect(done.standardError.contains("install the package postgresql-9"), "\(done)")
    }

    /// Two first commands at once make one cluster.
    @Test func commandsThatStartItAtOnceTakeTurns() async throws {
        let state = try State()
        try await withThrowingTaskGroup(of: Finished.self) { group in
            for _ in 0..<3 { group.addTask { try state.run(["database", "start"]) } }
            for try await done in group { #expect(done.status == 0, "\(done)") }
        }
    }
}
