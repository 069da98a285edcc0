import Foundation
import Support
import Testing

/// A database that somebody else replicates: FOR ALL TABLES, as logical replication and zero-ETL do.
@Suite struct PublicationTests {
    @Test func everyTableSaysWhatIsDeletedOrUpdated() throws {
        let desk = try Desk()
        let silent = try desk.database.psql(
            """
            select c.oid::regclass from pg_class c
            where c.relkind in ('r', 'p')
                and c.relnamespace::regnamespace::text in \(RightsTests.schemas)
                and not exists (
                    select from pg_index i where i.indrelid = c.oid and (
                        c.relreplident = 'd' and i.indisprimary
                        or c.relreplident = 'i' and i.indisreplident))
                and c.relreplident <> 'f'
            """)
        #expect(silent == "")
    }

    @Test func allWorkGoesOnWhileAllTablesArePublished() throws {
        let cluster = try PrivateCluster(settings: ["wal_level": "logical"])
        defer { cluster.stop() }
        let database = try ScratchDatabase(on: cluster)
        let exports = try ScratchDirectory()
        func run(_ arguments: String...) throws {
            let done = try Program().run(
                arguments + ["--database", database.conninfo], directory: exports.path)
            #expect(done.status == 0, "\(done)")
        }
        try run("migrate")
        try database.psql("create publication everything for all tables")
        try run("simulate", exports.path, "--days", "2", "--no-gzip")
        try run("backfill", exports.path)
        try run("simulate", exports.path, "--days", "4", "--no-gzip")
        try run("backfill", exports.path)
        // A product file without its last row, and one that was refused.
        let key = "ProductFeed_V1/year=2026/month=01/data.csv"
        let url = URL(fileURLWithPath: exports.path + "/" + key)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        for numbers in [[1, 2, 3], [1], [1, 3]] {
            let refused = "prod-9,Title,,2026-01-01T00:00:00Z\n"
            try Data((Desk.products(numbers) + refused).utf8).write(to: url)
            try run("backfill", exports.path)
        }
        #expect(
            try database.psql("select count(*) from ingest.vanished where decision is null") == "1")
        try run("keep", "--all")
        try Data((Desk.products([3]) + "prod-9,Title,,2026-01-01T00:00:00Z\n").utf8).write(to: url)
        try run("backfill", exports.path)
        try run("accept", "--all")
        try database.psql("alter table sdds.product alter valid_from drop not null")
        try run("rejects", "replay")
        try run("reload", "--feed", "sdds.product")
        try run("refresh")
        try run("refresh", "--full")
        #expect(try database.number("select count(*) from resolved.billing_line") > 0)
        #expect(try database.number("select count(*) from resolved.pending") == 0)
    }
}
