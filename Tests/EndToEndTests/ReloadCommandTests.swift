import Foundation
import Support
import Testing

/// `sluice reload`: files that are read again, after a feed got a table or a column.
@Suite struct ReloadCommandTests {
    private static let key = "ForecastFeed_V1/year=2026/month=09/data.csv"
    private static let forecasts = #"""
        forecast_id,amount,currency,Note,valid_from,update_date
        f1,"1,000.5",USD,"a, ""b""",2026-09-01T00:00:00Z,2026-09-01T00:00:00Z
        f2,2,EUR,,2026-09-01T00:00:00Z,2026-09-01T00:00:00Z

        """#

    /// The schema with the file that the operations page shows as an example.
    private static func extendedSchema() throws -> ScratchDirectory {
        let folder = try ScratchDirectory()
        try FileManager.default.removeItem(atPath: folder.path)
        try FileManager.default.copyItem(
            atPath: Program.packageRoot + "/Schema", toPath: folder.path)
        let page = try Manual("docs/operations.md").text
        let block = try #require(page.firstMatch(of: /(?s)   ```sql\n(.*?create table.*?)   ```/))
        try String(block.output.1).write(
            toFile: folder.path + "/sdds/forecast.sql", atomically: true, encoding: .utf8)
        return folder
    }

    @Test func feedThatGetsItsTableIsPromoted() throws {
        let desk = try Desk()
        try desk.deliver(Self.forecasts, to: Self.key)
        #expect(try desk.backfill().status == 0)
        let before = try desk.run(["status"])
        #expect(
            before.standardOutput.hasLine(
                "  ForecastFeed_V1: 1 files, 2 rows in sdds.unclassified"), "\(before)")
        let schema = try Self.extendedSchema()
        let options = ["--schema", schema.path]
        #expect(try desk.run(["migrate"] + options).standardOutput == "applied sdds/forecast.sql\n")
        let waiting = try desk.run(["status"] + options)
        #expect(
            waiting.standardOutput.hasLine(
                "  ForecastFeed_V1: 1 files, 2 rows in sdds.unclassified and not yet in "
                    + "sdds.forecast: sluice reload"), "\(waiting)")
        let plan = try desk.run(["reload", "--dry-run"] + options)
        #expect(
            plan.standardOutput == """
                1 files to read again
                  from               to             files
                  sdds.unclassified  sdds.forecast      1

                """)
        #expect(try desk.database.psql("select count(*) from sdds.unclassified") == "2")
        let done = try desk.run(["reload"] + options)
        #expect(done.status == 0, "\(done)")
        #expect(done.standardOutput.contains("2 rows read = 2 loaded + 0 rejected"))
        #expect(
            try desk.database.psql(
                "select forecast_id, amount, currency, remark, extra from sdds.forecast order by 1")
                == "f1|1000.5|USD|a, \"b\"|\nf2|2|EUR||")
        #expect(try desk.database.psql("select count(*) from sdds.unclassified") == "0")
        // It has no dates of its rows, and so no history; it holds up nobody else's.
        let refreshed = try desk.run(["refresh", "--full"] + options)
        #expect(refreshed.succeeded, "\(refreshed)")
        #expect(!(try desk.run(["status"] + options).standardOutput.contains("unclassified")))
        #expect(try desk.run(["reload"] + options).standardOutput == "nothing to read again\n")
    }

    @Test func keysThatSellersShareAreReadAgainForEach() throws {
        let desk = try Desk()
        for seller in ["acme", "bolt"] {
            #expect(try desk.run(["seller", "add", seller]).status == 0)
            try desk.deliver(
                "product_id,shade,valid_from,update_date\n"
                    + "prod-\(seller),red,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\n",
                to: "\(seller)/\(Desk.productKey(1))")
            let folder = "\(desk.exports.path)/\(seller)"
            #expect(try desk.run(["backfill", folder, "--seller", seller]).status == 0)
        }
        try desk.database.psql("alter table sdds.product add column shade text")
        let done = try desk.run(["reload", "--feed", "sdds.product"])
        #expect(done.status == 0, "\(done)")
        #expect(
            try desk.database.psql("select product_id, shade, extra from sdds.product order by 1")
                == "prod-acme|red|\nprod-bolt|red|")
    }

    @Test func fileIsReadFromItsBucket() throws {
        let remote = try RemoteDesk()
        try remote.put([
            (
                Desk.productKey(1),
                "product_id,shade,valid_from,update_date\n"
                    + "prod-1,red,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\n"
            )
        ])
        #expect(try remote.run(["backfill", remote.location]).status == 0)
        try remote.desk.database.psql("alter table sdds.product add column shade text")
        let name = "\(remote.location)/\(Desk.productKey(1))"
        let done = try remote.run(["reload", "--file", name, "--seller", "acme"])
        #expect(done.status == 0, "\(done)")
        #expect(
            try remote.desk.database.psql("select shade, extra from sdds.product") == "red|")
        #expect(
            try remote.desk.database.psql("select name from ingest.drift where kind ~ 'unknown'")
                == "")
    }

    @Test func fileOutsideTheSellersLocationsIsNotFetched() throws {
        let remote = try RemoteDesk()
        try remote.put([(Desk.productKey(1), Desk.products())])
        #expect(try remote.run(["backfill", remote.location]).status == 0)
        try remote.desk.database.psql("update ingest.seller set locations = '{other}'")
        let done = try remote.run(["reload", "--feed", "sdds.product"])
        #expect(done.status == 1)
        #expect(done.standardError.contains("is not in a location of the seller acme"))
        #expect(try remote.desk.products().count == 3)
    }

    @Test func fileThatIsGoneKeepsItsRows() throws {
        let desk = try Desk()
        for month in 1...2 { try desk.deliver(Desk.products([month]), to: Desk.productKey(month)) }
        #expect(try desk.backfill().status == 0)
        try FileManager.default.removeItem(atPath: desk.exports.path + "/" + Desk.productKey(1))
        let done = try desk.run(["reload", "--feed", "sdds.product"])
        #expect(done.status == 1)
        #expect(done.standardError.contains("there is no such file"))
        #expect(done.standardError.contains("1 of 2 files could not be read again, and stay"))
        #expect(try desk.products() == ["prod-1", "prod-2"])
    }

    @Test(arguments: [
        (["--feed", "sdds.products"], "there is no feed sdds.products"),
        (["--file", "nowhere.csv"], "there is no file nowhere.csv"),
        (["--seller", "nobody"], "there is no seller nobody"),
    ])
    func whatIsNotThereIsSaid(arguments: [String], complaint: String) throws {
        let done = try Desk().run(["reload"] + arguments)
        #expect(done.status == 78, "\(done)")
        #expect(done.standardError.contains(complaint))
    }
}
