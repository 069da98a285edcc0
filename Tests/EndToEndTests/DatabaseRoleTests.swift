import Foundation
import Support
import Testing

/// The GRANTs of `docs/operations.md` are enough for the work, and no more than the page says.
struct DatabaseRoleTests {
    private let database: ScratchDatabase
    private let exports: ScratchDirectory
    private let key = "BillingEventFeed_V1/year=2010/month=01/data.csv"

    init() throws {
        database = try ScratchDatabase.create()
        exports = try ScratchDirectory()
        try run("migrate", as: nil)
        try database.psql("create role sluice_operator login")
        for block in try Manual("docs/operations.md").sqlBlocks where block.contains("grant ") {
            try database.psql(block.replacing("database books", with: "database \(database.name)"))
        }
        try database.psql(
            """
            grant usage on schema ingest, sdds, cas, event to sluice_operator;
            grant select on all tables in schema ingest, sdds, cas, event to sluice_operator;
            insert into ingest.seller (name) values ('default')
            """)
    }

    // One test: roles are the server's, and can be made once only.
    @Test func grantsOfThePageSufficeForTheWork() throws {
        try expectRights()
        try run("simulate", exports.path, "--days", "2", "--no-gzip", as: nil)
        try run("backfill", exports.path, "--seller", "default", as: "sluice_loader")
        // Longer files, another snapshot, then a rewritten one with a reject and a new column.
        try run("simulate", exports.path, "--days", "5", "--no-gzip", as: nil)
        try run("backfill", exports.path, "--seller", "default", as: "sluice_loader")
        try rewriteBillingEvents()
        try shortenSnapshot()
        try run("backfill", exports.path, "--seller", "default", as: "sluice_loader")
        let rejects = try database.psql("select count(*) from ingest.reject")
        #expect(rejects == "1")
        #expect(try database.psql("select count(*) from ingest.vanished") == "2")
        #expect(
            try database.psql("select name from ingest.drift where kind like 'unknown%'") == "News")
        let outcomes = try database.psql("select distinct outcome from ingest.load order by 1")
        #expect(outcomes == "extended\nloaded\nreplaced\nrewritten\nunchanged")
        try run("status", "--no-queues", as: "sluice_loader")
        #expect(try database.number("select count(*) from resolved.pending") == 0)
        try run("rejects", as: "sluice_loader")
        try database.psql("alter table sdds.billing_event alter valid_from drop not null")
        try run("rejects", "replay", as: "sluice_loader")
        #expect(try database.psql("select state from ingest.reject") == "replayed")
        try run("rejects", "dismiss", "--all", "--note", "no reason", as: "sluice_operator")
        try run("rejects", "budget", "sdds.account", "--count", "3", as: "sluice_operator")
        try run("rejects", "budget", "sdds.account", "--none", as: "sluice_operator")
        try expectNoTrick()
        try run("entitlements", "list", as: "sluice_loader")
        try run("acknowledge", as: "sluice_operator")
        try run("seller", "add", "acme", "--location", "acme-sdds", as: "sluice_operator")
        try run("accept", "--all", as: "sluice_operator")
        #expect(try database.number("select count(*) from resolved.pending") == 0)
        try run("refresh", "--full", as: "sluice_loader")
        try database.psql(
            "create role sluice_reloader login in role sluice_loader, sluice_operator")
        try run("reload", "--feed", "sdds.billing_event", as: "sluice_reloader")
        try loadOtherKinds()
    }

    /// An unknown feed that gets a table, and operations of which one erases the others.
    private func loadOtherKinds() throws {
        let keys = [
            "sdds.unclassified": "ForecastFeed_V1/year=2026/month=09/data.csv",
            "cas.customer_support_contacts_data":
                "customer_support_contacts_data_2022-01-18T00-00-00Z.csv",
        ]
        for (feed, key) in keys {
            let text = try String(
                contentsOfFile: Program.packageRoot + "/Tests/Fixtures/Feeds/\(feed).csv",
                encoding: .utf8)
            let url = URL(fileURLWithPath: exports.path + "/" + key)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        try run("backfill", exports.path, "--seller", "default", as: "sluice_loader")
        try database.psql(
            """
            update ingest.feed set is_fallback = false, key_pattern = '^$'
            where feed = 'sdds.unclassified';
            update ingest.feed set key_pattern = '^Forecast' where feed = 'sdds.offer';
            alter table sdds.offer alter offer_id drop not null, alter offer_revision drop not null
            """)
        let key = "ForecastFeed_V1/year=2026/month=09/data.csv"
        try run("reload", "--file", key, as: "sluice_loader")
        #expect(
            try database.psql("select count(*) from sdds.offer where extra ? 'forecast_id'") == "3")
        #expect(try database.psql("select count(*) from sdds.unclassified") == "0")
    }

    /// Privileges, each with whether it is given; those that only a queue asks for among them.
    private static let rights = [
        (role: "sluice_loader", table: "sdds.billing_event", right: "delete", isGiven: false),
        ("sluice_loader", "sdds.billing_event", "update", false),
        ("sluice_loader", "ingest.seller", "update", false),
        ("sluice_loader", "ingest.feed", "update", false),
        ("sluice_loader", "ingest.definition", "insert", false),
        ("sluice_loader", "ingest.message", "insert", true),
        ("sluice_loader", "ingest.message", "update", true),
        ("sluice_loader", "event.agreement", "insert", true),
        ("sluice_loader", "event.agreement", "update", false),
        ("sluice_loader", "event.kind", "update", false),
        ("sluice_loader", "event.entitlement", "insert", true),
        ("sluice_loader", "event.entitlement", "update", true),
        ("sluice_loader", "event.entitlement", "delete", false),
        ("sluice_loader", "event.entitlement_sync", "update", true),
        ("sluice_operator", "event.disbursement_paused", "update", true),
        ("sluice_operator", "ingest.message", "update", true),
        ("sluice_loader", "ingest.sweep", "insert", true),
        ("sluice_loader", "ingest.sweep", "update", true),
        ("sluice_operator", "sdds.billing_event", "insert", false),
    ]

    private func expectRights() throws {
        for (role, isGiven) in ["sluice_loader": "t", "sluice_operator": "t", "public": "f"] {
            let refresh = "marketplace.refresh(boolean)"
            #expect(
                try database.psql(
                    "select has_function_privilege('\(role)', '\(refresh)', 'execute')")
                    == isGiven)
        }
        for (role, table, right, isGiven) in Self.rights {
            let answer = try database.psql(
                "select has_table_privilege('\(role)', '\(table)', '\(right)')")
            #expect(answer == (isGiven ? "t" : "f"), "\(role): \(right) on \(table)")
        }
    }

    /// What a caller of marketplace.refresh has made is not run with its owner's rights.
    private func expectNoTrick() throws {
        try database.psql(
            """
            insert into resolved.pending (seller_id, feed, version_id, lines, is_removed)
            select f.seller_id, f.feed, v.version_id, '{[1,)}', false
            from ingest.version v join ingest.file f using (file_id)
            where f.feed = 'sdds.billing_event'
            """)
        let tables = [
            "taken", "arrived", "lost", "touched_line", "line_once", "touched_context",
            "new_context", "context_key", "context_range", "context_was", "looked_up",
            "touched_usage", "usage_once", "usage_line",
        ].map { "resolved_\($0)" }
        let caught = try database.psql(
            """
            set session authorization sluice_loader;
            create temp table caught (who text);
            create function pg_temp.catch() returns boolean language plpgsql as $$
                begin insert into pg_temp.caught values (current_user); return true; end $$;
            create function pg_temp.trap() returns trigger language plpgsql as $$
                begin insert into pg_temp.caught values (current_user); return new; end $$;
            create temp view pg_class as
                select c.* from pg_catalog.pg_class c where pg_temp.catch();
            create temp view pg_trigger as
                select t.* from pg_catalog.pg_trigger t where pg_temp.catch();
            \(tables.map { """
                create temp table \($0) (seller_id integer, line_key text);
                create trigger trap before insert or delete on \($0)
                    for each statement execute function pg_temp.trap();
                """ }.joined(separator: "\n"))
            select count(*) >= 0 from marketplace.refresh(true);
            select count(*) from pg_temp.caught;
            """)
        #expect(caught == "t\n0")
        #expect(try database.number("select count(*) from resolved.pending") == 0)
    }

    /// Drops a row, spoils another, and adds a column.
    private func rewriteBillingEvents() throws {
        let path = exports.path + "/" + key
        let text = try String(contentsOfFile: path, encoding: .utf8)
        var lines = text.replacing("\r\n", with: "\n").components(separatedBy: "\n").filter {
            !$0.isEmpty
        }.map { $0 + "," }
        lines[0] += "News"
        let titles = lines[0].lowercased().replacing("\"", with: "").components(separatedBy: ",")
        let validFrom = try #require(titles.firstIndex(of: "valid_from"))
        // A row whose fields hold no comma.
        let spoilt = try #require(
            lines.indices.dropFirst().first {
                lines[$0].components(separatedBy: ",").count == titles.count
            })
        var fields = lines[spoilt].components(separatedBy: ",")
        fields[validFrom] = ""
        lines[spoilt] = fields.joined(separator: ",")
        lines.remove(at: spoilt + 1)
        try (lines.joined(separator: "\n") + "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Drops the last row of a data set.
    private func shortenSnapshot() throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: exports.path)
        let name = try #require(
            names.first { $0.hasSuffix(".csv") && $0.contains("daily_business_usage") })
        let path = exports.path + "/" + name
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.components(separatedBy: "\n").filter { !$0.isEmpty }
        try #require(lines.count > 2)
        try (lines.dropLast().joined(separator: "\n") + "\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
    }

    private func run(_ arguments: String..., as role: String?) throws {
        let conninfo = database.conninfo + (role.map { " user=\($0)" } ?? "")
        let finished = try Program().run(arguments + ["--database", conninfo])
        try #require(finished.succeeded, "\(finished)")
    }
}
