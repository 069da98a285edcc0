import Foundation
import Support
import Testing

/// The five seller reports: cell by cell what the oracle finds in the delivered files.
@Suite struct ReportTests {
    /// What differs between the reports in the database and those of the folder; "" for nothing.
    private func differences(
        _ desk: Desk, _ deliveries: String, seller: String = "default"
    ) throws -> String {
        let results = try ScratchDirectory()
        let folders = (oracle: results.path + "/oracle", sluice: results.path + "/sluice")
        try Oracle.evaluate(deliveries, into: folders.oracle)
        try FileManager.default.createDirectory(
            atPath: folders.sluice, withIntermediateDirectories: true)
        return try Oracle.reports.map { report in
            try desk.report(report, seller: seller).write(
                toFile: "\(folders.sluice)/\(report).csv", atomically: true, encoding: .utf8)
            return try Oracle.differences(
                report, "\(folders.oracle)/\(report).csv", "\(folders.sluice)/\(report).csv")
        }
        .joined()
    }

    private func expectAllLoaded(_ done: Finished, _ desk: Desk) throws {
        #expect(done.status == 0, "\(done)")
        #expect(try desk.database.psql("select count(*) from ingest.reject") == "0")
        #expect(try desk.run(["refresh"]).succeeded)
    }

    @Test(arguments: Oracle.reports)
    func aReportHasItsColumnsInTheirOrder(report: String) throws {
        let columns = try Oracle.columns(report)
        let found = try Desk().database.psql(
            """
            select attname from pg_attribute
            where attrelid = 'marketplace.\(report)_report'::regclass and attnum > 0
                and not attisdropped
            order by attnum
            """)
        // Others, such as seller_id, may stand beside them.
        let ours = found.split(separator: "\n").map(String.init).filter(columns.contains)
        #expect(ours == columns)
    }

    @Test(arguments: [
        (seed: 1, start: "2026-01-01", months: 2), (seed: 2, start: "2025-11-01", months: 2),
        (seed: 3, start: "2024-02-01", months: 2),
    ])
    func aSimulatedSeller(seed: Int, start: String, months: Int) throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        let made = try desk.run([
            "simulate", data, "--seed", "\(seed)", "--start", start, "--months", "\(months)",
        ])
        #expect(made.status == 0, "\(made)")
        try expectAllLoaded(desk.run(["backfill", data]), desk)
        let found = try differences(desk, data)
        #expect(found == "", "\(found)")
    }

    /// Nulls, corrections, deletions, revisions at the instant of a look-up, failed payouts.
    @Test(arguments: 1...4)
    func anAwkwardSeller(seed: Int) throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        try Oracle.output(["awkward", "\(seed)", data])
        try expectAllLoaded(desk.run(["backfill", data]), desk)
        let found = try differences(desk, data)
        #expect(found == "", "\(found)")
    }

    /// After every month of deliveries the reports are those of what was delivered until then.
    @Test(arguments: [11, 12])
    func monthByMonth(seed: Int) throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        try Oracle.output(["awkward", "\(seed)", data + "-to-come"])
        // Out of order too: what is older may come later.
        for month in ["year=2026/month=05", "year=2010/month=01", "year=2026/month=04"] {
            for feed in try FileManager.default.contentsOfDirectory(atPath: data + "-to-come") {
                let content = FileManager.default.contents(
                    atPath: "\(data)-to-come/\(feed)/\(month)/data.csv")
                try desk.deliver(#require(content), to: "data/\(feed)/\(month)/data.csv")
            }
            try expectAllLoaded(desk.run(["backfill", data]), desk)
            let found = try differences(desk, data)
            #expect(found == "", "\(month): \(found)")
        }
    }

    /// The feed of every day is loaded over the day before, as a worker would.
    @Test func dayByDay() throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        for days in [1, 9, 34, 35] {
            let made = try desk.run(["simulate", data, "--seed", "9", "--days", "\(days)"])
            #expect(made.status == 0, "\(made)")
            try expectAllLoaded(desk.run(["backfill", data]), desk)
            let found = try differences(desk, data)
            #expect(found == "", "day \(days): \(found)")
        }
    }

    /// Two sellers whose ids are the same: no row of one is looked up by the other.
    @Test func sellersHaveReportsOfTheirOwn() throws {
        let desk = try Desk()
        let sellers = [(name: "acme", seed: 21), (name: "bolt", seed: 22)]
        for seller in sellers {
            try Oracle.output(["awkward", "\(seller.seed)", "\(desk.exports.path)/\(seller.name)"])
            #expect(try desk.run(["seller", "add", seller.name]).status == 0)
            let folder = "\(desk.exports.path)/\(seller.name)"
            try expectAllLoaded(desk.run(["backfill", folder, "--seller", seller.name]), desk)
        }
        for seller in sellers {
            let found = try differences(
                desk, "\(desk.exports.path)/\(seller.name)", seller: seller.name)
            #expect(found == "", "\(seller.name): \(found)")
        }
    }
}

extension Desk {
    /// A report of a seller as CSV; `\N` is null.
    func report(_ name: String, seller: String) throws -> String {
        let columns = try Oracle.columns(name).joined(separator: ", ")
        return try database.psql(
            """
            copy (
                select \(columns) from marketplace.\(name)_report
                where seller_id = (select seller_id from ingest.seller where name = '\(seller)')
            ) to stdout with (format csv, header, null '\\N')
            """) + "\n"
    }
}
