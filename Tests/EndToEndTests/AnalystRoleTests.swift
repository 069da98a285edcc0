import Support
import Testing

/// The roles `sluice_reader` and `sluice_auditor`: what they may see, and that they may do nothing.
@Suite struct AnalystRoleTests {
    private static let schemas = "('ingest', 'sdds', 'cas', 'event', 'resolved', 'marketplace')"

    /// Reads every relation of some schemas as whoever asks; returns those that may not be read.
    private func refused(
        _ database: ScratchDatabase, as role: String, where condition: String
    ) throws -> [String] {
        try database.psql(
            """
            create temporary table refused (name text);
            do $$
            declare
                relation text;
            begin
                for relation in
                    select c.oid::regclass::text from pg_class c
                    join pg_namespace n on n.oid = c.relnamespace
                    where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in \(Self.schemas)
                        and \(condition)
                loop
                    begin
                        -- As text, so that every column is worked out.
                        execute format('select count(t::text) from (select * from %s limit 50) as t',
                            relation);
                    exception when insufficient_privilege then
                        insert into refused values (relation);
                    end;
                end loop;
            end
            $$;
            select name from refused order by name
            """, as: database.member(of: role)
        ).split(separator: "\n").map(String.init)
    }

    private func relations(_ database: ScratchDatabase, where condition: String) throws -> [String]
    {
        try database.psql(
            """
            select c.oid::regclass::text from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm') and n.nspname in \(Self.schemas)
                and \(condition) order by 1
            """
        ).split(separator: "\n").map(String.init)
    }

    private static func loaded() throws -> Desk {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        #expect(try desk.run(["simulate", data, "--seed", "17", "--days", "40"]).status == 0)
        #expect(try desk.backfill().status == 0)
        #expect(try desk.run(["refresh"]).status == 0)
        return desk
    }

    @Test func aReaderReadsMarketplaceAndNothingElse() throws {
        let desk = try Self.loaded()
        let database = desk.database
        let isOurs = "n.nspname = 'marketplace'"
        #expect(try refused(database, as: "sluice_reader", where: isOurs) == [])
        let others = try relations(database, where: "not \(isOurs)")
        #expect(others.count > 60)
        #expect(try refused(database, as: "sluice_reader", where: "not \(isOurs)") == others)
    }

    /// They read what was delivered with their owner's rights, and show no more than the histories.
    @Test func functionsAnswerAReaderAndTellNoMoreThanTheRelations() throws {
        let desk = try Self.loaded()
        let names = try desk.database.psql(
            """
            select regexp_replace(p.proname, '_as_of$', '') from pg_proc p
            where p.pronamespace = 'marketplace'::regnamespace and p.proname like '%\\_as\\_of'
            """
        ).split(separator: "\n").map(String.init)
        #expect(names.count > 10)
        for name in names {
            // All columns of a history; of the journal those that are not only looked up.
            let columns = try desk.database.psql(
                """
                select coalesce(string_agg(quote_ident(name), ', '), '*')
                from pg_proc p
                cross join lateral unnest(p.proargnames, p.proargmodes) as a (name, mode)
                where p.oid = 'marketplace.\(name)_as_of(timestamptz)'::regprocedure
                    and a.mode = 't'
                """)
            let differences = try desk.database.psql(
                """
                select count(*) from (
                    select \(columns) from marketplace.\(name)
                    except all select \(columns) from marketplace.\(name)_as_of('infinity')) as d
                """, as: desk.database.member(of: "sluice_reader"))
            #expect(differences == "0", "\(name)")
        }
        let restated = try desk.database.psql(
            """
            select count(*), count(distinct feed) from marketplace.restated('-infinity', 'infinity')
            """, as: desk.database.member(of: "sluice_reader"))
        #expect(try #require(Int(restated.split(separator: "|")[0])) > 100)
        let more = try desk.database.psql(
            """
            select distinct r.feed, k.name
            from marketplace.restated('-infinity', 'infinity') r
            cross join lateral jsonb_object_keys(coalesce(r.new_value, r.old_value)::jsonb) as k (name)
            where r.change <> 'changed' and not exists (
                select from pg_attribute
                where attrelid = replace(r.feed, 'sdds.', 'marketplace.')::regclass
                    and attname = k.name)
            """)
        #expect(more == "", "not in the history: \(more)")
    }

