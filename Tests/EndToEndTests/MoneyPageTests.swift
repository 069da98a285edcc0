import Foundation
import Support
import Testing

/// The example and the import of `docs/money.md`: both are run, and the figures are those shown.
@Suite struct MoneyPageTests {
    /// A query of the page and the output below it, if there is one.
    struct Example {
        let sql: String
        let output: [String]
    }

    /// A section of the page: its prose, and its queries.
    struct Section {
        let prose: String
        let examples: [Example]

        init(_ title: String) throws {
            let text = try Manual("docs/money.md").text.components(separatedBy: "\n## ")
                .first { $0.hasPrefix(title + "\n") }
            let parts = try #require(text, "\(title)").components(separatedBy: "```")
            var prose = parts.first ?? ""
            var examples: [Example] = []
            for index in stride(from: 1, to: parts.count - 1, by: 2) {
                try #require(parts[index].hasPrefix("sql\n"))
                let lines = parts[index + 1].split(
                    separator: "\n", omittingEmptySubsequences: false)
                let output = lines.filter { $0.hasPrefix("    ") }.map { String($0.dropFirst(4)) }
                examples.append(Example(sql: String(parts[index].dropFirst(4)), output: output))
                prose += lines.filter { !$0.hasPrefix("    ") }.joined(separator: "\n")
            }
            self.prose = prose
            self.examples = examples
        }
    }

    /// What psql prints, without blanks at the ends of lines.
    private func printed(_ sql: String, on desk: Desk) throws -> [String] {
        try Command(
            "psql",
            ["-qX", "-P", "footer=off", "-P", "pager=off", "-d", desk.readerConninfo(), "-c", sql],
            environment: ["PGTZ": "UTC", "PATH": "/usr/bin:/bin"]
        ).output().split(separator: "\n").map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The seller of `scripts/demo --months 2`, which has the simulation's defaults.
    private static let demo = Result {
        let desk = try Desk()
        let made = try desk.run(["simulate", desk.exports.path + "/data", "--months", "2"])
        guard made.succeeded else { throw made }
        try desk.loadAll()
        return desk
    }

    @Test func theInvoiceIsThatOfTheDemosSeller() throws {
        let desk = try Self.demo.get()
        let section = try Section("One invoice, from invoice to bank")
        #expect(section.prose.contains("    scripts/demo --months 2\n"))
        #expect(section.examples.count > 5)
        for example in section.examples {
            #expect(try printed(example.sql, on: desk) == example.output, "\(example.sql)")
        }
        // What the sentences say is in the tables.
        let shown = section.examples.flatMap(\.output).joined(separator: "\n")
        let figures = section.prose.matches(of: /\d+\.\d\d|\d+(?= lines)/).map { String($0.output) }
        #expect(Set(figures).count > 5)
        for figure in figures {
            #expect(shown.contains(figure), "\(figure)")
        }
        let ageing = try desk.database.psql(
            "select sum(outstanding) from marketplace.ageing where currency = 'USD'")
        #expect(figures.contains(ageing))
    }

    // MARK: Into an accounting system

    @Test(arguments: JournalReportTests.Kind.allCases)
    func theFileForQuickBooksIsTheMonthsJournal(kind: JournalReportTests.Kind) throws {
        let desk = try JournalReportTests.desk(kind)
        let section = try Section("Into an accounting system")
        try #require(section.examples.count == 1)
        let sql = section.examples[0].sql
        let file = try Command(
            "psql", ["-qX", "--csv", "-d", desk.readerConninfo(), "-f", "-"],
            environment: ["PATH": "/usr/bin:/bin"], input: sql
        ).output()
        let csv = ExactCSV(file)
        #expect(
            csv.header == [
                "Journal No.", "Journal Date", "Account Name", "Description", "Debits", "Credits",
            ])
        let journals = Dictionary(grouping: csv.rows) { $0["Journal No."] ?? "" }
        #expect(journals.count > 1)
        for (number, lines) in journals {
            #expect((1...21).contains(number.count), "\(number)")
            #expect(Set(lines.map { $0["Journal Date"] }) == ["03/31/2026"])
            let debits = lines.compactMap { Decimal(string: $0["Debits"] ?? "") }
            let credits = lines.compactMap { Decimal(string: $0["Credits"] ?? "") }
            #expect(debits.count + credits.count == lines.count)
            #expect((debits + credits).allSatisfy { $0 > 0 })
            #expect(debits.reduce(0, +) == credits.reduce(0, +), "\(number)")
        }
        // The journal added up by account, without the relation that the query reads.
        let expected = try desk.rows(
            """
            select concat_ws('-', '2026-03', currency, right(recipient_account_id, 8)), account,
                case when sum(amount) > 0 then trim_scale(sum(amount)) end,
                case when sum(amount) < 0 then trim_scale(-sum(amount)) end
            from marketplace.journal
            where booked_at >= '2026-03-01 00:00Z' and booked_at < '2026-04-01 00:00Z'
            group by seller_id, recipient_account_id, currency, account having sum(amount) <> 0
            """)
        let found = csv.rows.map { row in
            let account = (row["Description"] ?? "").replacing("AWS Marketplace ", with: "")
            let amounts = ["Debits", "Credits"].map { column in
                Decimal(string: row[column] ?? "").map { "\($0)" } ?? ""
            }
            return ([row["Journal No."] ?? "", account] + amounts).joined(separator: "|")
        }
        #expect(found.sorted() == expected.sorted())
    }

    /// Each account of the chart has a name there, and no other has.
    @Test func theQueryNamesEveryAccount() throws {
        let sql = try Section("Into an accounting system").examples.map(\.sql).joined()
        let named = sql.matches(of: /\('([a-z_]+)', '[^']+'\)/).map { String($0.output.1) }
        let chart = try JournalReportTests.simulated.get().rows(
            "select account from marketplace.ledger_account where class <> 'unknown' order by place"
        )
        #expect(named == chart)
    }
}
