import Foundation
import Support
import Testing

/// The database is somebody else's: encoding, settings, servers and poolers that we did not choose.
@Suite struct ForeignDatabaseTests {
    /// A database on a server that tests share, as `options` of CREATE DATABASE make it.
    private func database(_ options: String) throws -> (name: String, conninfo: String) {
        let cluster = try PrivateCluster.shared()
        let name = "foreign_\(UInt32.random(in: 0...UInt32.max))"
        try cluster.psql("create database \(name) template template0 \(options)")
        return (name, cluster.conninfo(name))
    }

    @Test(
        arguments: ["SQL_ASCII", "LATIN1"],
        [["migrate"], ["worker"], ["backfill", "."], ["seller", "add", "a", "--location", "b"]])
    func anEncodingThatCannotHoldEveryTextIsRefused(encoding: String, command: [String]) throws {
        let (name, conninfo) = try database("encoding '\(encoding)' locale 'C'")
        let done = try Program().run(command + ["--database", conninfo])
        #expect(done.status == 78, "\(done)")
        #expect(done.standardError.contains("its encoding is \(encoding)"), "\(done)")
        #expect(done.standardError.contains("encoding 'UTF8' template template0"), "\(done)")
        let cluster = try PrivateCluster.shared()
        let schemas = "select count(*) from pg_namespace where nspname = 'ingest'"
        #expect(try cluster.psql(schemas, database: name) == "0")
    }

    @Test func whatAServerLacksIsNamedByMigrate() throws {
        let desk = try Desk(isMigrated: false)
        try desk.database.psql("drop extension plpgsql")
        let done = try desk.run(["migrate"])
        #expect(done.status == 78)
        #expect(
            done.standardError.contains(
                "What is wrong or missing: PL/pgSQL (language \"plpgsql\" does not exist); "
                    + "triggers with the statement's rows (language \"plpgsql\" does not exist)"),
            "\(done)")
        #expect(done.standardError.contains("its server being PostgreSQL "))
    }

    @Test(arguments: [("", Int32(69)), (" target_session_attrs=any", 78)])
    func aServerThatOnlySpeaksTheProtocolIsNamed(words: String, status: Int32) throws {
        // The console of pgbouncer is one: no PostgreSQL, but psql can talk to it.
        let pooler = try Pooler(.session, to: PrivateCluster.shared())
        let done = try Program().run([
            "migrate", "--database", pooler.conninfo("pgbouncer") + words,
        ])
        #expect(done.status == status, "\(done)")
        #expect(
            done.standardError.contains("no PostgreSQL that Sluice can work with"), "\(done)")
        #expect(done.standardError.contains("name a PostgreSQL 15 or newer"), "\(done)")
    }

    @Test func timeoutsOfTheRoleSetNoFileAside() throws {
        let desk = try Desk()
        try desk.database.psql(
            """
            create function public.wait() returns trigger language plpgsql as $$
                begin perform pg_sleep(1); return new; end $$;
            create trigger wait before insert on sdds.product
                for each row when (new.line = 2) execute function public.wait();
            alter database \(desk.database.name) set statement_timeout = '500ms';
            alter database \(desk.database.name) set lock_timeout = '500ms';
            alter database \(desk.database.name) set idle_in_transaction_session_timeout = '500ms';
            alter database \(desk.database.name) set idle_session_timeout = '500ms'
            """)
        try desk.deliver(Desk.products(), to: Desk.productKey())
        let done = try desk.backfill()
        #expect(done.status == 0, "\(done)")
        #expect(try desk.products().count == 3)
    }

    @Test func whoOnlyReadsMayReadFromAReplica() throws {
        let desk = try Desk()
        let name = desk.database.name
        let others = desk.database.cluster
        try others.psql("alter database \(name) set default_transaction_read_only = on")
        for command in [
            ["status"], ["rejects"], ["seller", "list"], ["report"], ["expect"],
            ["request", "list"],
            ["entitlements", "list"], ["dictionary"],
        ] {
            let done = try desk.run(command)
            #expect(done.status == 0, "\(done)")
        }
        for command in [["backfill", "."], ["accept", "--all"], ["migrate"], ["refresh"]] {
            let done = try desk.run(command)
            #expect(done.status == 69, "\(done)")
            #expect(done.standardError.contains("session is read-only"), "\(done)")
            #expect(done.standardError.contains("target_session_attrs=any"), "\(done)")
        }
        let chosen = desk.database.conninfo + " target_session_attrs=any"
        let done = try desk.run(["accept", "--all", "--database", chosen])
        #expect(!done.standardError.contains("session is read-only"), "\(done)")
    }

    @Test func aPoolThatSharesSessionsIsRefusedInASentence() throws {
        let desk = try Desk()
        let pooler = try Pooler(.transaction, to: desk.database.cluster)
        for command in [["backfill", "."], ["worker"], ["status"], ["migrate"]] {
            let done = try desk.run(
                command + ["--database", pooler.conninfo(desk.database.name)])
            #expect(done.status == 78, "\(done)")
            #expect(done.standardError.contains("pool_mode = transaction"), "\(done)")
        }
    }

    @Test func aBackfillThroughAPoolOfSessionsLeavesNoLocks() throws {
        let desk = try Desk()
        let pooler = try Pooler(.session, to: desk.database.cluster)
        for month in 1...9 { try desk.deliver(Desk.products(), to: Desk.productKey(month)) }
        let done = try desk.backfill(["--database", pooler.conninfo(desk.database.name)])
        #expect(done.status == 0, "\(done)")
        #expect(try desk.products().count == 27)
        let locks = """
            select count(*) from pg_locks join pg_database d on d.oid = database
            where locktype = 'advisory' and datname = current_database()
            """
        #expect(try desk.database.psql(locks) == "0")
    }

    @Test func aReaderThatHasEnoughIsNoCrash() throws {
        let desk = try Desk()
        let script =
            "'\(desk.program.path)' dictionary --database '\(desk.database.conninfo)' | head -1; "
            + "echo ${PIPESTATUS[0]}"
        let done = try Command("bash", ["-c", script]).run()
        #expect(done.standardOutput.hasSuffix("\n0\n"), "\(done)")
        #expect(done.standardError == "")
    }
}
