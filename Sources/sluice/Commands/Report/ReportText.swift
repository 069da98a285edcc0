internal import Feeds
internal import Foundation
internal import Postgres

/// The reports that there are, for people.
struct ReportList {
    private let reports: [MarketplaceReport]

    init(_ reports: [MarketplaceReport]) { self.reports = reports }

    var lines: [String] {
        let parts = [
            ("Reports of AWS Marketplace", reports.filter(\.isOfAWS)),
            ("Other relations of marketplace", reports.filter { !$0.isOfAWS }),
        ]
        return Array(
            parts.map { title, reports in [title] + reports.flatMap(Self.lines) }
                .joined(separator: [""]))
    }

    private static func lines(_ report: MarketplaceReport) -> [String] {
        [
            "  \(report.name)" + (report.monthColumn.map { "   month: \($0)" } ?? ""),
            "      \(report.description.oneLine)",
        ]
    }
}

/// Rows for people: a table if it fits, else a record below the other.
struct ReportText {
    // Where no terminal says how wide it is.
    private static let defaultWidth = 200
    // As many as decide on the widths, and as are in memory at a time.
    private static let batchRows = 500

    private let columns: [MarketplaceReport.Column]

    init(_ columns: [MarketplaceReport.Column]) { self.columns = columns }

    /// Prints the rows of a query, inside a transaction.
    func print(_ query: String, on postgres: PostgresConnection) throws {
        try postgres.execute("declare report no scroll cursor for \(query)")
        var output = StandardOutput()
        var layout: Layout?
        var rows = 0
        while true {
            let batch = try postgres.query("fetch \(Self.batchRows) from report").map { row in
                try columns.map { try row.optionalString($0.name).map(Self.cell) ?? "" }
            }
            let chosen = layout ?? Layout(columns, batch, width: Self.terminalWidth)
            if layout == nil, !batch.isEmpty { try chosen.begin(&output) }
            layout = chosen
            for cells in batch {
                rows += 1
                try chosen.write(cells, number: rows, to: &output)
            }
            guard batch.count == Self.batchRows else { break }
        }
        try output.write(line: "(\(rows) \(rows == 1 ? "row" : "rows"))")
        try output.flush()
    }

    /// What others wrote into a field must not steer the terminal, nor break the line.
    private static func cell(_ text: String) -> String {
        text.utf8.allSatisfy { (0x20..<0x7f).contains($0) }
            ? text : text.oneLine.replacing("\t", with: " ").printable
    }

    private static var terminalWidth: Int {
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return Int(size.ws_col)
        }
        return defaultWidth
    }
}

/// How rows are set out; the first batch of them decides.
private struct Layout {
    private let columns: [MarketplaceReport.Column]
    private let widths: [Int]
    private let isTable: Bool
    private static let gap = "  "

    init(_ columns: [MarketplaceReport.Column], _ rows: [[String]], width: Int) {
        self.columns = columns
        let widths = columns.indices.map { column in
            max(columns[column].name.count, rows.map { $0[column].count }.max() ?? 0)
        }
        isTable = widths.reduce(0, +) + Self.gap.count * (widths.count - 1) <= width
        self.widths = isTable ? widths : columns.map { _ in columns.map(\.name.count).max() ?? 0 }
    }

    func begin(_ output: inout StandardOutput) throws {
        guard isTable else { return }
        try output.write(line: line(columns.map(\.name)))
        try output.write(
            line: widths.map { String(repeating: "-", count: $0) }.joined(separator: Self.gap))
    }

    func write(_ cells: [String], number: Int, to output: inout StandardOutput) throws {
        guard !isTable else { return try output.write(line: line(cells)) }
        try output.write(line: "-- \(number) --")
        for (column, cell) in zip(columns.indices, cells) {
            let name = Self.padded(columns[column].name, widths[column], toTheRight: false)
            try output.write(line: Self.trimmed(name + Self.gap + cell))
        }
    }

    private func line(_ cells: [String]) -> String {
        Self.trimmed(
            columns.indices.map { column in
                Self.padded(cells[column], widths[column], toTheRight: columns[column].isNumber)
            }.joined(separator: Self.gap))
    }

    private static func padded(_ text: String, _ width: Int, toTheRight: Bool) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return toTheRight ? blanks + text : text + blanks
    }

    private static func trimmed(_ line: String) -> String {
        let end = line.lastIndex { $0 != " " }.map { line.index(after: $0) }
        return String(line[..<(end ?? line.endIndex)])
    }
}
