internal import CSV
internal import Postgres

/// A file's header, matched with the columns of its table.
struct HeaderBinding {
    enum Target {
        /// Encoded as the column's type.
        case column(name: String, type: BinaryType, isNullable: Bool, bytesMax: Int)
        /// Kept in `extra` under the title as delivered, made unlike the others before it, and
        /// shortened where it is too long to be repeated in every row.
        case extra(title: String)
    }

    /// What becomes of each field, in header order.
    let targets: [Target]
    /// Feed columns in COPY order, which is header order; the loader's own come around them.
    let columns: [String]
    let unknownTitles: [String]
    /// Titles as delivered that mean a column.
    let knownTitles: [String]
    let missingColumns: [String]
    /// Titles of a column that another title before them is already.
    let doubled: [DoubledColumn]
    /// Positions of amount and currency fields to add up.
    let totals: [BoundTotal]

    struct BoundTotal {
        let column: String
        let amount: Int
        let currency: Int?
    }

    /// Columns that every data table has beside the feed's own.
    static let loaderColumns = ["seller_id", "version_id", "line", "extra"]

    /// Matches titles with columns.
    ///
    /// - Parameters:
    ///   - titles: as delivered.
    ///   - feed: whose table it is.
    ///   - table: its columns.
    ///   - keptFrom: from here on titles are names in `extra`, whatever they mean.
    /// - Throws: ``HeaderError`` with everything that is wrong, at once.
    init(titles: [String], feed: Feed, table: TableColumns, keptFrom: Int = .max) throws {
        let columns = table.columns.filter { !Self.loaderColumns.contains($0.name) }
        let byName = Dictionary(
            columns.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        var problems: [String] = []
        var targets: [Target] = []
        var position: [String: Int] = [:]
        var doubled: [DoubledColumn] = []
        let match = TitleMatch(
            titles, feed: feed, columns: Set(byName.keys),
            structured: Set(columns.filter { $0.type == .jsonb }.map(\.name)), keptFrom: keptFrom)
        for (index, meaning) in match.meanings.enumerated() {
            let column: TableColumns.Column
            switch meaning {
            case .extra(let name, let first):
                if titles[index].utf8.contains(0) {
                    problems.append("title \(index + 1) contains a NUL byte")
                }
                if let first, case .column(let column) = match.meanings[first] {
                    doubled.append(
                        DoubledColumn(column: column, first: first, other: index, title: name))
                }
                targets.append(.extra(title: name))
                continue
            case .column(let name):
                guard let found = byName[name] else { continue }
                column = found
            }
            position[column.name] = index
            guard let type = column.type else {
                problems.append(
                    "column \(column.name) has type \(column.typeName), which cannot be loaded")
                continue
            }
            targets.append(
                .column(
                    name: column.name, type: type, isNullable: column.isNullable,
                    bytesMax: feed.bytesMax[column.name] ?? .max))
        }
        if position.isEmpty, !columns.isEmpty {
            // Whatever else is wrong with it then comes of this.
            problems = [
                "none of its \(titles.count) titles is a column of \(feed.name): "
                    + "the first record is not a header of this feed"
            ]
        } else {
            for column in columns where !column.isNullable && position[column.name] == nil {
                problems.append("column \(column.name), which may not be empty, is missing")
            }
        }
        guard problems.isEmpty else { throw HeaderError(feed: feed.name, problems: problems) }
        self.targets = targets
        self.doubled = doubled
        self.columns = targets.compactMap { target in
            if case .column(let name, _, _, _) = target { name } else { nil }
        }
        // Of a table without feed columns every title is unknown, and none is a change.
        unknownTitles =
            columns.isEmpty
            ? []
            : targets.compactMap { target in
                if case .extra(let title) = target { title } else { nil }
            }
        knownTitles = zip(titles, targets).compactMap { title, target in
            if case .column = target { title } else { nil }
        }
        missingColumns = columns.map(\.name).filter { position[$0] == nil }
        totals = feed.totals.compactMap { total in
            guard let amount = position[total.amount],
                case .column(_, .numeric, _, _) = targets[amount]
            else { return nil }
            return BoundTotal(
                column: total.amount, amount: amount,
                currency: total.currency.flatMap { position[$0] })
        }
    }

    /// The COPY statement that takes this header's rows.
    func copyStatement(into table: String) -> String {
        let names = ["seller_id", "version_id", "line"] + columns + ["extra"]
        let list = names.map(PostgresConnection.quoteIdentifier).joined(separator: ", ")
        return "copy \(table) (\(list)) from stdin (format binary)"
    }
}

/// Everything that is wrong with a header.
struct HeaderError: Error, CustomStringConvertible {
    let feed: String
    let problems: [String]

    // A file with 10,000 wrong titles still gets a message that can be read.
    private static let problemsShown = 10

    var description: String {
        let shown = problems.prefix(Self.problemsShown).joined(separator: "; ")
        let more = problems.count - Self.problemsShown
        let rest = more > 0 ? "; and \(more) more" : ""
        return "line 1: the header does not fit \(feed): \(shown)\(rest). "
            + "Check that the file is what its name says, or add an alias to ingest.alias"
    }
}

/// The one normalisation between a header title and a column name: lower case, apostrophes and a
/// leading asterisk dropped, every other run of characters that are neither letters nor digits
/// made one underscore, none at either end.
package func normalisedTitle(_ title: String) -> String {
    var name = ""
    var pendingUnderscore = false
    for scalar in title.unicodeScalars {
        // The apostrophe of a typewriter, and U+2019 of a typesetter.
        if scalar == "'" || scalar == "\u{2019}" { continue }
        guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else {
            pendingUnderscore = !name.isEmpty
            continue
        }
        if pendingUnderscore { name += "_" }
        pendingUnderscore = false
        name += scalar.properties.lowercaseMapping
    }
    return name
}
