/// A table's columns in their order, as the catalogue tells them.
package struct TableColumns: Sendable, Equatable {
    /// The columns, dropped ones left out.
    package let columns: [Column]

    /// A column of a table.
    package struct Column: Sendable, Equatable {
        /// Name, without quotes.
        package let name: String
        /// OID of the declared type.
        package let typeOID: UInt32
        /// The declared type as `format_type` writes it.
        package let typeName: String
        /// How to encode the column for COPY; nil when we cannot.
        package let type: BinaryType?
        /// Whether NULL is allowed.
        package let isNullable: Bool
        /// Whether a value comes from a default, an identity or an expression when none is given.
        package let hasDefault: Bool
        /// Length, precision or scale of the base type; -1 when it has none.
        package let typmod: Int
    }

    /// The column with a name, or nil.
    package subscript(name: String) -> Column? {
        columns.first { $0.name == name }
    }
}

extension PostgresConnection {
    /// Reads a table's columns.
    ///
    /// - Parameter table: name as SQL writes it, `schema.table`, quoted where it must be.
    /// - Returns: its columns, those that cannot be loaded among them.
    /// - Throws: `PostgresError`, 42P01 when there is no such table.
    package func columns(of table: String) throws(PostgresError) -> TableColumns {
        let found = try query("select to_regclass($1)::oid as oid", [.text(table)]).only()
        guard let oid = try found.optionalInt("oid") else {
            throw PostgresError("there is no table \(table)", sqlState: "42P01")
        }
        var columns: [TableColumns.Column] = []
        for row in try query(Self.columnsQuery, [.int(Int64(oid))]) {
            columns.append(try TableColumns.Column(row))
        }
        return TableColumns(columns: columns)
    }

    // A domain is followed to its base type; any check or NOT NULL on the way is remembered.
    private static let columnsQuery = """
        with recursive base (attnum, oid, typmod, is_checked) as (
            select attnum, atttypid, atttypmod, attgenerated <> ''
              from pg_catalog.pg_attribute
             where attrelid = $1 and attnum > 0 and not attisdropped
            union all
            select b.attnum, t.typbasetype, t.typtypmod,
                   b.is_checked or t.typnotnull or exists (
                       select from pg_catalog.pg_constraint c where c.contypid = t.oid)
              from base b
              join pg_catalog.pg_type t on t.oid = b.oid
             where t.typtype = 'd'
        )
        select a.attname, a.atttypid,
               pg_catalog.format_type(a.atttypid, a.atttypmod) as type_name,
               b.oid as base_oid, b.typmod, b.is_checked,
               not a.attnotnull as is_nullable,
               a.atthasdef or a.attidentity <> '' as has_default
          from base b
          join pg_catalog.pg_type t on t.oid = b.oid and t.typtype <> 'd'
          join pg_catalog.pg_attribute a on a.attrelid = $1 and a.attnum = b.attnum
         order by a.attnum
        """
}

extension TableColumns.Column {
    /// Reads a row of the catalogue.
    ///
    /// A modifier makes a type unsupported: the server would round `numeric(12,2)` silently, and
    /// fail the whole COPY for a text that is too long for `varchar(n)`. So do the checks of a
    /// domain; and a generated column takes no value at all.
    fileprivate init(_ row: PostgresResult.Row) throws(PostgresError) {
        name = try row.string("attname")
        typeOID = UInt32(try row.int("atttypid"))
        typeName = try row.string("type_name")
        typmod = try row.int("typmod")
        isNullable = try row.bool("is_nullable")
        hasDefault = try row.bool("has_default")
        let isChecked = try row.bool("is_checked")
        let base = BinaryType(oid: UInt32(try row.int("base_oid")))
        type = typmod == -1 && !isChecked ? base : nil
    }
}
