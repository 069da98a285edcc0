import Support
import Testing

/// Who may do what, read from the catalogue, so that whatever is new fails until it was looked at;
/// and what somebody would try who may only read.
@Suite struct RightsTests {
    static let schemas = "('ingest', 'sdds', 'cas', 'event', 'resolved', 'marketplace')"
    static let users = ["sluice_reader", "sluice_auditor", "sluice_loader", "sluice_operator"]

    /// A server with a database of an owner who is no superuser, and every role of the page.
    final class Place {
        let cluster: PrivateCluster
        let conninfo: String

        /// Makes it, after some SQL of whoever owns the database.
        init(before sql: String = "") throws {
            cluster = try PrivateCluster()
            conninfo = cluster.conninfo("books") + " user=books_owner"
            try cluster.psql("create role books_owner login createrole")
            try cluster.psql("create database books owner books_owner template template0")
            try psql(sql)
            try migrate()
            try psql("create role sluice_operator login; create role sluice_loader login")
            for block in try Manual("docs/operations.md").sqlBlocks where block.contains("grant ") {
                try psql(block.replacing("create role sluice_loader login;", with: ""))
            }
            // What they may do once they are in is the question here.
            try psql(
                "grant connect, temporary on database books to "
                    + RightsTests.users.joined(separator: ", "))
            for user in RightsTests.users {
                try psql("create role \(user)_person login in role \(user)")
            }
        }

        deinit { cluster.stop() }

        @discardableResult
        func migrate() throws -> Finished {
            let done = try Program().run(["migrate", "--database", conninfo])
            try #require(done.status == 0, "\(done)")
            return done
        }

        @discardableResult
        func psql(_ sql: String, as role: String = "books_owner") throws -> String {
            try cluster.psql(sql, database: "books", as: role)
        }

        func lines(_ sql: String) throws -> [String] {
            try psql(sql).split(separator: "\n").map(String.init)
        }

        /// Rights that nobody meant to give: of everybody, and of the roles that only read.
        func excess() throws -> [String] {
            try lines(
                """
                with given (what, grantee, privilege) as (
                    select 'schema ' || n.nspname, a.grantee, a.privilege_type
                    from pg_namespace n cross join lateral aclexplode(n.nspacl) as a
                    where n.nspname in \(RightsTests.schemas)
                    union all
                    select c.oid::regclass::text, a.grantee, a.privilege_type
                    from pg_class c cross join lateral aclexplode(c.relacl) as a
                    where c.relnamespace::regnamespace::text in \(RightsTests.schemas)
                    union all
                    select t.attrelid::regclass::text || '.' || t.attname, a.grantee,
                        a.privilege_type
                    from pg_attribute t join pg_class c on c.oid = t.attrelid
                    cross join lateral aclexplode(t.attacl) as a
                    where c.relnamespace::regnamespace::text in \(RightsTests.schemas)
                )
                select what || ': ' || coalesce(r.rolname, 'public') || ' ' || privilege
                from given left join pg_roles r on r.oid = grantee
                where grantee = 0
                    or r.rolname in ('sluice_reader', 'sluice_auditor')
                        and privilege not in ('SELECT', 'USAGE')
                    or r.rolname = 'sluice_reader' and what !~ '^(schema )?marketplace'
                union all
                select p.oid::regprocedure || ': ' || r.rolname || ' EXECUTE'
                from pg_proc p
                join (select 0::oid as oid, 'public'::name as rolname
                      union all select oid, rolname from pg_roles
                      where rolname in ('sluice_reader', 'sluice_auditor')) as r on true
                where p.pronamespace::regnamespace::text in \(RightsTests.schemas)
                    and (p.provolatile = 'v' or p.prorettype = 'trigger'::regtype
                        or p.prosecdef and (r.oid = 0 or p.pronamespace::regnamespace::text
                            <> 'marketplace'))
                    and has_function_privilege(r.rolname, p.oid, 'execute')
                order by 1
                """)
        }
    }

