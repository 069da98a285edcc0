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

    // 57 days: long enough for every data set, and for contacts to be deleted.
    @Test func aLoadFindsExactlyTheTruth() throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        let options = ["--months", "2", "--days", "57", "--seed", "3"]
        #expect(try desk.run(["simulate", data] + options).status == 0)
        let done = try desk.run(["backfill", data], limitSeconds: 400)
        #expect(done.status == 0, "\(done)")
        let truth = try JSONDecoder().decode(
            Truth.self, from: Data(contentsOf: URL(fileURLWithPath: data + "/truth.json")))
        #expect(Set(truth.feeds.map(\.name)) == Set(Simulation.feedNames))
        let names = truth.feeds.map { "select '\($0.name)', count(*) from \($0.name)" }
        let counts = try desk.database.psql(names.joined(separator: " union all ") + " order by 1")
        let expected = truth.feeds.map { "\($0.name)|\($0.stored)" }.sorted()
        #expect(counts.split(separator: "\n").map(String.init).sorted() == expected)
        try expectTotals(of: truth, on: desk.database)
        #expect(try desk.database.psql("select count(*) from ingest.reject") == "0")
        // Four data sets have no published columns, so all that they have is more than expected.
        let drift = try desk.database.psql(
            """
            select distinct feed from ingest.drift
            where feed not in (
                'cas.disbursed_amount_by_product_with_uncollected_funds',
                'cas.customer_profile_by_industry', 'cas.customer_profile_by_revenue',
                'cas.customer_profile_by_geography')
            """)
        #expect(drift == "")
    }

    /// Compares the ledger, whose currencies are those of the rows, with the truth.
    private func expectTotals(of truth: Truth, on database: ScratchDatabase) throws {
        let totals = try database.psql(
            """
            select feed, column_name, currency, sum(amount)
            from ingest.load_total join ingest.load using (load_id) join ingest.file using (file_id)
            group by 1, 2, 3
            """)
        var found: [String: Decimal] = [:]
        for line in totals.split(separator: "\n") {
            let parts = line.split(separator: "|", omittingEmptySubsequences: false)
            found[parts[0...2].joined(separator: "|")] = Decimal(string: String(parts[3]))
        }
        for feed in truth.feeds {
            for (title, sums) in feed.totals {
                // The truth has a CAS column's title.
                let column = title.lowercased()
                    .replacing(/[^a-z0-9]+/, with: "_").trimmingCharacters(in: ["_"])
                for (currency, sum) in sums {
                    let key = "\(feed.name)|\(column)|\(currency)"
                    #expect(found[key] ?? 0 == Decimal(string: sum), "\(key)")
                }
            }
        }
    }
}
