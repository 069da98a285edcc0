import Support
import Testing

/// A database in which somebody else was there first, or may do more than they need.
@Suite struct PlantedObjectsTests {
    /// A server with the database of an owner who is no superuser, in which Mallory may make schemas.
    private final class Place {
        let cluster: PrivateCluster

        init() throws {
            cluster = try PrivateCluster()
            try cluster.psql("create role books_owner login createrole; create role mallory login")
            try cluster.psql("create database books owner books_owner template template0")
            try psql("grant create on database books to mallory")
            // Whoever runs what Mallory has made is noted here.
            try psql(
                """
                create schema mine;
                grant usage on schema mine to public;
                create table mine.caught (who text);
                grant insert on mine.caught to public;
                create function mine.catch() returns boolean language plpgsql as $$
                    begin insert into mine.caught values (current_user); return true; end $$;
                create function mine.catch_row() returns trigger language plpgsql as $$
                    begin insert into mine.caught values (current_user); return null; end $$
                """, as: "mallory")
        }

        deinit { cluster.stop() }

        @discardableResult
        func psql(_ sql: String, as role: String = "books_owner") throws -> String {
            try cluster.psql(sql, database: "books", as: role)
        }

        func run(_ command: [String], as role: String = "books_owner") throws -> Finished {
            try Program().run(
                command + ["--database", cluster.conninfo("books") + " user=\(role)"])
        }

        /// Who has run Mallory's code, but for Mallory.
        func caught() throws -> String {
            try psql("select distinct who from mine.caught where who <> 'mallory'", as: "postgres")
        }
    }

    /// What Mallory makes under names of ours, to be found by "if not exists".
    static let plants = [
        """
        create schema ingest; grant all on schema ingest to public;
        create view ingest.definition as
            select mine.catch()::text as path, '' as sha256, now() as applied_at;
        grant all on ingest.definition to public
        """,
        """
        create schema ingest; grant all on schema ingest to public;
        create table ingest.definition
            (path text primary key, sha256 text not null, applied_at timestamptz default now());
        create trigger catch after insert on ingest.definition
            for each row execute function mine.catch_row();
        grant all on ingest.definition to public
        """,
        """
        create schema ingest; grant all on schema ingest to public;
        create table ingest.definition (path text, sha256 text, applied_at timestamptz);
        insert into ingest.definition values ('a', 'b');
        alter table ingest.definition enable row level security;
        create policy catch on ingest.definition using (mine.catch());
        grant all on ingest.definition to public
        """,
        "create schema marketplace; grant all on schema marketplace to public",
    ]

    @Test(arguments: plants, ["books_owner", "postgres"])
    func schemaOfSomebodyElseIsNotUsed(plant: String, role: String) throws {
        let place = try Place()
        try place.psql(plant, as: "mallory")
        let schema = plant.contains("ingest") ? "ingest" : "marketplace"
        for command in [["migrate"], ["status", "--no-queues"]] {
            let done = try place.run(command, as: role)
            #expect(done.status == 78, "\(done)")
            #expect(
                done.standardError.hasPrefix(
                    "sluice: schema \(schema) belongs to mallory, whose code would run with the "
                        + "rights of \(role); drop it"), "\(done)")
        }
        #expect(try place.caught() == "")
        try place.psql("drop schema \(schema) cascade", as: "mallory")
        #expect(try place.run(["migrate"], as: role).status == 0)
        #expect(try place.run(["status", "--no-queues"], as: role).status == 0)
    }

    /// The owner's tables are what a superuser migrates, and a member of the owner.
    @Test func ownerOfTheDatabaseIsTrustedAndSoAreRolesOfTheCaller() throws {
        let place = try Place()
        try place.psql("create role keeper; grant keeper to mallory", as: "postgres")
        try place.psql("grant create on database books to keeper", as: "postgres")
        #expect(try place.run(["migrate"]).status == 0)
        #expect(try place.run(["migrate"], as: "postgres").status == 0)
        try place.psql("alter schema event owner to keeper", as: "postgres")
        let refused = try place.run(["status", "--no-queues"], as: "postgres")
        #expect(refused.standardError.hasPrefix("sluice: schema event belongs to keeper"))
        try place.psql("grant keeper to books_owner", as: "postgres")
        #expect(try place.run(["migrate"]).status == 0)
    }

    /// "Grant all" is said of loaders and analysts; a trigger of theirs would run as the owner.
    @Test func nobodyButTheOwnerMakesTriggers() throws {
        let place = try Place()
        #expect(try place.run(["migrate"]).status == 0)
        try place.psql(
            """
            grant usage on schema ingest, resolved to mallory;
            grant all on all tables in schema ingest, resolved to mallory with grant option
            """)
        let triggers = """
            select count(*) from pg_class c cross join lateral aclexplode(c.relacl) as a
            where a.privilege_type = 'TRIGGER' and a.grantee <> c.relowner
                and c.relnamespace::regnamespace::text in ('ingest', 'resolved')
            """
        #expect(try place.psql(triggers) != "0")
        let trigger = """
            create trigger catch after insert or update on resolved.feed
                for each row execute function mine.catch_row()
            """
        try place.psql(trigger, as: "mallory")
        // Not run, but by whoever has made it.
        let refused = try place.run(["migrate"])
        #expect(
            refused.standardError.hasPrefix(
                "sluice: routine mine.catch_row() belongs to mallory, whose code would run"),
            "\(refused)")
        #expect(try place.run(["refresh"]).status == 78)
        #expect(try place.caught() == "")
        try place.psql("drop trigger catch on resolved.feed")
        #expect(try place.run(["migrate"]).status == 0)
        #expect(try place.psql(triggers) == "0")
        #expect(throws: Finished.self) { try place.psql(trigger, as: "mallory") }
        // What else was given stays.
        try place.psql("select from ingest.load", as: "mallory")
    }
}
