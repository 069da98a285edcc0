package import Postgres

/// A relation of `marketplace` that people read as it is.
package struct MarketplaceReport: Sendable {
    /// What a person calls it.
    package let name: String
    /// Its name in the schema `marketplace`.
    package let relation: String
    /// What a row is.
    package let description: String
    /// The date that tells the month of a row.
    package let monthColumn: String?
    /// Whether AWS defines it.
    package let isOfAWS: Bool
    package let columns: [Column]

    package struct Column: Sendable {
        package let name: String
        /// As Postgres writes it, such as `timestamp with time zone`.
        package let type: String

        package var isNumber: Bool {
            ["integer", "bigint", "double precision"].contains(type) || type.hasPrefix("numeric")
        }

        /// Whether other people wrote its text.
        var isText: Bool {
            ["text", "name", "character varying", "character", "json", "jsonb"].contains(type)
                || type.hasSuffix("[]")
        }

        /// Whether rows can be of a month by it.
        package var isDate: Bool { ["timestamp with time zone", "date"].contains(type) }
    }

    /// All of them, those of AWS first.
    ///
    /// Throws `PostgresError`; a database that was not migrated has none.
    package static func all(on postgres: PostgresConnection) throws -> [MarketplaceReport] {
        try postgres.query(
            """
            select r.name, r.relation, coalesce(r.description, '') as description,
                r.month_column, r.is_aws_report,
                array_to_string(array(
                    select a.attname || ' ' || format_type(a.atttypid, null)
                    from pg_attribute a
                    where a.attrelid = format('marketplace.%I', r.relation)::regclass
                        and a.attnum > 0 and not a.attisdropped
                    order by a.attnum), e'\\n') as columns
            from marketplace.report r
            order by r.is_aws_report desc, r.name collate "C"
            """
        ).map(MarketplaceReport.init)
    }

    private init(_ row: PostgresResult.Row) throws {
        name = try row.string("name")
        relation = try row.string("relation")
        description = try row.string("description")
        monthColumn = try row.optionalString("month_column")
        isOfAWS = try row.bool("is_aws_report")
        columns = try row.string("columns").split(separator: "\n").map { line in
            let parts = line.split(separator: " ", maxSplits: 1)
            return Column(name: String(parts[0]), type: parts.dropFirst().joined())
        }
    }

    /// Whether a person means this one: with dashes or underscores, with or without `_report`.
    package func isCalled(_ text: String) -> Bool {
        let asked = text.lowercased().replacing("-", with: "_")
        return [name.replacing("-", with: "_"), relation, "marketplace." + relation]
            .contains(asked)
    }
}

extension MarketplaceReport {
    /// Which rows of a report.
    package struct Selection: Sendable {
        package var period: Period?
        package var sellerID: Int32?

        package init() {}
    }

    /// A month, and the date of the rows that it is of.
    package struct Period: Sendable {
        /// Nil: month unknown, which is that of the rows without the date.
        package let month: Month?
        package let date: Column

        package init(month: Month?, date: Column) {
            self.month = month
            self.date = date
        }
    }

    /// A month of the calendar, in UTC.
    package struct Month: Sendable, Equatable {
        package let year: Int
        package let month: Int

        package init(year: Int, month: Int) {
            self.year = year
            self.month = month
        }

        /// Its first day.
        package var firstDay: String {
            let digits = { (number: Int, count: Int) in
                String(repeating: "0", count: max(0, count - String(number).count)) + "\(number)"
            }
            return "\(digits(year, 4))-\(digits(month, 2))-01"
        }

        package var next: Month {
            month == 12 ? Month(year: year + 1, month: 1) : Month(year: year, month: month + 1)
        }
    }

    /// The date of that name, or without one the report's own; nil if there is none.
    package func date(_ name: String?) -> Column? {
        let wanted = name ?? monthColumn
        return columns.first { $0.name == wanted && $0.isDate }
    }

    /// The query of the rows.
    package func query(_ selection: Selection) -> String {
        var conditions: [String] = []
        if let period = selection.period { conditions.append(Self.condition(period)) }
        if let seller = selection.sellerID { conditions.append("seller_id = \(seller)") }
        let table = "marketplace." + PostgresConnection.quoteIdentifier(relation)
        return "select * from \(table)"
            + (conditions.isEmpty ? "" : " where " + conditions.joined(separator: " and "))
    }

    private static func condition(_ period: Period) -> String {
        let name = PostgresConnection.quoteIdentifier(period.date.name)
        guard let month = period.month else { return "\(name) is null" }
        // The bare column on one side, so that an index on it is used.
        let instant = period.date.type == "date" ? "date '%'" : "timestamptz '% 00:00:00+00'"
        let from = instant.replacing("%", with: month.firstDay)
        let to = instant.replacing("%", with: month.next.firstDay)
        return "\(name) >= \(from) and \(name) < \(to)"
    }

    /// The same rows with texts that no spreadsheet takes for a formula.
    ///
    /// An apostrophe stands before each that begins like one, as OWASP's page "CSV Injection" has it.
    /// Numbers and dates are as they were.
    package func spreadsheetQuery(_ selection: Selection) -> String {
        let cells = columns.map { column in
            let name = PostgresConnection.quoteIdentifier(column.name)
            guard column.isText else { return name }
            // The signs in their wide forms too, which some programs take for the same.
            let begin = #"^[\s\u200b\ufeff]*[=+@\u2212\uff0b\uff0d\uff1d\uff20-]|^[\t\r\n]"#
            return "case when \(name)::text ~ \(PostgresConnection.quoteLiteral(begin)) "
                + "then '''' || \(name)::text else \(name)::text end as \(name)"
        }
        return "select \(cells.joined(separator: ", ")) from (\(query(selection))) as r"
    }

    /// The order of the rows, to be put after a query; "" for none.
    ///
    /// A month of accounting entries is in the order of their instants, with the lines of an entry
    /// together, as who imports it needs them. Other files are not sorted: they may be large.
    package func order(_ selection: Selection, isForPeople: Bool) -> String {
        let entry = columns.first { $0.name == "billing_event_id" }
        guard let date = selection.period?.date ?? date(nil),
            isForPeople || selection.period != nil && entry != nil
        else { return "" }
        let instant = columns.first { $0.type == "timestamp with time zone" }
        let names = [date.name] + (entry.map { [instant?.name, $0.name] } ?? []).compactMap { $0 }
        return " order by "
            + names.map(PostgresConnection.quoteIdentifier).joined(separator: ", ")
    }

    /// How far the report is behind what was loaded; nil if nothing waits.
    ///
    /// - Returns: a sentence.
    package func staleness(on postgres: PostgresConnection) throws -> String? {
        let row = try postgres.query(
            """
            select coalesce(max(pending_loads), 0) as loads,
                to_char(min(pending_since), 'YYYY-MM-DD HH24:MI') as since,
                to_char(min(refreshed_at), 'YYYY-MM-DD HH24:MI') as refreshed
            from marketplace.freshness
            -- Where nothing is said of it, it may be made of all.
            where relation = 'marketplace.' || $1 or not exists (
                select from marketplace.freshness where relation = 'marketplace.' || $1)
            """, [.text(relation)]
        ).only()
        let loads = try row.int("loads")
        guard loads > 0, let since = try row.optionalString("since") else { return nil }
        let refreshed = try row.optionalString("refreshed")
        return (refreshed.map { "as of \($0) UTC" } ?? "nothing was ever refreshed")
            + "; \(loads) \(loads == 1 ? "file" : "files") loaded since \(since) UTC "
            + "\(loads == 1 ? "waits" : "wait") for: sluice refresh"
    }
}
