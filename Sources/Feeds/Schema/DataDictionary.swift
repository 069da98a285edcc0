package import Postgres

/// Every table, view and function of the database with its columns, as Markdown made of the
/// comments that the schema carries.
package struct DataDictionary {
    /// Markdown without a last line break; the same schema gives the same text.
    package let text: String

    // Those whom most people ask first; one that is not listed follows these.
    private static let schemas = ["marketplace", "event", "sdds", "cas", "ingest", "resolved"]

    /// Reads the catalogue of a migrated database.
    ///
    /// Throws `PostgresError`.
    package init(on postgres: PostgresConnection) throws {
        var lines = [
            "# Data dictionary", "",
            "Made by `sluice dictionary` from the comments in the database; `\\d+ table` in psql "
                + "shows the same.", "",
            "Every table of `sdds` and `cas` also has `seller_id`, `version_id`, `line` (whose row "
                + "it is, and the record of the file version from which it was first read) and "
                + "`extra` (columns of the file that the table lacks). They are not repeated "
                + "below.",
        ]
        let relations = try Self.relations(on: postgres)
        let columns = Dictionary(grouping: try Self.columns(on: postgres), by: \.relation)
        let functions = Dictionary(grouping: try Self.functions(on: postgres), by: \.schema)
        for schema in try Self.namedSchemas(on: postgres) {
            lines += ["", "## \(schema.name)", "", schema.comment]
            for relation in relations where relation.schema == schema.name {
                lines += Self.section(relation, columns[relation.name] ?? [])
            }
            for function in functions[schema.name] ?? [] {
                lines += ["", "### \(function.signature)", "", Self.plain(function.comment)]
            }
        }
        text = lines.joined(separator: "\n")
    }

    private static func section(_ relation: Relation, _ columns: [Column]) -> [String] {
        var lines = ["", "### \(relation.name)", "", plain(relation.comment)]
        if !relation.keys.isEmpty { lines += ["", "Business key: \(relation.keys)."] }
        guard !columns.isEmpty else { return lines }
        lines += ["", "| Column | Type | |", "|---|---|---|"]
        return lines
            + columns.map { "| `\($0.name)` | \($0.type) | \(cell($0.comment)) |" }
    }

    /// Text that Markdown shows as it is.
    private static func plain(_ text: String) -> String {
        text.replacing("*", with: "\\*").replacing("<", with: "&lt;")
    }

    private static func cell(_ text: String) -> String {
        plain(text).replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}

extension DataDictionary {
    private struct Schema {
        let name: String
        let comment: String
    }

    private struct Relation {
        let schema: String
        let name: String
        let comment: String
        let keys: String
    }

    private struct Column {
        let relation: String
        let name: String
        let type: String
        let comment: String
    }

    private struct Function {
        let schema: String
        let signature: String
        let comment: String
    }

    private static func namedSchemas(on postgres: PostgresConnection) throws -> [Schema] {
        try postgres.query(
            """
            select n.nspname as name, coalesce(obj_description(n.oid, 'pg_namespace'), '') as comment
            from pg_namespace n
            where n.nspname !~ '^(pg_|information_schema$|public$)'
            order by coalesce(array_position($1::text[], n.nspname::text), 99), n.nspname
            """, [.textArray(schemas)]
        ).map { try Schema(name: $0.string("name"), comment: $0.string("comment")) }
    }

    private static func relations(on postgres: PostgresConnection) throws -> [Relation] {
        try postgres.query(
            """
            select n.nspname as schema, n.nspname || '.' || c.relname as name,
                coalesce(obj_description(c.oid, 'pg_class'), '') as comment,
                coalesce(array_to_string(f.business_key, ', '), '') as keys
            from pg_class c
            join pg_namespace n on n.oid = c.relnamespace
            left join ingest.feed f on f.feed = n.nspname || '.' || c.relname
            where c.relkind in ('r', 'p', 'v', 'm')
                and n.nspname !~ '^(pg_|information_schema$|public$)'
            order by c.relname
            """
        ).map {
            try Relation(
                schema: $0.string("schema"), name: $0.string("name"),
                comment: $0.string("comment"), keys: $0.string("keys"))
        }
    }

    private static func columns(on postgres: PostgresConnection) throws -> [Column] {
        try postgres.query(
            """
            select n.nspname || '.' || c.relname as relation, a.attname as name,
                format_type(a.atttypid, a.atttypmod) as type,
                coalesce(col_description(c.oid, a.attnum), '') as comment
            from pg_attribute a
            join pg_class c on c.oid = a.attrelid
            join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
                and n.nspname !~ '^(pg_|information_schema$|public$)'
                and not (n.nspname in ('sdds', 'cas')
                    and a.attname in ('seller_id', 'version_id', 'line', 'extra'))
            order by n.nspname, c.relname, a.attnum
            """
        ).map {
            try Column(
                relation: $0.string("relation"), name: $0.string("name"), type: $0.string("type"),
                comment: $0.string("comment"))
        }
    }

    private static func functions(on postgres: PostgresConnection) throws -> [Function] {
        try postgres.query(
            """
            select n.nspname as schema,
                n.nspname || '.' || p.proname || '(' || pg_get_function_identity_arguments(p.oid)
                    || ')' as signature,
                coalesce(obj_description(p.oid, 'pg_proc'), '') as comment
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname !~ '^(pg_|information_schema$|public$)'
                and p.prorettype <> 'trigger'::regtype
            order by n.nspname, p.proname, p.oid::regprocedure::text collate "C"
            """
        ).map {
            try Function(
                schema: $0.string("schema"), signature: $0.string("signature"),
                comment: $0.string("comment"))
        }
    }
}
