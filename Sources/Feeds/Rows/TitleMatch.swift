internal import Postgres

/// What the titles of a header mean: a column, or a name in `extra`.
///
/// Of titles that come to one column the first is the column; the others stay in `extra` beside it.
/// A name in `extra` depends on the titles, not on which columns the table happens to have.
struct TitleMatch {
    enum Meaning: Equatable {
        case column(String)
        /// `first` is the place of the title that is the column, where another one is.
        case extra(name: String, first: Int?)
    }

    /// In header order.
    let meanings: [Meaning]

    /// Matches titles with columns.
    ///
    /// - Parameters:
    ///   - titles: as delivered.
    ///   - feed: whose aliases lead to columns, too.
    ///   - columns: of the feed's table.
    ///   - structured: columns whose text may have to stay in `extra`, under the column's name.
    ///   - keptFrom: from here on titles are names in `extra`, whatever they mean.
    init(
        _ titles: [String], feed: Feed, columns: Set<String>, structured: Set<String>,
        keptFrom: Int = .max
    ) {
        var position: [String: Int] = [:]
        // An object keeps the last of two equal names only.
        var names: Set<ExactText> = []
        meanings = titles.enumerated().map { index, title in
            // A name already, and unlike the others that the object has.
            if index >= keptFrom { return .extra(name: title, first: nil) }
            let normalised = normalisedTitle(title)
            let column = feed.aliases[normalised] ?? normalised
            let isColumn = columns.contains(column)
            let first = isColumn ? position[column] : nil
            var name = Self.nameInExtra(of: title, index)
            while first != nil && structured.contains(name)
                || !names.insert(ExactText(name)).inserted
            {
                name += " (column \(index + 1))"
            }
            guard isColumn, first == nil else { return .extra(name: name, first: first) }
            position[column] = index
            return .column(column)
        }
    }

    /// Names in `extra` that stay there though their title means a column.
    var keptBesideAColumn: Set<String> {
        Set(
            meanings.compactMap { meaning in
                if case .extra(let name, .some) = meaning { name } else { nil }
            })
    }

    /// Longest title that is repeated in `extra` as it is.
    ///
    /// The longest that AWS documents has 40 bytes. `ingest.version.header` has them all whole.
    static let titleBytesMax = 128

    /// A title, or its beginning with its place where it is too long: what stands in each row, and
    /// in the index of `ingest.drift`.
    private static func nameInExtra(of title: String, _ index: Int) -> String {
        guard title.utf8.count > titleBytesMax else { return title }
        var name = ""
        for character in title.unicodeScalars {
            guard name.utf8.count < titleBytesMax - 32 else { break }
            name.unicodeScalars.append(character)
        }
        return name + "... (column \(index + 1))"
    }
}

extension LoadContext {
    /// What stays in `extra` of the file's rows though its title means a column of `table`, by
    /// version: values that are not from before the table had the column.
    func namesKeptInExtra(_ table: TableColumns) throws -> [Int64: Set<String>] {
        var headers: [Int64: [String]] = [:]
        for row in try postgres.query(
            """
            select v.version_id, t.title
            from ingest.version v, unnest(v.header) with ordinality as t (title, n)
            where v.file_id = $1 order by v.version_id, t.n
            """, [.int(record.fileID)])
        {
            headers[try row.int64("version_id"), default: []].append(try row.string("title"))
        }
        let columns = table.columns.filter { !HeaderBinding.loaderColumns.contains($0.name) }
        return headers.mapValues { titles in
            TitleMatch(
                titles, feed: feed, columns: Set(columns.map(\.name)),
                structured: Set(columns.filter { $0.type == .jsonb }.map(\.name))
            ).keptBesideAColumn
        }
    }
}