    /// A function that has its owner's rights is looked at before it is entered here.
    @Test func everyFunctionWithItsOwnersRightsIsKnown() throws {
        let place = try Place()
        let found = try place.lines(
            """
            select p.oid::regprocedure::text || ' ' || array_to_string(array(
                select coalesce(r.rolname, 'public') from aclexplode(p.proacl) as a
                left join pg_roles r on r.oid = a.grantee
                where a.grantee <> p.proowner order by 1), ',')
            from pg_proc p where p.prosecdef
                and p.pronamespace::regnamespace::text in \(Self.schemas)
            order by p.oid::regprocedure::text collate "C"
            """)
        let readers = "sluice_auditor,sluice_reader"
        let instants = "timestamp with time zone"
        let histories = try place.lines(
            "select 'marketplace.' || split_part(feed, '.', 2) from resolved.feed")
        #expect(histories.count > 10)
        let expected =
            histories.map { "\($0)_as_of(\(instants)) \(readers)" } + [
                "marketplace.journal_as_of(\(instants)) \(readers)",
                "marketplace.journal_restated(\(instants),\(instants),date) \(readers)",
                "marketplace.reconcile() sluice_loader,sluice_operator",
                "marketplace.refresh(boolean) sluice_loader,sluice_operator",
                "marketplace.restated(\(instants),\(instants),text) \(readers)",
            ]
        #expect(found.sorted() == expected.sorted())
        // They look every name up in the server's own schema, and temporary ones last; what they
        // are called with is of the server's own types, whose casts nobody else can make.
        let open = try place.lines(
            """
            select p.oid::regprocedure from pg_proc p
            where prosecdef and pronamespace::regnamespace::text in \(Self.schemas)
                and (not coalesce(proconfig @> array['search_path=pg_catalog, pg_temp'], false)
                    or prorettype = 'trigger'::regtype
                    or exists (select from unnest(proargtypes) as t
                        where (select typnamespace from pg_type where oid = t)
                            <> 'pg_catalog'::regnamespace))
            """)
        #expect(open == [])
        #expect(try place.excess() == [])
        #expect(
            try place.lines("select rolname from pg_roles where rolcanlogin order by 1").filter {
                Self.users.contains($0)
            } == ["sluice_loader", "sluice_operator"])
    }

    /// A trigger function that anybody may execute, anybody may put on a table of their own.
    @Test func nobodyPutsAFunctionOfOursOnATableOfTheirOwn() throws {
        let place = try Place()
        let functions = try place.lines(
            """
            select oid::regproc from pg_proc where prorettype = 'trigger'::regtype
                and pronamespace::regnamespace::text in \(Self.schemas)
            """)
        #expect(functions.count >= 4)
        for user in Self.users {
            for function in functions {
                #expect(throws: Finished.self, "\(user): \(function)") {
                    try place.psql(
                        """
                        create temp table mine (seller_id integer);
                        create trigger mine after insert on mine
                            for each row execute function \(function)();
                        """, as: "\(user)_person")
                }
            }
        }
    }

    /// The attack of old, by somebody whom a mistake has given all there is to execute: a cast of
    /// one's own, on a table of one's own, run by a function of the owner's.
    @Test func aCastOfOnesOwnRunsAsOneself() throws {
        let place = try Place()
        for user in Self.users {
            try place.psql(
                """
                grant usage on schema resolved to \(user);
                grant insert on resolved.pending to \(user);
                grant execute on all functions in schema resolved, cas to \(user)
                """)
            let caught = try place.psql(
                """
                create temp table caught (who text);
                create type pg_temp.k as enum ('1');
                create function pg_temp.catch(pg_temp.k) returns integer language plpgsql as $$
                    begin insert into pg_temp.caught values (current_user); return 1; end $$;
                create cast (pg_temp.k as integer)
                    with function pg_temp.catch(pg_temp.k) as implicit;
                create temp table mine (seller_id pg_temp.k, version_id bigint, line bigint);
                create trigger mine after delete on mine referencing old table as removed
                    for each statement execute function resolved.note_removal();
                insert into mine values ('1', 1, 1);
                delete from mine;
                select distinct who from caught
                """, as: "\(user)_person")
            #expect(caught == "\(user)_person")
        }
    }

    /// What an older version gave, or the owner's defaults give, goes with the next migration.
    @Test func ownersDefaultsAndOlderVersionsLeaveNoRights() throws {
        let place = try Place(
            before: """
                alter default privileges grant all on tables to public;
                alter default privileges grant all on sequences to public;
                alter default privileges grant all on schemas to public;
                alter default privileges revoke execute on functions from public;
                create role sluice_reader login; create role sluice_auditor login;
                alter default privileges grant all on functions to sluice_reader, sluice_auditor;
                alter default privileges grant all on tables to sluice_auditor, sluice_reader;
                """)
        #expect(try place.excess() == [])
        try place.psql(
            """
            grant execute on all functions in schema ingest, cas, resolved, marketplace to public;
            grant update (title) on sdds.product to sluice_auditor;
            grant create on schema marketplace to public;
            alter function resolved.note_load() security definer;
            alter function resolved.note_removal() security definer;
            revoke insert on resolved.pending from sluice_loader, sluice_operator;
            alter role sluice_reader login;
            update ingest.definition set sha256 = '' where path = 'resolved/pending.sql'
            """)
        #expect(try place.excess() != [])
        let done = try place.migrate()
        #expect(
            done.standardError == """
                sluice: role sluice_reader may no longer log in: who reads has a role of their \
                own, as of create role ana login password '...' in role sluice_reader

                """)
        #expect(try place.excess() == [])
        let definers =
            "select count(*) from pg_proc where prosecdef and prorettype = 'trigger'::regtype"
        #expect(try place.psql(definers) == "0")
        // And what each role is for still works.
        for (user, statement) in [
            ("sluice_reader", "select count(*) from marketplace.billed_revenue_report"),
            ("sluice_reader", "select count(*) from marketplace.offer_as_of(now())"),
            ("sluice_auditor", "select count(*) from ingest.finding"),
            ("sluice_loader", "select count(*) from ingest.expectation"),
        ] {
            #expect(try place.psql(statement, as: "\(user)_person") == "0", "\(user)")
        }
        for user in ["sluice_loader", "sluice_operator"] {
            try place.psql(
                """
                begin;
                insert into resolved.pending (seller_id, feed, version_id, lines, is_removed)
                values (1, 'x', 1, '{}', true);
                rollback
                """, as: user)
        }
        #expect(try place.migrate().standardError == "")
    }

    /// Who may change roles is not always who owns the database.
    @Test func anOwnerWhoMayChangeNoRolesIsToldWhatToAskFor() throws {
        let place = try Place()
        try place.psql(
            "alter role sluice_auditor login; alter role books_owner nocreaterole",
            as: "postgres")
        #expect(
            try place.migrate().standardError == """
                sluice: role sluice_auditor may log in, and books_owner may not change that; let \
                somebody who may say alter role sluice_auditor nologin, and give people roles of \
                their own that are members of it

                """)
    }
}
