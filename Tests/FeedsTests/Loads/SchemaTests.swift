import Feeds
import Foundation
import Postgres
import Support
import Testing

/// The database that the SQL of `Schema/` makes.
@Suite struct SchemaTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench() }

    private func texts(_ sql: String) throws -> [String] {
        try bench.postgres.query(sql).map { try $0.string("text") }
    }

    // MARK: Applying it

    @Test func applyingItTwiceChangesNothing() throws {
        let database = try ScratchDatabase.create()
        let postgres = try PostgresConnection(database.conninfo)
        let folder = try SchemaFolder(path: Program.packageRoot + "/Schema")
        #expect(try folder.pending(on: postgres) == folder.definitions.map(\.path))
        #expect(try folder.apply(on: postgres) == folder.definitions.map(\.path))
        #expect(try folder.pending(on: postgres) == [])
        #expect(try folder.apply(on: postgres) == [])
    }

    /// Every file is as if it were new: none needs an empty database.
    @Test func definitionsCanBeAppliedAgain() throws {
        let database = try ScratchDatabase.create(from: LoadBench.schema)
        let bench = try LoadBench(on: database)
        try bench.deliver(Delivery.month(1...3))
        let before = try Self.shape(of: database)
        try database.psql("update ingest.definition set sha256 = 'another'")
        let folder = try SchemaFolder(path: Program.packageRoot + "/Schema")
        #expect(try folder.apply(on: bench.postgres) == folder.definitions.map(\.path))
        #expect(try Self.shape(of: database) == before)
        try bench.expectClean()
    }

    /// Rejects of a time when there was no cause, and versions without a header.
    @Test func rejectsOfAnOlderDatabaseGetTheirCauseAndWait() throws {
        let bench = try LoadBench(on: ScratchDatabase.create(from: LoadBench.schema))
        let rows = [Delivery.event("x", "\"a\"\" b\""), "x", Delivery.event("")]
        try bench.deliver(Delivery.header + rows.joined(separator: "\n"))
        let before = try bench.tables()
        try bench.postgres.execute(
            """
            alter table ingest.reject drop column cause, drop column state,
                drop column settled_at, drop column settled_by, drop column note;
            alter table ingest.version drop column header;
            drop table ingest.reject_budget;
            update ingest.definition set sha256 = 'another'
            """)
        let folder = try SchemaFolder(path: Program.packageRoot + "/Schema")
        _ = try folder.apply(on: bench.postgres)
        #expect(try bench.tables() == before)
        #expect(try bench.states() == ["waiting", "waiting", "waiting"])
        #expect(try bench.replay().failures.count == 1)
    }

    @Test func datedChangeIsAppliedOnceBeforeTheDefinitions() throws {
        let folder = try Self.copy()
        let database = try ScratchDatabase.create(from: LoadBench.schema)
        let postgres = try PostgresConnection(database.conninfo)
        let change = """
            alter table sdds.product rename column title to name;
            create table if not exists ingest.runs (at timestamptz);
            insert into ingest.runs values (now());
            """
        try Self.write(change, to: "changes/2026-03-01-name.sql", in: folder)
        try Self.edit("sdds/product.sql", in: folder) {
            $0.replacing("    title                   text", with: "    name text").replacing(
                ".title is", with: ".name is")
        }
        let schema = try SchemaFolder(path: folder.path)
        let pending = ["changes/2026-03-01-name.sql", "sdds/product.sql"]
        #expect(try schema.pending(on: postgres) == pending)
        #expect(try schema.apply(on: postgres) == pending)
        #expect(try schema.apply(on: postgres) == [])
        #expect(try database.psql("select count(*) from ingest.runs") == "1")
        let recorded = try database.psql(
            "select length(sha256) from ingest.definition where path = 'changes/2026-03-01-name.sql'"
        )
        #expect(recorded == "64")
        // A comment that is mended later does not make it run again.
        try Self.edit("changes/2026-03-01-name.sql", in: folder) { "-- Why.\n" + $0 }
        #expect(try SchemaFolder(path: folder.path).apply(on: postgres) == [])
        #expect(try database.psql("select count(*) from ingest.runs") == "1")
    }

    @Test func newDatabaseIsMadeAsItShouldBeWithoutTheChangesThatLedThere() throws {
        let folder = try Self.copy()
        try Self.write("select 1 / 0", to: "changes/2026-03-01-gone.sql", in: folder)
        let database = try ScratchDatabase.create()
        let postgres = try PostgresConnection(database.conninfo)
        let schema = try SchemaFolder(path: folder.path)
        #expect(try schema.apply(on: postgres) == schema.definitions.map(\.path))
        #expect(try schema.pending(on: postgres) == [])
    }

    @Test func whatFailsIsNamedAndLeavesNothing() throws {
        let folder = try Self.copy()
        try Self.edit("sdds/product.sql", in: folder) { $0 + "\nselect 1 / 0;\n" }
        let database = try ScratchDatabase.create()
        let postgres = try PostgresConnection(database.conninfo)
        #expect { try SchemaFolder(path: folder.path).apply(on: postgres) } throws: { error in
            "\(error)".hasPrefix("Schema/sdds/product.sql: division by zero (SQLSTATE 22012)")
        }
        #expect(
            try database.psql("select count(*) from pg_namespace where nspname = 'ingest'") == "0")
    }

    @Test func filesThatNeedEachOtherAreReported() throws {
        let folder = try Self.copy()
        try Self.write("-- after: b\nselect 1;\n", to: "sdds/a.sql", in: folder)
        try Self.write("-- after: a\nselect 1;\n", to: "sdds/b.sql", in: folder)
        #expect { try SchemaFolder(path: folder.path) } throws: { error in
            "\(error)" == "Schema: these files need each other in a circle: sdds/a.sql, sdds/b.sql"
        }
    }

    @Test func folderThatIsNotThereIsSaid() throws {
        #expect { try SchemaFolder(path: "/nonexistent") } throws: { error in
            "\(error)".hasSuffix("Name the Schema folder with --schema or SLUICE_SCHEMA")
        }
    }

    // MARK: What it is

    @Test func everythingHasAComment() throws {
        let bare = try texts(
            """
            select c.oid::regclass::text || coalesce('.' || a.attname, '') as text
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            left join pg_attribute a
                on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relkind in ('r', 'p', 'v', 'm')
                and n.nspname not in ('pg_catalog', 'information_schema', 'public')
                and n.nspname not like 'pg_t%'
                and (coalesce(obj_description(c.oid, 'pg_class'), '') = ''
                     or coalesce(col_description(c.oid, a.attnum), '') = '')
            union all
            select p.oid::regprocedure::text from pg_proc p
            join pg_namespace n on n.oid = p.pronamespace
            where n.nspname not in ('pg_catalog', 'information_schema', 'public')
                and n.nspname not like 'pg_t%'
                and coalesce(obj_description(p.oid, 'pg_proc'), '') = ''
            union all
            select 'schema ' || nspname from pg_namespace n
            where nspname not in ('pg_catalog', 'information_schema', 'public')
                and nspname not like 'pg_t%'
                and coalesce(obj_description(n.oid, 'pg_namespace'), '') = ''
            order by 1
            """)
        #expect(bare == [])
    }

    @Test func everyFeedHasItsTableAndEveryTableItsFeed() throws {
        let without = try texts(
            """
            select coalesce(f.feed, t.table_schema || '.' || t.table_name) as text
            from ingest.feed f full join (
                select table_schema, table_name from information_schema.tables
                where table_schema in ('sdds', 'cas') and table_type = 'BASE TABLE'
            ) t using (table_schema, table_name)
            where f.feed is null or t.table_name is null
            """)
        #expect(without == [])
    }

    @Test func everyFeedTableIsFramedAlike() throws {
        for feed in try bench.feeds() {
            let columns = try bench.postgres.columns(of: feed).columns
            #expect(
                columns.prefix(3).map(\.name) == ["seller_id", "version_id", "line"], "\(feed)")
            #expect(
                columns.prefix(3).map(\.typeName) == ["integer", "bigint", "bigint"], "\(feed)")
            #expect(columns.last?.name == "extra" && columns.last?.typeName == "jsonb", "\(feed)")
            #expect(columns.allSatisfy { $0.type != nil }, "every column of \(feed) can be loaded")
            let key = try texts(
                """
                select pg_get_constraintdef(oid) as text from pg_constraint
                where conrelid = '\(feed)'::regclass and contype in ('p', 'u', 'f', 'x')
                """)
            #expect(key == ["PRIMARY KEY (seller_id, version_id, line)"], "\(feed)")
        }
    }

    @Test func keysTotalsAndAliasesNameColumnsThatThereAre() throws {
        let wrong = try texts(
            """
            select n.feed || ' ' || n.name as text
            from (
                select feed, unnest(business_key) as name from ingest.feed
                union all select feed, split_part(unnest(totals), '/', 1) from ingest.feed
                union all select feed, split_part(unnest(totals), '/', 2) from ingest.feed
                union all select feed, column_name from ingest.alias
            ) n
            where n.name <> '' and not exists (
                select from pg_attribute a
                where a.attrelid = n.feed::regclass and a.attname = n.name and a.attnum > 0)
            """)
        #expect(wrong == [])
    }

    // MARK: Keys

    @Test(
        "a key of no feed is nobody's",
        arguments: [
            "", "data.csv", "BillingEventFeed_V1/data.csv",
            "BillingEventFeed_V1/year=2026/month=03/data.csv.bak",
            "BillingEventFeed_V1/year=2026/month=03/data.csv/more",
            "BillingEventFeed_V1/year=2026/month=3/data.csv",
            "year=2026/month=03/data.csv",
            "daily_business_usage_by_instance_type_2026-03-01.meta.json",
            "daily_business_usage_by_instance_type.csv",
            "not_daily_business_usage_by_instance_type_2026-03-01.csv",
            "disbursed_amount_by_product_with_uncollected_funds_2026-03-01.csv_old",
        ])
    func keyOfNoFeed(key: String) throws {
        #expect(try Feed.of(key: key, on: bench.postgres) == nil)
    }

    @Test func keyThatTwoFeedsClaimIsSaid() throws {
        let database = try ScratchDatabase.create(from: LoadBench.schema)
        try database.psql("update ingest.feed set key_pattern = '.' where feed = 'sdds.product'")
        let postgres = try PostgresConnection(database.conninfo)
        #expect { try Feed.of(key: Delivery.key, on: postgres) } throws: { error in
            "\(error)".contains("make ingest.feed.key_pattern of one of them stricter")
        }
    }

    @Test(
        "a key tells the days of its deliveries",
        arguments: [
            ("BillingEventFeed_V1/year=2026/month=03/data.csv", "[2026-03-01,2026-04-01)"),
            ("p/BillingEventFeed_V1/year=2025/month=12/data.csv.gz", "[2025-12-01,2026-01-01)"),
            ("BillingEventFeed_V1/year=2024/month=02/data.csv", "[2024-02-01,2024-03-01)"),
            ("BillingEventFeed_V1/year=2010/month=01/data.csv", "[2010-01-01,2020-05-01)"),
            ("BillingEventFeed_V1/year=2010/month=02/data.csv", "[2010-02-01,2010-03-01)"),
            ("daily_business_fees_2026-03-01.csv", "[2026-03-01,2026-03-02)"),
            ("daily_business_fees_2024-02-29.csv.gz", "[2024-02-29,2024-03-01)"),
            ("a/daily_business_fees_2026-12-31.csv", "[2026-12-31,2027-01-01)"),
            ("BillingEventFeed_V1/year=2026/month=13/data.csv", "-"),
            ("BillingEventFeed_V1/year=2026/month=00/data.csv", "-"),
            ("BillingEventFeed_V1/year=0000/month=01/data.csv", "-"),
            ("daily_business_fees_2026-02-29.csv", "-"),
            ("daily_business_fees_2026-02-30.csv", "-"),
            ("daily_business_fees_2026-04-31.csv", "-"),
            ("daily_business_fees_2026-13-01.csv", "-"),
            ("daily_business_fees_0000-01-01.csv", "-"),
            ("daily_business_fees.csv", "-"),
            ("", "-"),
        ])
    func period(of key: String, is days: String) throws {
        let found = try bench.postgres.query(
            "select coalesce(ingest.key_period($1)::text, '-') as text", [.text(key)])
        #expect(try found.only().string("text") == days)
    }

    /// A plan asks about every key that a listing returns.
    @Test func keyWithAnImpossibleDateDoesNotStopTheOthers() throws {
        for key in ["x_2026-02-30.csv", "notes/year=0000/month=01/a'b\"c\\d.txt"] {
            try bench.put("anything", as: key)
        }
        try bench.put(Delivery.month(1...3))
        var selection = Plan.Selection()
        selection.since = "2026-03-31"
        let seller = Seller(
            id: bench.sellerID, name: "bench", locations: [Location(bucket: bench.bucket)])
        let plan = try Plan(
            Location(bucket: bench.bucket), of: seller, selection: selection, in: bench.store,
            on: bench.postgres)
        #expect(plan.listed == 3)
        #expect(plan.unknownCount == 2)
        #expect(plan.entries.map(\.file.key) == [Delivery.key])
    }

    // MARK: Helpers

    /// Everything that the catalogue says of our schemas.
    private static func shape(of database: ScratchDatabase) throws -> String {
        try database.psql(
            """
            select c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                col_description(c.oid, a.attnum)
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
            where c.relnamespace in
                (select oid from pg_namespace where nspname in ('ingest', 'sdds', 'cas'))
            order by 1, a.attnum;
            select conrelid::regclass, conname, pg_get_constraintdef(oid) from pg_constraint
            order by 1, 2;
            select f from ingest.feed f order by feed;
            """)
    }

    private static func copy() throws -> ScratchDirectory {
        let folder = try ScratchDirectory()
        let manager = FileManager.default
        let source = Program.packageRoot + "/Schema"
        for name in try manager.contentsOfDirectory(atPath: source) {
            try manager.copyItem(atPath: "\(source)/\(name)", toPath: "\(folder.path)/\(name)")
        }
        return folder
    }

    private static func write(_ sql: String, to path: String, in folder: ScratchDirectory) throws {
        let url = URL(fileURLWithPath: "\(folder.path)/\(path)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(sql.utf8).write(to: url)
    }

    private static func edit(
        _ path: String, in folder: ScratchDirectory, _ change: (String) -> String
    ) throws {
        let sql = try String(contentsOfFile: "\(folder.path)/\(path)", encoding: .utf8)
        #expect(change(sql) != sql)
        try write(change(sql), to: path, in: folder)
    }
}
