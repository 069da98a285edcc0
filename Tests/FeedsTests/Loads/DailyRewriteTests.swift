import Feeds
import Postgres
import Simulator
import Testing

/// AWS writes a month's file anew every day, with the day's rows at its end.
@Suite struct DailyRewriteTests {
    private static let feed = "sdds.daily_usage"

    private static let simulation = Simulation(
        SimulationParameters(
            seed: 7, start: SimulatedDay(2026, 1, 1), months: 1, days: 31, scale: 0, gzip: false))

    @Test(
        "thirty versions of a month are thirty loads, and each writes its own day's rows only",
        arguments: [false, true])
    func thirtyVersionsAreThirtyLoads(isCompressed: Bool) throws {
        let bench = try LoadBench()
        bench.limits.batchRows = 5
        bench.store.chunkBytes = 1_000
        let versions = try Self.versions()
        try #require(versions.count >= 30, "the simulated seller has something on most days")
        var rowsBefore = 0
        var days: [[UInt8]] = []
        var written: [String] = []
        for version in versions {
            days.append(Array(version.bytes.dropFirst(days.reduce(0) { $0 + $1.count })))
            let outcome = try bench.deliver(
                isCompressed ? gzip(days) : version.bytes, as: version.key)
            #expect(outcome.kind == (days.count == 1 ? .loaded : .extended), "\(version.day)")
            #expect(outcome.rowsRead == version.rows - rowsBefore, "\(version.day)")
            #expect(outcome.rowsRejected == 0)
            written.append("\(version.rows - rowsBefore)")
            rowsBefore = version.rows
        }
        let ledger = try bench.postgres.query(
            """
            select l.rows_loaded::text as ledger,
                (select count(*)::text from \(Self.feed) t
                 where t.seller_id = $1 and t.version_id = l.version_id) as in_table
            from ingest.load l join ingest.file f using (file_id)
            where f.seller_id = $1 order by load_id
            """, [.int(Int64(bench.sellerID))])
        #expect(try ledger.map { try $0.string("ledger") } == written)
        #expect(try ledger.map { try $0.string("in_table") } == written)
        #expect(bench.store.reads == versions.count)
        try bench.expectClean()
    }

    @Test func everythingThatASellerGetsInAMonthIsLoadedDayByDay() throws {
        let bench = try LoadBench()
        var parameters = SimulationParameters(
            seed: 3, start: SimulatedDay(2026, 1, 20), months: 1, days: 16, scale: 0)
        parameters.feeds = SimulationParameters.essentialFeeds
        let simulation = Simulation(parameters)
        for day in simulation.days {
            for file in simulation.changed(on: day) where !file.isMetadata {
                try bench.deliver(file.bytes, as: file.key)
            }
        }
        try bench.expectClean()
        let truth = simulation.truth(asOf: simulation.days[simulation.days.count - 1])
        for feed in truth.feeds {
            let rows = try bench.text(
                "select count(*)::text as text from \(feed.name) where seller_id = $1")
            #expect(rows == "\(feed.rows)", "\(feed.name)")
        }
    }

    private struct Version {
        let key: String
        let day: String
        let bytes: [UInt8]
        let rows: Int
    }

    /// Every version of January's file.
    private static func versions() throws -> [Version] {
        try simulation.days.flatMap { day in
            try simulation.changed(on: day)
                .filter { $0.feed == feed && $0.key.contains("year=2026/month=01") }
                .map { file in
                    var bytes: [UInt8] = []
                    let rows = try file.write { span in
                        span.withUnsafeBytes { bytes.append(contentsOf: $0) }
                    }
                    return Version(
                        key: file.key, day: day.description, bytes: bytes, rows: rows)
                }
        }
    }
}

extension SimulatedFile {
    /// The content as it lies in the bucket.
    fileprivate var bytes: [UInt8] {
        get throws {
            var bytes: [UInt8] = []
            try write { span in span.withUnsafeBytes { bytes.append(contentsOf: $0) } }
            return bytes
        }
    }
}
