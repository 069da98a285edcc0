internal import CSV
internal import Postgres

/// Rows of a file that are in a table, written anew as the feed's table would take them from a file
/// today, each under the version and line that it has.
///
/// What was typed goes through its text form, and what was in `extra` finds its column.
struct RowMove {
    /// Where the rows go.
    struct Target {
        let table: String
        let rejectTable: String
        /// Whether they leave the table that they were in.
        let isMove: Bool
    }

    private let context: LoadContext
    private let origin: Feed
    private let target: Target

    // Bounded memory, and few statements; a single row may be larger.
    private static let rowsPerTurn = 1_000
    private static let bytesPerTurn = 4 << 20

    init(_ context: LoadContext, from origin: Feed, to target: Target) {
        self.context = context
        self.origin = origin
        self.target = target
    }

    private struct Place: Hashable {
        let versionID: Int64
        let line: Int64
    }

    private struct Title: Hashable {
        let exact: ExactText
        /// Whether it stays in `extra` though it means a column: a title before it is that column.
        let isKept: Bool

        init(text: String, isKept: Bool) {
            exact = ExactText(text)
            self.isKept = isKept
        }

        var text: String { exact.text }
    }

    private struct Row {
        let place: Place
        /// Titles and texts; the table's own columns come before those in `extra`.
        var fields: [(title: String, isExtra: Bool, text: String)] = []
    }

    /// Writes the file's rows, in the transaction that is open.
    ///
    /// - Parameter condition: SQL about the row `t`.
    /// - Returns: how many rows the table refused; they are rejects.
    /// - Throws: ``LoadError`` when the table has a column that may not be empty and the rows have
    ///   not; `PostgresError`.
    func run(where condition: String) throws -> Int {
        let table = try context.postgres.columns(of: context.feed.name)
        let names = Set(table.columns.map(\.name)).subtracting(HeaderBinding.loaderColumns)
        let kept = try context.namesKeptInExtra(table)
        var after = Place(versionID: 0, line: 0)
        var rejected = 0
        while true {
            let rows = try next(after: after, where: condition)
            guard let last = rows.last else { return rejected }
            after = last.place
            if target.isMove { try remove(rows.map(\.place)) }
            for (versionID, group) in Dictionary(grouping: rows, by: \.place.versionID) {
                let kept = kept[versionID] ?? []
                let records = group.map {
                    (line: $0.place.line, texts: texts(of: $0, names, kept))
                }
                rejected += try write(records, versionID, table)
            }
        }
    }

    private func next(after place: Place, where condition: String) throws -> [Row] {
        let result = try context.postgres.query(
            """
            select t.version_id, t.line, f.key, f.is_extra, f.value
            from (
                select n.*, row_number() over places as number,
                    sum(octet_length(n.row::text)) over places as bytes
                from (
                    select t as row, version_id, line, extra from \(origin.table) t
                    where seller_id = $1 and (version_id, line) > ($3, $4) and version_id in
                        (select version_id from ingest.version where file_id = $2)
                        and (\(condition))
                    order by version_id, line limit \(Self.rowsPerTurn)
                ) n
                window places as (order by n.version_id, n.line)
            ) t left join lateral (
                select key, value, false as is_extra from jsonb_each_text(to_jsonb(t.row)
                    - array['seller_id', 'version_id', 'line', 'extra']) where value is not null
                union all
                select key, value, true from jsonb_each_text(t.extra)
            ) f on true
            where t.number = 1 or t.bytes <= \(Self.bytesPerTurn)
            order by t.version_id, t.line, f.is_extra, f.key
            """,
            [
                .int(Int64(context.file.sellerID)), .int(context.record.fileID),
                .int(place.versionID), .int(place.line),
            ])
        var rows: [Row] = []
        for row in result {
            let place = Place(
                versionID: try row.int64("version_id"), line: try row.int64("line"))
            if rows.last?.place != place { rows.append(Row(place: place)) }
            guard let title = try row.optionalString("key") else { continue }
            rows[rows.count - 1].fields.append(
                (title, try row.bool("is_extra"), try row.string("value")))
        }
        return rows
    }

    /// Texts by the column that their title means, or by their title where there is none.
    private func texts(
        of row: Row, _ columns: Set<String>, _ kept: Set<String>
    ) -> [Title: String] {
        var texts: [Title: String] = [:]
        for (title, isExtra, text) in row.fields {
            if isExtra, kept.contains(title) {
                texts[Title(text: title, isKept: true)] = text
                continue
            }
            let normalised = normalisedTitle(title)
            let column = context.feed.aliases[normalised] ?? normalised
            var name = columns.contains(column) ? column : title
            while texts[Title(text: name, isKept: false)] != nil { name += " (also)" }
            texts[Title(text: name, isKept: false)] = text
        }
        return texts
    }

    private func remove(_ places: [Place]) throws {
        try context.postgres.query(
            """
            delete from \(origin.table) t
            using unnest($2::bigint[], $3::bigint[]) as p (version_id, line)
            where t.seller_id = $1 and t.version_id = p.version_id and t.line = p.line
            """,
            [
                .int(Int64(context.file.sellerID)), .intArray(places.map(\.versionID)),
                .intArray(places.map(\.line)),
            ])
    }

    /// Writes rows of one version as if they came from a file of theirs.
    private func write(
        _ records: [(line: Int64, texts: [Title: String])], _ versionID: Int64,
        _ table: TableColumns
    ) throws -> Int {
        // Even a row without any value is a record.
        let titles = Set(records.flatMap(\.texts.keys)).union(
            records.allSatisfy(\.texts.isEmpty) ? [Title(text: "", isKept: false)] : []
        ).sorted { ($0.isKept ? 1 : 0, $0.exact) < ($1.isKept ? 1 : 0, $1.exact) }
        let destination = RowWriter.Target(
            table: target.table, rejectTable: target.rejectTable, feed: context.feed.name,
            sellerID: context.file.sellerID, versionID: versionID)
        let writer = RowWriter(
            destination, binding: try binding(titles, table, count: records.count),
            on: context.postgres)
        let csv = records.map { record in
            titles.map { Self.quoted(record.texts[$0] ?? "") }.joined(separator: ",") + "\n"
        }.joined()
        var reader = CSVReader(recordBytesMax: csv.utf8.count + 3)
        var index = 0
        try reader.read(Array(csv.utf8).span.bytes) { record, fields, raw in
            try writer.add(record, fields, raw, line: Int(records[index].line))
            index += 1
        }
        try writer.finish()
        return writer.rowsRejected
    }

    private func binding(
        _ titles: [Title], _ table: TableColumns, count: Int
    ) throws -> HeaderBinding {
        do {
            return try HeaderBinding(
                titles: titles.map(\.text), feed: context.feed, table: table,
                keptFrom: titles.firstIndex(where: \.isKept) ?? titles.count)
        } catch let error as HeaderError {
            throw LoadError(
                .setAside,
                "\(context.file): \(count) rows that its newest version lacks do not fit "
                    + "\(context.feed.name): \(error.problems.joined(separator: "; ")). "
                    + "If they may go, say so first: sluice accept \(context.file.description.shellWord)"
            )
        }
    }

    private static func quoted(_ field: String) -> String {
        // By scalars: a quote with an accent on it is one character, and a quote to the reader.
        let doubled = field.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
        return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
    }
}
