import Foundation
import Support
import Testing

/// What a finance person takes out of `sluice report`, month by month, as a reader.
@Suite struct JournalReportTests {
    enum Kind: String, CaseIterable {
        case simulated, awkward
    }

    private static let reports = [
        "journal", "sales", "monthly-totals", "trial-balance", "collection", "disbursement",
        "disbursement-content",
    ]

    static let simulated = Result {
        let desk = try Desk()
        let made = try desk.run([
            "simulate", desk.exports.path + "/data", "--seed", "5", "--months", "3",
        ])
        guard made.succeeded else { throw made }
        try desk.loadAll()
        return desk
    }

    static let awkward = Result {
        let desk = try Desk()
        try Oracle.output(["awkward.money", "3", desk.exports.path + "/data"])
        try desk.loadAll()
        return desk
    }

    static func desk(_ kind: Kind) throws -> Desk {
        try (kind == .simulated ? simulated : awkward).get()
    }

    private func csv(_ desk: Desk, _ arguments: String...) throws -> ExactCSV {
        let done = try desk.run(
            ["report"] + arguments + ["--csv", "--database", desk.readerConninfo()])
        #expect(done.status == 0, "\(done)")
        #expect(done.standardError == "")
        return ExactCSV(done.standardOutput)
    }

    /// What `--month` calls the month of a date as it is printed.
    private func month(_ date: String?) -> String {
        date.flatMap { $0.isEmpty ? nil : String($0.prefix(7)) } ?? "unknown"
    }

    private func decimal(_ row: [String: String], _ column: String) throws -> Decimal {
        try #require(Decimal(string: row[column] ?? ""), "\(column): \(row)")
    }

    // MARK: Months

