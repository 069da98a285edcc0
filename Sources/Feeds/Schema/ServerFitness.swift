package import Postgres

/// Whether a server can hold what Sluice makes: one look for the worker, and all of it for
/// `migrate` and whoever examines a database.
package struct ServerFitness: Sendable {
    /// How the server calls itself.
    package let version: String
    /// What is not as it must be, each with what to do where there is something.
    package let lacks: [String]

    /// PostgreSQL versions below it lack `unique nulls not distinct` and others that Schema/ uses.
    private static let versionMin = 150_000

    /// Looks at version and encoding, which the server reports by itself.
    package init(of postgres: PostgresConnection) throws {
        version = postgres.reported("server_version") ?? "\(postgres.serverVersion)"
        lacks = Self.reportedLacks(of: postgres)
    }

    /// Tries everything out, in transactions that are rolled back.
    ///
    /// - Throws: `PostgresError` when the connection is lost.
    package init(examining postgres: PostgresConnection) throws {
        var lacks = Self.reportedLacks(of: postgres)
        version = try postgres.query("select version() as version").only().string("version")
        if !version.hasPrefix("PostgreSQL ") { lacks.append("it is not PostgreSQL") }
        for probe in Self.probes {
            if let reason = try Self.complaint(about: probe, postgres) {
                lacks.append("\(probe.name) (\(reason))")
            }
        }
        self.lacks = lacks
    }

    /// Why it will not do, in one sentence; `nil` where it will.
    package var complaint: String? {
        guard !lacks.isEmpty else { return nil }
        return "the database will not do, its server being \(version). What is wrong or missing: "
            + lacks.joined(separator: "; ")
    }

    private static func reportedLacks(of postgres: PostgresConnection) -> [String] {
        var lacks: [String] = []
        if postgres.serverVersion < versionMin {
            lacks.append("PostgreSQL \(versionMin / 10_000) or newer")
        }
        let encoding = postgres.reported("server_encoding") ?? "unknown"
        if encoding != "UTF8" {
            lacks.append(
                "its encoding is \(encoding), in which not every text of AWS's can be stored; make "
                    + "another: create database NAME encoding 'UTF8' template template0 (where "
                    + "that does not go with the server's locale, add: locale 'C.UTF-8')")
        }
        return lacks
    }

    private typealias Probe = (name: String, sql: String)

    /// What Schema/ and the loader use beyond tables and views, each by itself.
    private static let probes: [Probe] = [
        ("advisory locks", "select pg_try_advisory_xact_lock(0)"),
        ("temporary tables", "create temporary table probe (n integer) on commit drop"),
        (
            "COPY in binary format",
            "create temporary table probe (n integer); copy probe to stdout (format binary)"
        ),
        (
            "lock table",
            "create temporary table probe (n integer); lock table probe in row exclusive mode"
        ),
        ("jsonb", "select jsonb_path_query_first('{\"a\": 1}'::jsonb, '$.a')"),
        (
            "ranges and multiranges",
            "select range_agg(tstzrange(now(), null)), int8multirange(int8range(1, 2))"
        ),
        ("PL/pgSQL", "do language plpgsql $$ begin null; end $$"),
        (
            "functions that run with their owner's rights",
            """
            create function pg_temp.probe() returns integer language sql security definer
                set search_path = pg_catalog, pg_temp as 'select 1'
            """
        ),
        (
            "triggers with the statement's rows",
            """
            create temporary table probe (n integer);
            create function pg_temp.noted() returns trigger language plpgsql
                as $$ begin return null; end $$;
            create trigger noted after insert on probe referencing new table as added
                for each statement execute function pg_temp.noted()
            """
        ),
        (
            "unique keys in which nulls are equal",
            "create temporary table probe (n integer, unique nulls not distinct (n))"
        ),
        ("materialized CTEs", "with one as materialized (select 1) select * from one"),
        (
            "identity columns",
            "create temporary table probe (n bigint generated always as identity)"
        ),
        (
            "roles and their rights",
            "select has_schema_privilege(oid, 'pg_catalog', 'usage') from pg_roles limit 1"
        ),
    ]

    private static func complaint(
        about probe: Probe, _ postgres: PostgresConnection
    ) throws -> String? {
        try postgres.begin()
        defer { postgres.rollBack() }
        do {
            if probe.sql.contains("to stdout") {
                let statements = probe.sql.split(separator: ";").map(String.init)
                for statement in statements.dropLast() { try postgres.execute(statement) }
                try postgres.copyOut(statements.last ?? "") { _ in }
            } else {
                try postgres.execute(probe.sql)
            }
            return nil
        } catch let error as PostgresError where !error.isTransient {
            return error.message
        }
    }
}
