internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Postgres

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints a report or another relation of marketplace, for people without SQL.",
        discussion: """
            The five reports of AWS Marketplace, and sales, usage, invoice-to-cash, ageing and so on. \
            Without a name it lists them all.

              sluice report billed-revenue --month 2026-03
              sluice report collections-and-disbursements --month 2026-03 --csv > march.csv
              sluice report journal --month 2026-03 --csv
              sluice report journal --month unknown
              sluice report ageing

            A month is one of UTC, and goes by the date that the list names: agreements by their \
            start, billed revenue and taxes by invoice, collections and disbursements by payout, usage \
            by day, the journal by booking. --by takes another date; AWS's own query takes \
            payment_due_date for collections and disbursements.

            AWS leaves some dates empty. Rows without the date are in no month; --month unknown \
            prints them. All months and unknown together are every row once.

            It needs no more than the role sluice_reader. What was loaded and not refreshed yet is \
            not in it, and standard error says so.
            """)

    @Argument(
        help: ArgumentHelp(
            "Which report, such as billed-revenue or billed_revenue_report.", valueName: "name"))
    var name: String?

    @OptionGroup var options: SettingsOptions

    @Option(
        help: ArgumentHelp(
            "Only this month, such as 2026-03; unknown: only rows without the date.",
            valueName: "month"))
    var month: String?

    @Option(
        help: ArgumentHelp(
            "The date that the month is one of. (default: as the list says)", valueName: "column"))
    var by: String?

    @Option(help: ArgumentHelp("Only this seller. (default: all)", valueName: "name"))
    var seller: String?

    @Flag(help: "CSV with a header (RFC 4180); an empty field is null, an empty text is quoted.")
    var csv = false

    @Flag(
        help: ArgumentHelp(
            "CSV to be opened with a spreadsheet program.",
            discussion: """
                As --csv, with an apostrophe before each text that such a program would run as a \
                formula. Texts that others wrote can begin with =, +, - or @; numbers are unchanged.
                """))
    var csvForSpreadsheets = false

    @Flag(help: "One JSON object a line; numbers exact, instants ISO 8601.")
    var json = false

    func validate() throws {
        if [csv, csvForSpreadsheets, json].count(where: { $0 }) > 1 {
            throw ValidationError("--csv, --csv-for-spreadsheets or --json, one of them")
        }
        if by != nil, month == nil { throw ValidationError("--by goes with --month") }
        if name == nil,
            month != nil || by != nil || seller != nil || csv || json
                || csvForSpreadsheets
        {
            throw ValidationError("name a report; without one, sluice report lists them")
        }
        _ = try month.map(Self.calendarMonth)
    }

    func run() async throws {
        let settings = try options.resolve()
        // A reader may not look at what was migrated: the relation itself will tell.
        let database =
            try settings.database == nil
            ? Database.open(settings, for: .reading) : Database.find(settings, for: .reading)
        let postgres = try database.connect()
        let reports = try Self.reports(on: postgres)
        guard let name else { return say(ReportList(reports).lines) }
        guard let report = reports.first(where: { $0.isCalled(name) }) else {
            throw CommandFailure(
                .commandLine,
                "there is no report \"\(name)\"; there are: "
                    + reports.map(\.name).joined(separator: ", "))
        }
        let selection = try selection(of: report, on: postgres)
        // A reader that has enough ends us, and need not be told.
        do {
            try postgres.transaction {
                try postgres.execute(
                    """
                    set transaction isolation level repeatable read, read only;
                    set local jit = off; set local cursor_tuple_fraction = 1
                    """)
                if let stale = try report.staleness(on: postgres) {
                    note("sluice: \(report.name): \(stale)")
                }
                try print(report, selection, on: postgres)
            }
        } catch is StandardOutput.IsClosed {}
    }

    private func print(
        _ report: MarketplaceReport, _ selection: MarketplaceReport.Selection,
        on postgres: PostgresConnection
    ) throws {
        let rows =
            csvForSpreadsheets ? report.spreadsheetQuery(selection) : report.query(selection)
        let isForPeople = !(csv || csvForSpreadsheets || json)
        let query = rows + report.order(selection, isForPeople: isForPeople)
        guard !isForPeople else {
            return try ReportText(report.columns).print(query, on: postgres)
        }
        var output = StandardOutput()
        // No JSON text has these two bytes, so it stands there as it is.
        let copy =
            !json
            ? "copy (\(query)) to stdout (format csv, header)"
            : """
            copy (select row_to_json(r) from (\(query)) as r) to stdout
                (format csv, quote e'\\x01', delimiter e'\\x02')
            """
        try postgres.copyOut(copy) { try output.write($0) }
        try output.flush()
    }

    private static func reports(
        on postgres: PostgresConnection
    ) throws -> [MarketplaceReport] {
        do {
            return try MarketplaceReport.all(on: postgres)
        } catch let error as PostgresError where ["42P01", "3F000"].contains(error.sqlState) {
            // PostgreSQL, "Error Codes": undefined_table, invalid_schema_name.
            throw CommandFailure(
                .configuration,
                "the database has no schema marketplace, or an older one; run: sluice migrate")
        }
    }

    private func selection(
        of report: MarketplaceReport, on postgres: PostgresConnection
    ) throws -> MarketplaceReport.Selection {
        var selection = MarketplaceReport.Selection()
        if let month {
            guard let date = report.date(by?.replacing("-", with: "_")) else {
                throw CommandFailure(.commandLine, noDate(of: report))
            }
            selection.period = MarketplaceReport.Period(
                month: try Self.calendarMonth(month), date: date)
        }
        if let seller {
            guard report.columns.contains(where: { $0.name == "seller_id" }) else {
                throw CommandFailure(.commandLine, "\(report.name) is not of a seller")
            }
            selection.sellerID = try Self.sellerID(seller, on: postgres)
        }
        return selection
    }

    private func noDate(of report: MarketplaceReport) -> String {
        let dates = report.columns.filter(\.isDate).map(\.name).joined(separator: ", ")
        return report.name + (by.map { " has no date \($0)" } ?? " is not of a month")
            + (dates.isEmpty ? "" : "; its dates are: " + dates)
            + (by == nil && !dates.isEmpty ? "; name one with --by" : "")
    }

    // `Seller` needs more than a reader may see.
    private static func sellerID(
        _ name: String, on postgres: PostgresConnection
    ) throws -> Int32 {
        let rows = try postgres.query("select seller_id, seller from marketplace.seller order by 2")
        for row in rows where try row.string("seller") == name {
            return Int32(try row.int("seller_id"))
        }
        let names = try rows.map { try $0.string("seller") }
        throw CommandFailure(
            .configuration,
            "there is no seller \(name); there "
                + (names.isEmpty ? "is none" : "are: " + names.joined(separator: ", ")))
    }

    /// The month that is meant; nil for `unknown`.
    private static func calendarMonth(_ text: String) throws -> MarketplaceReport.Month? {
        guard text.lowercased() != "unknown" else { return nil }
        let isOne = text.wholeMatch(of: #/(\d{4})-(\d{2})/#)
        guard let (_, year, number) = isOne?.output, let year = Int(year), year > 0,
            let number = Int(number), (1...12).contains(number)
        else {
            throw ValidationError(
                "--month: \"\(text)\" is not a month such as 2026-03, nor unknown")
        }
        return MarketplaceReport.Month(year: year, month: number)
    }
}