    @Test func anAuditorReadsEverythingAndWritesNothing() throws {
        let desk = try Self.loaded()
        let database = desk.database
        #expect(try refused(database, as: "sluice_auditor", where: "true") == [])
        for role in ["sluice_auditor", "sluice_reader"] {
            let rights = try database.psql(
                """
                select c.oid::regclass from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where n.nspname in \(Self.schemas) and c.relkind in ('r', 'p', 'v', 'm')
                    and has_table_privilege('\(role)', c.oid,
                        'insert, update, delete, truncate, references, trigger')
                """)
            #expect(rights == "", "\(role) may write \(rights)")
            let calls = try database.psql(
                """
                select p.oid::regprocedure from pg_proc p
                join pg_namespace n on n.oid = p.pronamespace
                where n.nspname in \(Self.schemas) and p.provolatile = 'v'
                    and p.prorettype <> 'trigger'::regtype
                    and has_function_privilege('\(role)', p.oid, 'execute')
                """)
            #expect(calls == "", "\(role) may call \(calls)")
            let creates = try database.psql(
                """
                select nspname from pg_namespace where nspname in \(Self.schemas)
                    and has_schema_privilege('\(role)', oid, 'create')
                """)
            #expect(creates == "", "\(role) may create in \(creates)")
            for statement in [
                "select * from marketplace.refresh()", "delete from sdds.product",
                "insert into ingest.seller (name) values ('x')", "truncate resolved.pending",
            ] {
                #expect(throws: Finished.self, "\(role): \(statement)") {
                    try database.psql(statement, as: database.member(of: role))
                }
            }
        }
        let conninfo =
            database.conninfo + " user=" + (try database.member(of: "sluice_auditor"))
        for command in [
            ["status", "--no-queues"], ["report", "ageing"], ["rejects"], ["seller", "list"],
            ["dictionary"],
        ] {
            let done = try desk.run(command + ["--database", conninfo])
            #expect(done.status == 0, "\(done)")
        }
    }

    /// A refresh makes the relations of a feed that got its table since.
    @Test func whatIsMadeLaterIsReadableToo() throws {
        let desk = try Desk()
        try desk.database.psql(
            """
            create table sdds.forecast (
                seller_id integer not null, version_id bigint not null, line bigint not null,
                forecast_id text not null, valid_from timestamptz not null,
                insert_date timestamptz, update_date timestamptz not null,
                delete_date timestamptz, extra jsonb, primary key (seller_id, version_id, line));
            insert into ingest.feed (feed, table_schema, table_name, kind, title, key_pattern,
                business_key, cadence)
            values ('sdds.forecast', 'sdds', 'forecast', 'log', 'Forecasts', '^Forecast',
                array['forecast_id', 'valid_from', 'update_date'], 'daily')
            """)
        #expect(try desk.run(["refresh"]).status == 0)
        for relation in ["forecast", "forecast_current", "forecast_as_of(now())"] {
            let count = try desk.database.psql(
                "select count(*) from marketplace.\(relation)",
                as: desk.database.member(of: "sluice_reader"))
            #expect(count == "0")
        }
        #expect(try refused(desk.database, as: "sluice_auditor", where: "true") == [])
    }

    /// Roles are the server's, and the owner of a database may not be allowed to make them.
    @Test func anOwnerWhoMayMakeNoRolesIsToldWhatToAskFor() throws {
        let cluster = try PrivateCluster()
        defer { cluster.stop() }
        try cluster.psql("create role books_owner login")
        try cluster.psql("create database books owner books_owner template template0")
        let conninfo = cluster.conninfo("books") + " user=books_owner"
        func migrate() throws -> Finished {
            try Program().run(["migrate", "--database", conninfo])
        }
        let first = try migrate()
        #expect(first.status == 0, "\(first)")
        #expect(
            first.standardError == """
                sluice: there is no role sluice_reader, and books_owner may not create it; let \
                somebody who may say create role sluice_reader nologin, then run sluice migrate again
                sluice: there is no role sluice_auditor, and books_owner may not create it; let \
                somebody who may say create role sluice_auditor nologin, then run sluice migrate again

                """)
        try cluster.psql("create role sluice_reader nologin; create role sluice_auditor nologin")
        let second = try migrate()
        #expect(second.standardError == "")
        #expect(second.standardOutput == "The schema is up to date.\n")
        for (role, relation) in [
            ("sluice_reader", "marketplace.sales"), ("sluice_auditor", "sdds.billing_event"),
        ] {
            let count = try cluster.psql(
                "set role \(role); select count(*) from \(relation)", database: "books")
            #expect(count == "0")
        }
    }

    /// Nothing is written where nothing lacks: a migration by whoever runs it costs no lock.
    @Test func rightsThatAreThereAreNotGivenAgain() throws {
        let desk = try Desk()
        let rows = """
            select (select sum(xmin::text::bigint) from pg_class),
                (select sum(xmin::text::bigint) from pg_proc),
                (select sum(xmin::text::bigint) from pg_default_acl)
            """
        let before = try desk.database.psql(rows)
        #expect(try desk.run(["migrate"]).status == 0)
        #expect(try desk.database.psql(rows) == before)
    }
}
