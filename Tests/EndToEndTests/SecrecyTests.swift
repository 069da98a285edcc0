import Foundation
import Support
import Testing

/// Passwords and keys go where they are needed, and nowhere else.
@Suite struct SecrecyTests {
    static let markers = ["hunter2", "MARKERSECRETKEY", "MARKERSESSIONTOKEN"]
    static let keys = [
        "AWS_SECRET_ACCESS_KEY": "MARKERSECRETKEY", "AWS_SESSION_TOKEN": "MARKERSESSIONTOKEN",
    ]

    private func expectNoMarker(in done: Finished) {
        for marker in Self.markers {
            #expect(!done.standardOutput.contains(marker), "\(done)")
            #expect(!done.standardError.contains(marker), "\(done)")
        }
    }

    /// Connection strings with the password in each place that libpq reads it from.
    private static func conninfos(_ database: ScratchDatabase) -> [String] {
        let folder = database.cluster.socketDirectory.replacing("/", with: "%2F")
        let port = database.cluster.port
        let name = database.name
        return [
            database.conninfo + " password=hunter2",
            database.conninfo + " password = 'hunter2 \\' x'",
            database.conninfo + " sslpassword=hunter2",
            database.conninfo + " password=a&hunter2",
            database.conninfo + " password=a\\ hunter2 application_name=x",
            database.conninfo + " password='a' password=\\'hunter2",
            "postgresql://postgres@127.0.0.1:\(port)/\(name)?%70assword=hunter2&sslmode=disable",
            "postgresql://postgres:hunter2@127.0.0.1:\(port)/\(name)",
            "postgresql://postgres@\(folder):\(port)/\(name)?password=hunter2&sslmode=disable",
        ]
    }

    @Test func thePasswordOfTheDatabaseIsNotInTheHintForPsql() throws {
        let desk = try Desk()
        for (number, conninfo) in Self.conninfos(desk.database).enumerated() {
            try desk.deliver(Desk.products(), to: Desk.productKey(number + 1))
            let done = try desk.backfill(
                ["--log-level", "trace"], environment: ["SLUICE_DATABASE_URL": conninfo])
            #expect(done.status == 0, "\(done)")
            #expect(done.standardOutput.contains(/\n  psql \S+/))
            expectNoMarker(in: done)
        }
    }

    @Test(arguments: [
        "host=127.0.0.1 port=1 password=hunter2", "postgresql://u:hunter2@127.0.0.1:1/books",
        "postgresql://u:hun@hunter2@127.0.0.1:1/books", "postgresql://u:a/hunter2@127.0.0.1/books",
        "host=127.0.0.1 pasword=hunter2", "host=127.0.0.1 password='hunter2",
        "postgresql://u@127.0.0.1:1/books?password=hunter2", "hunter2 host=x",
    ])
    func thePasswordIsNotInTheErrorOfAFailedConnection(conninfo: String) throws {
        let folder = try ScratchDirectory()
        for command in [["status"], ["migrate"], ["backfill", "."], ["worker", "--drain"]] {
            let done = try Program().run(
                command + ["--log-level", "trace"], environment: ["SLUICE_DATABASE_URL": conninfo],
                directory: folder.path)
            #expect([69, 78].contains(done.status), "\(done)")
            expectNoMarker(in: done)
        }
    }

    @Test func keysOfAmazonAreInNoOutputAndNoTable() throws {
        let remote = try RemoteDesk()
        try remote.put([
            (Desk.productKey(1), Desk.products()), (Desk.productKey(2), "not a header\n"),
        ])
        try remote.announce([(remote.bucket, Desk.productKey(1)), (remote.bucket, "nope")])
        let denial = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        let proxy = try HTTPFaultProxy(
            to: .tcp(port: remote.aws.port), fault: .answer(status: 403, body: denial),
            at: .containing("month%3D01", occurrence: 2))
        var environment = remote.aws.environment(port: proxy.port).merging(Self.keys) { $1 }
        environment["SLUICE_LOG_LEVEL"] = "trace"
        environment["SLUICE_DATABASE_URL"] = remote.desk.database.conninfo + " password=hunter2"
        let commands = [
            ["backfill", remote.location], ["backfill", remote.location],
            ["backfill", "s3://nobodys"],
            ["worker", "--drain"], ["status"], ["status", "--json"], ["rejects"],
            ["seller", "list"],
            ["accept", "--all"], ["simulate", "s3://\(remote.bucket)-gone", "--days", "1"],
        ]
        for command in commands {
            expectNoMarker(in: try remote.desk.run(command, environment: environment))
        }
        #expect(proxy.fired != nil)
        // An endpoint that nobody listens on, and one that takes no requests.
        environment["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"
        expectNoMarker(
            in: try remote.desk.run(
                ["simulate", "s3://x", "--days", "1"], environment: environment))
        #expect(try remote.desk.products().count == 3)

        let dump = try Command(
            "pg_dump", ["-d", remote.desk.database.conninfo, "--inserts"]
        ).output()
        #expect(dump.contains("prod-1"))
        for marker in Self.markers { #expect(!dump.contains(marker)) }
    }
}
