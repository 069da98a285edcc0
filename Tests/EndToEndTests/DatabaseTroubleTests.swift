import Foundation
import Support
import Testing

/// The database is away, full, or not the one that the program needs.
@Suite struct DatabaseTroubleTests {
    /// Every command that works with the database, with arguments that are right.
    static let commands = [
        ["backfill", "."], ["worker", "--drain"], ["status"], ["status", "--check"], ["rejects"],
        ["accept", "--all"], ["keep", "--all"], ["seller", "list"],
        ["seller", "add", "acme", "--location", "acme"],
    ]

    @Test(arguments: commands + [["migrate"]])
    func aServerThatRefusesTheConnectionIsNamedWithWhatToCheck(command: [String]) throws {
        let desk = try Desk(isMigrated: false)
        let conninfo = "host=127.0.0.1 port=1 dbname=books user=loader password=hunter2"
        let done = try desk.run(command, environment: ["SLUICE_DATABASE_URL": conninfo])
        #expect(done.status == 69)
        #expect(done.standardOutput == "")
        #expect(
            done.standardError
                == "sluice: the database cannot be reached: connection to server at "
                + "\"127.0.0.1\", port 1 failed: Connection refused; Is the server running on "
                + "that host and accepting TCP/IP connections?; check --database, "
                + "SLUICE_DATABASE_URL or the PG* variables, and that the server runs\n")
    }

    @Test func aConnectionStringThatIsNoneIsAMatterOfConfiguration() throws {
        let desk = try Desk(isMigrated: false)
        let done = try desk.run(["status", "--database", "postgresql://u:hun@ter2@host/books"])
        #expect(done.status == 78)
        #expect(
            done.standardError
                == "sluice: the database cannot be reached: the connection string is malformed; "
                + "hint: percent-encode special characters of a URI, quote values with spaces; "
                + "check --database, SLUICE_DATABASE_URL or the PG* variables, and that the "
                + "server runs\n")
    }

    @Test(arguments: commands)
    func aDatabaseThatWasNeverMigratedIsRefused(command: [String]) throws {
        let desk = try Desk(isMigrated: false)
        let done = try desk.run(command)
        #expect(done.status == 78)
        #expect(done.standardOutput == "")
        #expect(
            done.standardError
                == "sluice: the database lacks Schema/ingest/schema.sql, or has an older one; "
                + "run: sluice migrate\n")
        #expect(
            try desk.database.psql("select count(*) from pg_namespace where nspname = 'ingest'")
                == "0")
    }

    @Test func aDatabaseWithAnOlderDefinitionIsRefusedUntilItIsMigrated() throws {
        let desk = try Desk()
        try desk.deliver(Desk.products(), to: Desk.productKey())
        try desk.database.psql(
            "update ingest.definition set sha256 = 'older' where path = 'sdds/product.sql'")
        let done = try desk.backfill()
        #expect(done.status == 78)
        #expect(
            done.standardError
                == "sluice: the database lacks Schema/sdds/product.sql, or has an older one; "
                + "run: sluice migrate\n")
        let migrated = try desk.run(["migrate"])
        #expect(migrated.standardOutput == "applied sdds/product.sql\n")
        #expect(try desk.backfill().status == 0)
        #expect(try desk.products().count == 3)
    }

    @Test func aServerThatGoesAwayBetweenTwoRunsIsWaitedForByNobody() throws {
        let cluster = try PrivateCluster()
        let database = try ScratchDatabase(on: cluster)
        let program = try Program()
        #expect(try program.run(["migrate", "--database", database.conninfo]).status == 0)
        cluster.stop()
        let done = try program.run(["status", "--database", database.conninfo])
        #expect(done.status == 69)
        #expect(done.standardError.hasPrefix("sluice: the database cannot be reached: "))
    }

    @Test func aRoleThatMayNotReadIsAMatterOfConfiguration() throws {
        let desk = try Desk()
        let role = "reader_of_\(desk.database.name)"
        try desk.database.psql("create role \(role) login")
        let conninfo = desk.database.conninfo.replacing("user=postgres", with: "user=\(role)")
        let done = try desk.run(["status"], environment: ["SLUICE_DATABASE_URL": conninfo])
        try desk.database.psql("drop role \(role)")
        #expect(done.status == 78)
        #expect(
            done.standardError
                == "sluice: database: permission denied for schema ingest (SQLSTATE 42501); "
                + "grant it to the role, or name another role with --database\n")
    }
}
