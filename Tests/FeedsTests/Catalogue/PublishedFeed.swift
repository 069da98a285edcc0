import Foundation
import Support

/// A kind of file as AWS publishes it, from `Tests/Fixtures/feeds.json`.
struct PublishedFeed: Decodable, CustomStringConvertible {
    struct Column: Decodable {
        /// Title in the header of a file.
        let name: String
        let pg_column: String
        let pg_type: String
        let nullable: Bool
        let aliases: [String]?
    }

    let id: String
    let source: String
    let pg_table: String
    /// Object keys of its files, and of the metadata beside them.
    let keys: [String]
    let columns: [Column]

    /// Its table, as `ingest.feed` names it.
    var feed: String {
        let isUntyped = pg_table == "cas_generic_row"
        return source + "." + (isUntyped ? id : pg_table).dropFirst(source.count + 1)
    }

    var fileKeys: [String] { keys.filter { !$0.hasSuffix(".meta.json") } }

    /// A file of it with three rows, in which every column has a value where it can have one.
    var sample: String {
        get throws { try Self.sample(of: feed) }
    }

    var description: String { feed }

    static func sample(of feed: String) throws -> String {
        let data = try Data(contentsOf: folder.appending(path: "Feeds/\(feed).csv"))
        return String(decoding: data, as: UTF8.self)
    }

    /// Names of the feeds that there are samples of.
    static func samples() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path + "/Feeds")
            .map { $0.replacing(".csv", with: "") }.sorted()
    }

    static let all: [PublishedFeed] = {
        do {
            let data = try Data(contentsOf: folder.appending(path: "feeds.json"))
            return try JSONDecoder().decode([PublishedFeed].self, from: data)
        } catch {
            fatalError("Tests/Fixtures/feeds.json: \(error)")
        }
    }()

    private static let folder = URL(fileURLWithPath: Program.packageRoot + "/Tests/Fixtures")
}
