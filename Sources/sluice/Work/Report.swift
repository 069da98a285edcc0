internal import Feeds

/// Text tables for people: columns as wide as their content, numbers to the right.
struct TextTable {
    private let titles: [String]
    private let numeric: Set<Int>
    private var rows: [[String]] = []

    init(_ titles: [String], numeric: Set<Int> = []) {
        self.titles = titles
        self.numeric = numeric
    }

    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; a cell stays on its line whatever it holds.
    mutating func append(_ row: [String]) { rows.append(row.map(\.printableLine)) }

    /// Lines, each indented by two blanks.
    var lines: [String] {
        let widths = titles.indices.map { column in
            ([titles] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([titles] + rows).map { row in
            let cells = row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return numeric.contains(column) ? padding + row[column] : row[column] + padding
            }
            let line = "  " + cells.joined(separator: "  ")
            let end = line.lastIndex { $0 != " " }.map { line.index(after: $0) }
            return String(line[..<(end ?? line.endIndex)])
        }
    }
}

extension RunSummary {
    /// What a person reads at the end of a run; the figures add up.
    func report() -> [String] {
        var lines = [
            "\(files) files in \(loads) loads"
                + (failedLoads > 0 ? ", \(failedLoads) of them failed" : "")
                + (interruptedLoads > 0 ? ", \(interruptedLoads) interrupted" : ""),
            "\(rowsRead) rows read = \(rowsLoaded) loaded + \(rowsRejected) rejected"
                + (rowsStanding > 0 ? " + \(rowsStanding) there already" : ""),
        ]
        if rowsVanished > 0 {
            lines.append("\(rowsVanished) rows vanished from rewritten files; see: sluice status")
        }
        if !money.isEmpty {
            var table = TextTable(
                ["feed", "column", "currency", "sum", "rows"], numeric: [3, 4])
            for entry in money {
                table.append([
                    entry.feed, entry.column, entry.currency.isEmpty ? "-" : entry.currency,
                    entry.amount, "\(entry.rows)",
                ])
            }
            lines += ["", "Control totals"] + table.lines
        }
        return lines
    }
}
