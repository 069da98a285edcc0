import Foundation
import Simulator
import Testing

/// The files have the columns that AWS has published.
@Suite struct PublishedColumnsTests {
    private struct Kind: Decodable {
        struct Column: Decodable {
            var name: String
        }

        var id: String
        var columns: [Column]

        /// Schema and table.
        var feed: String {
            let parts = id.split(separator: "_", maxSplits: 1)
            return "\(parts[0]).\(parts[1])"
        }
    }

    private static let kinds = Result {
        let url = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/feeds.json")
        return try JSONDecoder().decode([Kind].self, from: Data(contentsOf: url))
    }

    @Test func everyKindOfFileIsSimulated() throws {
        let names = try Self.kinds.get().map(\.feed)
        #expect(Set(names) == Set(Simulation.feedNames))
        #expect(Simulation.feedNames.count == 42)
    }

    @Test func everyFileHasThePublishedHeader() throws {
        let kinds = try Self.kinds.get()
        let columns = Dictionary(uniqueKeysWithValues: kinds.map { ($0.feed, $0.columns) })
        // From a month's 1st to the 25th of the next every data set is published.
        let simulation = Simulation(
            SimulationParameters(months: 2, days: 56, scale: 0, gzip: false))
        var seen: Set<String> = []
        for file in simulation.files(asOf: simulation.lastDay) where !file.isMetadata {
            seen.insert(file.feed)
            let text = String(decoding: try file.plain, as: UTF8.self)
            let header = text.prefix { $0 != "\n" }
            let published = (columns[file.feed] ?? []).map(\.name).joined(separator: ",")
            // Four data sets ended without their columns having been published.
            guard !published.isEmpty else { continue }
            #expect(header == published, "\(file.key)")
        }
        #expect(seen == Set(Simulation.feedNames))
    }
}
