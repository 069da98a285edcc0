package import Postgres

/// A named kind of file and the table that it fills, as `ingest.feed` says.
package struct Feed: Sendable, Equatable {
    package enum Kind: String, Sendable {
        /// A file only grows; a row that is missing from a newer version stays.
        case log
        /// A newer version replaces the rows of the older one.
        case snapshot
        /// A file holds operations; a trigger of the table leaves what those of all files come to.
        case changeLog = "change_log"
    }

    /// Schema and table, such as `sdds.billing_event`.
    package let name: String
    package let kind: Kind
    /// Amount columns to add up, each with the column that holds its currency.
    package let totals: [Total]
    /// Column of a normalised header title that does not normalise to the column's name.
    package let aliases: [String: String]
    /// Columns that something is looked up by, and so the most bytes of a value: what an index can
    /// hold (`ingest.bytes_max`).
    package let bytesMax: [String: Int]

    package struct Total: Sendable, Equatable {
        package let amount: String
        /// `nil` where the feed has no currency column.
        package let currency: String?
    }

    /// Quoted for SQL.
    package var table: String {
        name.split(separator: ".").map { PostgresConnection.quoteIdentifier(String($0)) }
            .joined(separator: ".")
    }
}

extension Feed {
    /// The feed that a key belongs to; `nil` where no feed's pattern matches.
    ///
    /// - Throws: ``PostgresError``; ``LoadError`` when several feeds claim the key.
    package static func of(key: String, on postgres: PostgresConnection) throws -> Feed? {
        try matching([key], on: postgres)[ExactText(key)]
    }

    /// Sees to it that a person who names feeds did not mistype one.
    ///
    /// - Throws: ``LoadError`` that lists the feeds that there are.
    package static func throwUnlessKnown(
        _ names: [String], on postgres: PostgresConnection
    ) throws {
        let known = try postgres.query("select feed from ingest.feed order by feed")
            .map { try $0.string("feed") }
        guard let name = names.first(where: { !known.contains($0) }) else { return }
        let schema = name.prefix { $0 != "." } + "."
        let near = known.filter { $0.hasPrefix(schema) }
        throw LoadError(
            .stop,
            "there is no feed \(name); there are "
                + (near.isEmpty ? known : near).joined(separator: ", "))
    }

    /// The feeds of many keys at once, of several sellers the same too; keys of no feed are left out.
    package static func matching(
        _ keys: [String], on postgres: PostgresConnection
    ) throws -> [ExactText: Feed] {
        // The server keeps few compiled patterns, fewer than there are feeds: each meets all the keys
        // before the next one is looked at. Without `offset 0` the join may go the other way.
        let result = try postgres.query(
            """
            with matching as (
                select k.key, f.feed, f.is_fallback
                from ingest.feed f cross join lateral (
                    select distinct key from unnest($1::text[]) as k (key)
                    where key ~ f.key_pattern offset 0
                ) k
            )
            select m.key, \(columns) from matching m join ingest.feed f using (feed)
            where not m.is_fallback or not exists (
                select from matching o where o.key = m.key and not o.is_fallback)
            """, [.textArray(keys)])
        var feeds: [ExactText: Feed] = [:]
        for row in result {
            let key = ExactText(try row.string("key"))
            let name = try row.string("feed")
            if let other = feeds[key] {
                throw LoadError(
                    .setAside,
                    "\(key.text): matches both \(other.name) and \(name); "
                        + "make ingest.feed.key_pattern of one of them stricter")
            }
            feeds[key] = try Feed(row, name: name)
        }
        return feeds
    }

    /// The feed of that name.
    ///
    /// - Throws: ``LoadError`` when there is none.
    package static func named(_ name: String, on postgres: PostgresConnection) throws -> Feed {
        let found = try postgres.query(
            "select \(columns) from ingest.feed f where feed = $1", [.text(name)])
        guard let row = found.first else { throw LoadError(.stop, "there is no feed \(name)") }
        return try Feed(row, name: name)
    }

    private static var columns: String {
        """
        f.feed, f.kind, array_to_string(f.totals, E'\\n') as totals,
            (select coalesce(string_agg(a.header || '=' || a.column_name, E'\\n'), '')
             from ingest.alias a where a.feed = f.feed) as aliases,
            (select coalesce(string_agg(a.attname || '=' || ingest.bytes_max(a.attname), E'\\n'), '')
             from pg_attribute a
             where a.attrelid = to_regclass(f.feed) and a.attnum > 0 and not a.attisdropped
                and a.atttypid = 'text'::regtype and ingest.bytes_max(a.attname) is not null
            ) as bytes_max
        """
    }

    private init(_ row: PostgresResult.Row, name: String) throws {
        guard let kind = Kind(rawValue: try row.string("kind")) else {
            throw LoadError(.stop, "ingest.feed: \(name) has a kind that this sluice does not know")
        }
        self.name = name
        self.kind = kind
        totals = try row.string("totals").split(separator: "\n").map { pair in
            let parts = pair.split(separator: "/", omittingEmptySubsequences: false)
            let currency = parts.count > 1 && !parts[1].isEmpty ? String(parts[1]) : nil
            return Total(amount: String(parts.first ?? ""), currency: currency)
        }
        aliases = Dictionary(Self.pairs(try row.string("aliases"))) { first, _ in first }
        bytesMax = Dictionary(Self.pairs(try row.string("bytes_max"))) { first, _ in first }
            .compactMapValues { Int($0) }
    }

    /// Names and values, `name=value` on each line.
    private static func pairs(_ text: String) -> [(String, String)] {
        text.split(separator: "\n").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1)
            return (String(parts.first ?? ""), String(parts.last ?? ""))
        }
    }
}