    @Test(arguments: reports, Kind.allCases)
    func monthsAndUnknownAreEveryRowOnce(report: String, kind: Kind) throws {
        let desk = try Self.desk(kind)
        let all = try csv(desk, report)
        let date = try desk.database.psql(
            "select month_column from marketplace.report where name = '\(report)'")
        let byMonth = Dictionary(grouping: all.records) { month(all.fields($0)[date]) }
        #expect(byMonth.count > 2)
        #expect(byMonth["unknown"] == nil || kind == .awkward, "\(byMonth.keys)")
        // Nearly every line has a day of its own, or its payout's.
        #expect(
            byMonth["unknown"] != nil || kind == .simulated || report == "disbursement-content")
        for month in Set(byMonth.keys).union(["unknown", "1999-12"]) {
            let part = try csv(desk, report, "--month", month)
            #expect(part.header == all.header)
            #expect(part.records.sorted() == byMonth[month, default: []].sorted(), "\(month)")
        }
    }

    /// Also by another date than the report's own, and however it is printed.
    @Test func anUnknownMonthIsThatOfTheRowsWithoutTheDate() throws {
        let desk = try Self.awkward.get()
        let standing = "select count(*) from marketplace.disbursement where failed_at is null"
        let expected = try #require(Int(desk.database.psql(standing)))
        #expect(expected > 1)
        let by = ["report", "disbursement", "--month", "unknown", "--by", "failed-at"]
        for flag in ["--csv", "--csv-for-spreadsheets", "--json"] {
            let done = try desk.run(by + [flag, "--database", desk.readerConninfo()])
            #expect(done.status == 0, "\(done)")
            let lines = done.standardOutput.split(separator: "\n").count
            #expect(lines == expected + (flag == "--json" ? 0 : 1))
        }
        let text = try desk.run(by + ["--database", desk.readerConninfo()])
        #expect(text.standardOutput.hasSuffix("\n(\(expected) rows)\n"))
        let upper = try csv(desk, "disbursement", "--month", "Unknown", "--by", "failed_at")
        #expect(upper.records.count == expected)
    }

    @Test func aReportThatIsNotOfAMonthHasNoUnknownMonthEither() throws {
        let desk = try Self.simulated.get()
        for (report, says) in [
            ("ledger-account", "ledger-account is not of a month"),
            (
                "ageing",
                "ageing is not of a month; its dates are: oldest_due_at; name one with --by"
            ),
        ] {
            for month in ["2026-03", "unknown"] {
                let done = try desk.run([
                    "report", report, "--month", month, "--database", desk.readerConninfo(),
                ])
                #expect(done.status == 64)
                #expect(done.standardError == "sluice: \(says)\n")
                #expect(done.standardOutput == "")
            }
        }
        let done = try csv(desk, "ageing", "--month", "unknown", "--by", "oldest-due-at")
        #expect(done.header.contains("outstanding"))
    }

    // MARK: Debit and credit

    /// In the file itself, as an accounting system adds it up.
    @Test(arguments: Kind.allCases) func everyEntryOfAMonthComesToZero(kind: Kind) throws {
        let desk = try Self.desk(kind)
        let all = try csv(desk, "journal")
        let months = Set(all.rows.map { month($0["booked_at"]) })
        for month in months {
            let lines = try csv(desk, "journal", "--month", month).rows
            let sums = try Dictionary(
                lines.map { line in
                    let amount = try decimal(line, "amount")
                    let (debit, credit) = try (decimal(line, "debit"), decimal(line, "credit"))
                    #expect(debit - credit == amount && min(debit, credit) == 0, "\(line)")
                    #expect(line["month"] == (month == "unknown" ? "" : month + "-01"))
                    #expect(line["day"] == String((line["booked_at"] ?? "").prefix(10)))
                    return ([line["billing_event_id"], line["day"], line["currency"]], amount)
                }, uniquingKeysWith: +)
            #expect(!sums.isEmpty)
            let instants = lines.map { $0["booked_at"] ?? "" }
            let isInOrder = instants == instants.sorted()
            #expect(isInOrder, "\(month)")
            // The lines of an entry stand together: as many runs as there are entries.
            let entries = lines.map { [$0["booked_at"], $0["billing_event_id"]] }
            let runs = 1 + zip(entries, entries.dropFirst()).count { $0 != $1 }
            #expect(runs == Set(entries).count)
            #expect(sums.values.allSatisfy { $0 == 0 }, "\(month): \(sums.filter { $1 != 0 })")
        }
        let chart = Set(try csv(desk, "ledger-account").rows.map { $0["account"] })
        let unlisted = Set(all.rows.map { $0["account"] }).subtracting(chart)
        #expect(unlisted.isEmpty, "\(unlisted)")
    }

    /// Who adds up the journal's files has the trial balance, cell by cell.
    @Test(arguments: Kind.allCases) func theTrialBalanceIsTheJournalAddedUp(kind: Kind) throws {
        let desk = try Self.desk(kind)
        let lines = try csv(desk, "journal").rows
        let balances = try csv(desk, "trial-balance").rows
        let months = Set(balances.map { $0["month"] ?? "" })
        #expect(months.isSuperset(of: lines.map { $0["month"] ?? "" }))
        for month in months {
            // What has no month comes before all: an empty text does so too.
            let moved = try sums(lines.filter { $0["month"] == month })
            let before = try sums(lines.filter { ($0["month"] ?? "") < month })
            let rows = balances.filter { $0["month"] == month }
            for row in rows {
                let key = Self.account(row)
                #expect(try decimal(row, "debit") == moved[key]?.debit ?? 0, "\(row)")
                #expect(try decimal(row, "credit") == moved[key]?.credit ?? 0, "\(row)")
                let opening = before[key].map { $0.debit - $0.credit } ?? 0
                #expect(try decimal(row, "opening") == opening, "\(row)")
                let closing = try decimal(row, "opening") + moved.balance(key)
                #expect(try decimal(row, "closing") == closing, "\(row)")
            }
            #expect(Set(moved.keys).isSubset(of: rows.map(Self.account)))
        }
    }

    private static func account(_ row: [String: String]) -> [String?] {
        [row["seller_id"], row["recipient_account_id"], row["currency"], row["account"]]
    }

    private func sums(_ lines: [[String: String]]) throws -> [[String?]: Movement] {
        try lines.reduce(into: [:]) { sums, line in
            sums[Self.account(line), default: Movement()].debit += try decimal(line, "debit")
            sums[Self.account(line), default: Movement()].credit += try decimal(line, "credit")
        }
    }
}

/// What an account moved.
private struct Movement {
    var debit: Decimal = 0
    var credit: Decimal = 0
}

extension [[String?]: Movement] {
    fileprivate func balance(_ key: [String?]) -> Decimal {
        self[key].map { $0.debit - $0.credit } ?? 0
    }
}
