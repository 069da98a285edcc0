import Foundation
import Simulator
import Support
import Testing

/// `sluice simulate`, and that what it writes is what a load finds.
@Suite struct SimulateTests {
    private func hashes(_ folder: String) throws -> String {
        try Command(
            "sh", ["-c", "find . -type f | LC_ALL=C sort | xargs sha256sum"], directory: folder
        ).output()
    }

    @Test func theSameOptionsGiveTheSameBytesAndAnotherSeedOthers() throws {
        let folder = try ScratchDirectory()
        var results: [String] = []
        for (name, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
            let done = try Program().run(
                ["simulate", "./\(name)", "--seed", seed, "--days", "2"], directory: folder.path)
            #expect(done.status == 0, "\(done)")
            let line = #/\d+ files, \d+\.\d kB, in \.\/[abc]\n/#
            #expect(done.standardOutput.wholeMatch(of: line) != nil, "\(done)")
            results.append(try hashes("\(folder.path)/\(name)"))
        }
        #expect(results[0] == results[1])
        #expect(results[0] != results[2])
    }

    @Test func aLoadFindsExactlyTheTruth() throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        let feeds = SimulationParameters.essentialFeeds.flatMap { ["--feed", $0] }
        #expect(try desk.run(["simulate", data, "--days", "3", "--seed", "3"] + feeds).status == 0)
        let done = try desk.run(["backfill", data])
        #expect(done.status == 0, "\(done)")
        let truth = try JSONDecoder().decode(
            Truth.self, from: Data(contentsOf: URL(fileURLWithPath: data + "/truth.json")))
        #expect(truth.feeds.count == 7)
        for feed in truth.feeds {
            let rows = try desk.database.psql("select count(*) from \(feed.name)")
            #expect(rows == "\(feed.rows)", "\(feed.name)")
            for (column, sums) in feed.totals {
                // The truth has a CAS column's title.
                let name = column.lowercased().replacing(" ", with: "_")
                for (currency, sum) in sums {
                    // Of the ledger, whose currencies are those of the rows.
                    let total = try desk.database.psql(
                        """
                        select coalesce(sum(amount), 0) = \(sum) from ingest.load_total
                        join ingest.load using (load_id) join ingest.file using (file_id)
                        where feed = '\(feed.name)' and column_name = '\(name)'
                            and currency = '\(currency)'
                        """)
                    #expect(total == "t", "\(feed.name) \(column) \(currency)")
                }
            }
        }
    }
}
