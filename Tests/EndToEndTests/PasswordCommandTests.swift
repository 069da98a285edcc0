import Foundation
import Support
import Testing

/// `password_command`: a password that is good for minutes.
@Suite struct PasswordCommandTests {
    private let cluster: PrivateCluster
    private let database: ScratchDatabase
    private let folder: ScratchDirectory

    init() throws {
        folder = try ScratchDirectory()
        let hba = try folder.write(
            """
            local all all trust
            host all loader 127.0.0.1/32 scram-sha-256
            """, to: "pg_hba.conf")
        cluster = try PrivateCluster(settings: ["hba_file": hba])
        database = try ScratchDatabase(on: cluster)
        try cluster.psql("create role loader superuser login")
        let done = try Program().run(["migrate", "--database", database.conninfo])
        guard done.succeeded else { throw done }
    }

    private var conninfo: String {
        "host=127.0.0.1 port=\(cluster.port) user=loader dbname=\(database.name)"
    }

    /// The role's password, and the file that the command prints.
    private func change(to password: String) throws {
        try cluster.psql("alter role loader password '\(password)'")
        try folder.write(password + "\nnot this line\n", to: "the password")
    }

    private var command: String { "cat '\(folder.path)/the password'" }

    @Test func eachConnectionAsksAnew() throws {
        for password in ["first", "p '\"\\$(touch x) w", "third"] {
            try change(to: password.replacing("'", with: "''"))
            try folder.write(password + "\n", to: "the password")
            for arguments in [
                ["--set", "password_command=\(command)"], ["--config", try settingsFile()],
            ] {
                let done = try Program().run(
                    ["seller", "list", "--database", conninfo] + arguments,
                    environment: ["PGPASSWORD": "an old one"])
                #expect(done.status == 0, "\(done)")
            }
        }
        let done = try Program().run(
            ["seller", "list", "--database", conninfo],
            environment: ["SLUICE_PASSWORD_COMMAND": command])
        #expect(done.status == 0, "\(done)")
    }

    private func settingsFile() throws -> String {
        try folder.write(
            "password_command: \"cat '\(folder.path)/the password'\"\n", to: "settings.yaml")
    }

    @Test(arguments: [
        ("false", 69, "password_command (false): ended with status 1"),
        ("sh -c 'echo hunter2; echo no login >&2; exit 3'", 69, "ended with status 3: no login"),
        ("true", 69, "printed no password"),
        ("echo hunter2", 69, "password authentication failed"),
        ("/nonexistent/program", 69, "cannot be started"),
        ("not-a-program-of-any-kind", 69, "is not in PATH"),
        ("cat 'open", 78, "a quote in it is left open"),
        (" ", 78, "the command is empty"),
    ])
    func failureIsNamedWithoutThePassword(line: String, status: Int32, text: String) throws {
        try change(to: "right")
        let done = try Program().run(
            ["seller", "list", "--database", conninfo],
            environment: ["SLUICE_PASSWORD_COMMAND": line])
        #expect(done.status == status, "\(done)")
        #expect(done.standardError.contains(text), "\(done)")
        #expect(!done.standardError.contains("hunter2"))
    }

    @Test func aWorkerOutlivesItsPassword() throws {
        try change(to: "morning")
        let cloud = try SimulatedCloud(receiveCountMax: 1, database: database)
        try cloud.put(Deliveries.last.get())
        // The password is changed before the command knows: the worker waits with its messages.
        try cluster.psql("alter role loader password 'noon'")
        try folder.write("morning\n", to: "the password")
        try cluster.psql("alter role loader password 'morning'")
        try database.hold(atLine: 1)
        let worker = try cloud.startWorker(
            on: conninfo, ["SLUICE_PASSWORD_COMMAND": command])
        #expect(try cloud.waitForRow(ScratchDatabase.held, while: worker))
        try cluster.psql("alter role loader password 'noon'")
        try database.letGo()
        try cluster.psql(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'loader'")
        try worker.waitForOutput(containing: "password authentication failed")
        try folder.write("noon\n", to: "the password")
        try cloud.expectNobodyBlamed(worker)
    }
}
