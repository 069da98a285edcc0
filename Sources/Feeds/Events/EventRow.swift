internal import Postgres

/// Columns and values of an event's row, as far as its JSON has them.
struct EventRow {
    private let body: JSONObject
    private var columns: [(name: String, value: PostgresValue)] = []
    /// Parts that do not fit their column: where, and why.
    private(set) var malformed: [String] = []

    init(_ body: JSONObject) { self.body = body }

    mutating func set(_ column: String, _ value: PostgresValue) {
        if let index = columns.firstIndex(where: { $0.name == column }) {
            columns[index].value = value
        } else {
            columns.append((column, value))
        }
    }

    /// Sets every column that `event.field` finds in the JSON.
    mutating func setFields(of table: String, on postgres: PostgresConnection) throws {
        let types = try postgres.columns(of: "event.\(table)")
        let fields = try postgres.query(
            """
            select column_name, array_to_string(paths, ' ') as paths from event.field
            where event_table = $1 order by column_name
            """, [.text(table)])
        for field in fields {
            let name = try field.string("column_name")
            let paths = try field.string("paths").split(separator: " ").map(String.init)
            guard let column = types[name] else {
                throw LoadError(.stop, "event.field: event.\(table) has no column \(name)")
            }
            if column.typeName == "text[]" {
                let texts = texts(at: paths)
                set(name, texts.isEmpty ? .null : .textArray(texts))
            } else if let type = column.type {
                set(name, PostgresValue(value(at: paths, as: type)))
            } else {
                throw LoadError(
                    .stop, "event.\(table).\(name): no event can fill a \(column.typeName)")
            }
        }
    }

    /// Inserts the row.
    ///
    /// - Returns: whether there was none.
    func insert(into table: String, on postgres: PostgresConnection) throws -> Bool {
        let names = columns.map { PostgresConnection.quoteIdentifier($0.name) }.joined(
            separator: ", ")
        let values = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let done = try postgres.query(
            """
            insert into event.\(PostgresConnection.quoteIdentifier(table)) (\(names)) values (\(values))
            on conflict (seller_id, event_key) do nothing
            """, columns.map(\.value))
        return done.affectedRows > 0
    }

    /// The value that the first of these paths leads to, as text that the type takes.
    mutating func value(at paths: [String], as type: BinaryType) -> String? {
        for path in paths {
            guard let found = find(path).first else { continue }
            return fitted(found, as: type, at: path)
        }
        return nil
    }

    /// The value as text that the type takes; nil for null and for what does not fit.
    mutating func fitted(
        _ value: JSONValue, as type: BinaryType, at place: String
    ) -> String? {
        switch ValueCheck.fit(value, type) {
        case .none: return nil
        case .text(let text): return text
        case .unfit(let reason):
            note(place, reason)
            return nil
        }
    }

    private mutating func texts(at paths: [String]) -> [String] {
        for path in paths {
            let found = find(path)
            guard !found.isEmpty else { continue }
            return found.flatMap { $0.array ?? [$0] }.compactMap {
                fitted($0, as: .text, at: path)
            }
        }
        return []
    }

    /// What is at a path; nothing where a member is missing or null.
    private mutating func find(_ path: String) -> [JSONValue] {
        var found: [JSONValue] = [.object(body)]
        var walked: [Substring] = []
        for step in path.split(separator: ".") {
            var next: [JSONValue] = []
            for value in found {
                if let members = value.object {
                    next += [members[String(step)]].compactMap(\.self)
                } else if let elements = value.array {
                    next += Self.elements(step, of: elements)
                } else {
                    note(
                        walked.joined(separator: "."), "is a JSON \(value.typeName), not an object")
                }
            }
            found = next.filter { $0 != .null }
            walked.append(step)
        }
        return found
    }

    private static func elements(_ step: Substring, of array: [JSONValue]) -> [JSONValue] {
        guard step != "*" else { return array }
        guard let index = Int(step), array.indices.contains(index) else { return [] }
        return [array[index]]
    }

    private mutating func note(_ place: String, _ reason: String) {
        let text = "\(place) \(reason)"
        if !malformed.contains(text) { malformed.append(text) }
    }
}
