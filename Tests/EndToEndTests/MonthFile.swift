import Foundation

/// A month of a feed that is still to come, and what of it was delivered.
struct MonthFile {
    /// The key below the seller's folder.
    let key: String
    let feed: String
    let header: String
    /// All records that it will ever have, in the order in which they come.
    private(set) var pool: [String]
    /// How many of the pool have come.
    private(set) var come = 0
    /// What the newest version holds.
    private(set) var records: [String] = []
    /// What an older version held and the newest does not, with what is decided.
    private(set) var vanished: [(record: String, isKept: Bool)] = []
    /// Whether the newest version breaks off, so that nothing may be dropped from it.
    private(set) var isDamaged = false

    var isFinished: Bool { come == pool.count }
    var isDelivered: Bool { come > 0 }
    var kept: [String] { vanished.filter(\.isKept).map(\.record) }

    /// Takes a file apart and gives it one more column; each record goes through `change` first.
    init(
        key: String, feed: String, content: String, column: String,
        change: (inout [String: String]) -> Void
    ) {
        var records = Self.records(of: content)
        let columns = records.removeFirst().split(separator: ",").map(String.init) + [column]
        self.key = key
        self.feed = feed
        header = columns.joined(separator: ",")
        pool = records.map { record in
            var fields = Dictionary(uniqueKeysWithValues: zip(columns, Self.fields(of: record)))
            change(&fields)
            return Self.joined(columns.map { fields[$0] ?? "" })
        }
    }

    /// The newest version as a file.
    var text: String {
        ([header] + records).joined(separator: "\n") + "\n" + (isDamaged ? "\"broken off" : "")
    }

    // MARK: Versions

    /// More of the pool at the end.
    mutating func append(_ count: Int, isDamaged: Bool = false) {
        let more = pool.dropFirst(come).prefix(count)
        come += more.count
        records += more
        self.isDamaged = isDamaged
    }

    /// Written anew: in another order, without some records, and with some that had gone.
    ///
    /// Nothing is kept of a record that was refused and then vanished.
    mutating func rewrite(
        using generator: inout some RandomNumberGenerator, isRefused: (String) -> Bool
    ) {
        guard !isDamaged else { return append(0) }
        let back = vanished.map(\.record).filter { _ in generator.next() % 2 == 0 }
        let left = records.filter { _ in generator.next() % 8 > 0 }
        let newest = (left + back).shuffled(using: &generator)
        var counts = Dictionary(newest.map { ($0, 1) }, uniquingKeysWith: +)
        vanished = (vanished + records.filter { !isRefused($0) }.map { ($0, false) }).filter {
            guard let count = counts[$0.record], count > 0 else { return true }
            counts[$0.record] = count - 1
            return false
        }
        records = newest
    }

    mutating func accept() { vanished.removeAll { !$0.isKept } }

    mutating func keep() { for index in vanished.indices { vanished[index].isKept = true } }

    // MARK: CSV

    private static func records(of content: String) -> [String] {
        var isQuoted = false
        return content.split { character in
            if character == "\"" { isQuoted.toggle() }
            return character == "\n" && !isQuoted
        }.map(String.init)
    }

    private static func fields(of record: String) -> [String] {
        var isQuoted = false
        let fields = record.split(omittingEmptySubsequences: false) { character in
            if character == "\"" { isQuoted.toggle() }
            return character == "," && !isQuoted
        }
        return fields.map { field in
            field.hasPrefix("\"")
                ? String(field.dropFirst().dropLast()).replacing("\"\"", with: "\"") : String(field)
        }
    }

    private static func joined(_ fields: [String]) -> String {
        fields.map { field in
            field.contains { ",\"\n".contains($0) }
                ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
        }.joined(separator: ",")
    }
}
