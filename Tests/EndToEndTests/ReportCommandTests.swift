import Foundation
import Support
import Testing

/// `sluice report`, with no more than the role of a reader.
@Suite struct ReportCommandTests {
    /// A relation with everything that is awkward to print.
    private static let odd = """
        create view marketplace.odd as
        select * from (values
            (1, 'plain', 12345678901234567890.100::numeric, 0.1::double precision,
                timestamptz '2026-02-28 23:59:59.999999+00', date '2026-02-28', true),
            (2, e'a "b", c\\\\d\\r\\ne', null, null, timestamptz '2026-03-01 00:00:00+00',
                date '2026-03-01', null),
            (3, '', -0.000001, 1e300, timestamptz '2026-03-31 23:59:59.999999+00',
                date '2026-03-31', false),
            (4, null, 5, 0, timestamptz '2026-04-01 00:00:00+00', date '2026-04-01', null),
            (5, e'\\x1b[2J\\u00e9', 5, 0, null, null, null)
        ) as v (number, words, amount, about, seen_at, day, is_so);
        comment on view marketplace.odd is 'Odd: one row per oddity.';
        select resolved.grant_rights()
        """

    private func report(
        _ desk: Desk, _ arguments: String..., environment: [String: String] = [:]
    ) throws -> Finished {
        try desk.run(
            ["report"] + arguments + [
                "--database", desk.readerConninfo(),
            ],
            environment: environment)
    }

    private func load(_ desk: Desk, seed: Int, as seller: String? = nil) throws {
        let data = "\(desk.exports.path)/\(seller ?? "data")"
        let made = try desk.run(["simulate", data, "--seed", "\(seed)", "--months", "3"])
        #expect(made.status == 0)
        let done = try desk.run(["backfill", data] + (seller.map { ["--seller", $0] } ?? []))
        #expect(done.status == 0, "\(done)")
        #expect(try desk.run(["refresh"]).status == 0)
    }

    // MARK: What there is

    @Test func everyRelationThatIsNotTheHistoryOfAFeedIsListedWithItsComment() throws {
        let desk = try Desk()
        try desk.database.psql(Self.odd)
        let done = try report(desk)
        #expect(done.status == 0, "\(done)")
        let expected = try desk.database.psql(
            """
            select relname || '|' || obj_description(oid) from pg_class
            where relnamespace = 'marketplace'::regnamespace and relkind = 'v'
                and relname <> 'report' and regexp_replace(relname, '_current$', '') not in (
                    select table_name from ingest.feed where table_schema = 'sdds')
            """
        ).split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
        #expect(expected.count > 20)
        let lines = done.standardOutput.split(separator: "\n").map(String.init)
        for relation in expected {
            let name = relation[0].replacing(/_report$/, with: "").replacing("_", with: "-")
            let place = try #require(
                lines.firstIndex { $0.contains(" \(name)") || $0.contains(".\(name)") }, "\(name)")
            #expect(lines.contains("      " + relation[1]), "\(relation) at \(place)")
        }
        #expect(lines.count == 2 * expected.count + 2)
        #expect(lines.contains("  billed-revenue   month: invoice_date"))
        #expect(lines.contains("  odd"))
    }

    /// The one place where the dates are written down names dates that there are.
    @Test func everyDateOfAMonthIsAColumn() throws {
        let wrong = try Desk().database.psql(
            """
            select r.relation, r.month_column from marketplace.report r
            where r.month_column is not null and not exists (
                select from pg_attribute a
                where a.attrelid = format('marketplace.%I', r.relation)::regclass
                    and a.attname = r.month_column
                    and a.atttypid in ('timestamptz'::regtype, 'date'::regtype))
            union all
            select relation, 'none' from marketplace.report
            where month_column is null and is_aws_report
            """)
        #expect(wrong == "")
    }

    // MARK: What is printed

    @Test(arguments: [
        ("agreement", "agreement_report", "agreement_start_date"),
        ("billed-revenue", "billed_revenue_report", "invoice_date"),
        (
            "collections_and_disbursements", "collections_and_disbursements_report",
            "disbursement_date"
        ),
        ("taxation-report", "taxation_report", "invoice_date"),
        ("Usage", "usage_report", "usage_date"), ("usage_report", "usage_report", "usage_date"),
        ("marketplace.usage", "usage", "usage_date"), ("sales", "sales", "invoiced_at"),
        ("invoice-to-cash", "invoice_to_cash", "invoiced_at"),
        ("monthly-totals", "monthly_totals", "month"), ("journal", "journal", "booked_at"),
        ("trial-balance", "trial_balance", "month"),
    ])
    func aMonthOfAReportIsItsRowsOfThatMonth(
        name: String, relation: String, column: String
    ) throws {
        let desk = try Self.loaded.get()
        let month = "to_char(\(column)::timestamptz at time zone 'UTC', 'YYYY-MM') = '2026-02'"
        let rows = "select * from marketplace.\(relation) where \(month)"
        for (flag, copy) in [
            ("--csv", "copy (\(rows)) to stdout (format csv, header)"),
            ("--json", "select row_to_json(r) from (\(rows)) as r"),
        ] {
            let done = try report(desk, name, "--month", "2026-02", flag)
            #expect(done.status == 0, "\(done)")
            #expect(done.standardError == "")
            let expected = try desk.database.psql(copy).split(separator: "\n").sorted()
            #expect(expected.count > 3)
            #expect(done.standardOutput.split(separator: "\n").sorted() == expected)
        }
    }

    private static let loaded = Result {
        let desk = try Desk()
        try ReportCommandTests().load(desk, seed: 31)
        return desk
    }

    @Test func csvIsAsTheStandardHasIt() throws {
        let desk = try Desk()
        try desk.database.psql(Self.odd)
        let csv = try report(desk, "odd", "--csv").standardOutput
        #expect(
            csv == """
                number,words,amount,about,seen_at,day,is_so
                1,plain,12345678901234567890.100,0.1,2026-02-28 23:59:59.999999+00,2026-02-28,t
                2,"a ""b"", c\\d\r\ne",,,2026-03-01 00:00:00+00,2026-03-01,
                3,"",-0.000001,1e+300,2026-03-31 23:59:59.999999+00,2026-03-31,f
                4,,5,0,2026-04-01 00:00:00+00,2026-04-01,
                5,\u{1B}[2Jé,5,0,,,

                """)
    }

    /// Exact stays the default; numbers stay numbers.
    @Test func textsThatASpreadsheetWouldRunAreQuotedWhereAsked() throws {
        let desk = try Desk()
        let texts = [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u{FF1D}1", "\u{2212}1",
            "plain", "a=b", "5-3", "'=1", "",
        ]
        let values = texts.enumerated().map { "(\($0), e'\(Self.escaped($1))', -5.00)" }
        try desk.database.psql(
            """
            create view marketplace.risky as
            select n::integer as number, words::text, amount::numeric, array[words] as list
            from (values \(values.joined(separator: ", "))) as v (n, words, amount)
            """)
        let exact = try Self.records(report(desk, "risky", "--csv").standardOutput)
        #expect(exact.map { $0["words"] } == texts)
        let safe = try Self.records(report(desk, "risky", "--csv-for-spreadsheets").standardOutput)
        #expect(safe.map { $0["words"] } == texts.enumerated().map { $0 < 10 ? "'" + $1 : $1 })
        #expect(safe.allSatisfy { $0["amount"] == "-5.00" })
        #expect(safe.map { $0["number"] } == texts.indices.map(String.init))
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("'", with: "''").replacing("\t", with: "\\t").replacing("\r", with: "\\r")
            .replacing("\n", with: "\\n")
    }

    /// The records of a CSV text, by Python's reader.
    private static func records(_ csv: String) throws -> [[String: String]] {
        let script =
            "import csv, io, json, sys; "
            + "print(json.dumps(list(csv.DictReader(io.StringIO(sys.stdin.buffer.read().decode(), newline='')))))"
        let json = try Command("python3", ["-c", script], input: csv).output()
        return try #require(
            JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: String]])
    }

    @Test func jsonIsOneObjectALineWithExactNumbers() throws {
        let desk = try Desk()
        try desk.database.psql(Self.odd)
        let lines = try report(desk, "odd", "--json").standardOutput.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(
            lines.first == """
                {"number":1,"words":"plain","amount":12345678901234567890.100,"about":0.1,\
                "seen_at":"2026-02-28T23:59:59.999999+00:00","day":"2026-02-28","is_so":true}
                """)
        let words = try lines.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return (object as? [String: Any])?["words"] as? String
        }
        #expect(words == ["plain", "a \"b\", c\\d\r\ne", "", nil, "\u{1B}[2Jé"])
    }

    /// A month is one of UTC whatever the session's time zone, and half open.
    @Test(arguments: ["seen_at", "day"]) func aMonthHasAllOfItsInstants(column: String) throws {
        let desk = try Desk()
        try desk.database.psql(
            Self.odd
                + "; alter database \(desk.database.name) set timezone to 'Pacific/Auckland'")
        let done = try report(
            desk, "odd", "--month", "2026-03", "--by", column, "--csv",
            environment: ["PGTZ": "America/Los_Angeles"])
        let numbers = done.standardOutput.split(separator: "\r\n").joined().matches(of: /\n(\d),/)
        #expect(numbers.map { String($0.output.1) } == ["2", "3"], "\(done)")
    }

    /// The condition is on the column itself, so the server can look the month up.
    @Test func aMonthIsFoundByTheIndexOfItsDate() throws {
        let desk = try Desk()
        try desk.database.psql(
            """
            create table marketplace.moment as
            select timestamptz '2020-01-01 00:00:00+00' + n * interval '1 hour' as seen_at, n
            from generate_series(1, 100000) as n;
            create index moment_idx on marketplace.moment (seen_at);
            analyze marketplace.moment;
            select resolved.grant_rights()
            """)
        let done = try report(desk, "moment", "--month", "2026-03", "--by", "seen_at", "--csv")
        #expect(done.standardOutput.split(separator: "\n").count == 31 * 24 + 1)
        let scans = try desk.database.psql(
            "select idx_scan, seq_scan from pg_stat_user_tables where relname = 'moment'")
        #expect(scans.hasPrefix("1|"), "\(scans)")
    }

    @Test func whatFitsIsATableAndWhatDoesNotARecordBelowTheOther() throws {
        let desk = try Desk()
        try desk.database.psql(Self.odd)
        let table = try report(desk, "odd").standardOutput
        #expect(table.hasPrefix("number  words "), "\(table)")
        #expect(table.hasSuffix("\n(5 rows)\n"))
        #expect(table.contains(#"     2  a "b", c\d e"#))
        #expect(table.contains(#"     5  \u{1B}[2Jé"#))
        #expect(try report(desk, "ageing").standardOutput == "(0 rows)\n")
        // A terminal of 60 columns, as script(1) makes one.
        let command = "stty cols 60; exec \"$SLUICE\" report odd --database \"$DATABASE\""
        let narrow = try Command(
            "script", ["-qec", command, "/dev/null"],
            environment: desk.environment.merging([
                "SLUICE": desk.program.path, "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh",
                "DATABASE": desk.readerConninfo(),
            ]) { $1 }
        ).output().replacing("\r\n", with: "\n")
        #expect(
            narrow.hasPrefix(
                """
                -- 1 --
                number   1
                words    plain
                amount   12345678901234567890.100
                about    0.1
                seen_at  2026-02-28 23:59:59.999999+00
                day      2026-02-28
                is_so    t
                -- 2 --
                number   2
                words    a "b", c\\d e
                amount
                """), "\(narrow)")
    }

    // MARK: However much it is

    @Test(arguments: ["--csv", "--json", nil])
    func memoryDoesNotGrowWithTheReport(flag: String?) throws {
        let desk = try Desk()
        try desk.database.psql(
            """
            create view marketplace.large as
            select n, repeat('x', 2000) as words from generate_series(1, 100000) as n;
            select resolved.grant_rights()
            """)
        let child = try desk.start(
            ["report", "large"] + (flag.map { [$0] } ?? []) + [
                "--database", desk.readerConninfo(),
            ])
        var kibibytes = 0
        while child.isRunning {
            // Gone is an answer too: then the peak is the one that was seen last.
            let status = (try? String(contentsOfFile: "/proc/\(child.pid)/status", encoding: .utf8))
            let peak = status?.firstMatch(of: /VmHWM:\s+(\d+)/).flatMap { Int($0.output.1) }
            kibibytes = max(kibibytes, peak ?? 0)
            usleep(5_000)  // a poll: memory gives no sign when it grows
        }
        let done = child.wait()
        #expect(done.status == 0)
        #expect(done.standardOutput.utf8.count > 200_000_000)
        #expect((1...65_536).contains(kibibytes))
    }

    /// Without an end of its own: it ends because nobody reads any more.
    @Test(arguments: ["--csv", "--json", ""], ["", "trap '' PIPE; "])
    func aReaderThatHasEnoughEndsItQuietly(flag: String, before: String) throws {
        let desk = try Desk()
        try desk.database.psql(
            """
            create view marketplace.endless as
            with recursive endless (n) as (select 1 union all select (n % 1000) + 1 from endless)
            select n from endless;
            select resolved.grant_rights()
            """)
        let script = """
            \(before)set -o pipefail; \
            "$SLUICE" report endless \(flag) --database "$DATABASE" | head -n 3 > /dev/null
            """
        let done = try Command(
            "bash", ["-c", script],
            environment: desk.environment.merging([
                "SLUICE": desk.program.path, "PATH": "/usr/bin:/bin",
                "DATABASE": desk.readerConninfo(),
            ]) { $1 }
        ).run(limitSeconds: 60)
        #expect(done.status == 0, "\(done)")
        #expect(done.standardError == "")
        let left =
            "select count(*) from pg_stat_activity where query like '%endless%' and pid <> pg_backend_pid()"
        var waited = 0
        while try desk.database.psql(left) != "0", waited < 500 {
            waited += 1
            usleep(10_000)  // the server gives up when it notices
        }
        #expect(waited < 500)
    }

    @Test func aFullDiskIsTold() throws {
        let desk = try Desk()
        let done = try Command(
            "sh",
            ["-c", "\"$SLUICE\" report freshness --csv --database \"$DATABASE\" > /dev/full"],
            environment: desk.environment.merging([
                "SLUICE": desk.program.path, "DATABASE": desk.database.conninfo,
            ]) { $1 }
        ).run()
        #expect(done.status == 69)
        #expect(done.standardError == "sluice: standard output: No space left on device\n")
    }

    // MARK: Whose, and how fresh

    @Test func aSellersReportIsThatSellersOnly() throws {
        let desk = try Desk()
        for (seller, seed) in [("acme", 41), ("bolt", 42)] {
            #expect(try desk.run(["seller", "add", seller]).status == 0)
            try load(desk, seed: seed, as: seller)
        }
        func count(_ more: String...) throws -> Int {
            let done = try desk.run(
                ["report", "billed-revenue", "--json", "--database"]
                    + [desk.readerConninfo()] + more)
            return done.standardOutput.split(separator: "\n").count
        }
        let expected = try desk.database.psql(
            "select count(*) from marketplace.billed_revenue_report group by seller_id order by seller_id"
        ).split(separator: "\n").map { Int($0) }
        #expect(try [count("--seller", "acme"), count("--seller", "bolt")] == expected)
        #expect(try count() == expected.reduce(0) { $0 + ($1 ?? 0) })
        let unknown = try report(desk, "billed-revenue", "--seller", "acne")
        #expect(unknown.status == 78)
        #expect(unknown.standardError == "sluice: there is no seller acne; there are: acme, bolt\n")
    }

    @Test func whatWaitsForARefreshIsTold() throws {
        let desk = try Desk()
        try desk.deliver(Desk.products(), to: Desk.productKey())
        #expect(try desk.backfill(["--no-refresh"]).status == 0)
        for name in ["billed-revenue", "sales", "seller"] {
            let done = try report(desk, name, "--csv")
            #expect(done.status == 0)
            #expect(
                done.standardError.wholeMatch(
                    of:
                        #/sluice: [a-z-]+: nothing was ever refreshed; 1 file loaded since 20.+ UTC waits for: sluice refresh\n/#
                ) != nil, "\(done)")
        }
        // Products say nothing of taxes that were not loaded; of this report they do.
        #expect(try desk.run(["refresh"]).status == 0)
        try desk.deliver(Desk.products(1...4), to: Desk.productKey())
        #expect(try desk.backfill(["--no-refresh"]).status == 0)
        let stale = try report(desk, "taxation").standardError
        #expect(stale.hasPrefix("sluice: taxation: as of 20"), "\(stale)")
        #expect(try desk.run(["refresh"]).status == 0)
        #expect(try report(desk, "taxation").standardError == "")
    }

    // MARK: What is wrong

    @Test func whatIsWrongIsToldWithWhatThereIs() throws {
        let desk = try Desk()
        for (arguments, status, says) in [
            (["bogus"], 64, "there is no report \"bogus\"; there are: agreement, billed-revenue, "),
            (["account"], 64, "there is no report \"account\"; there are: "),
            (["ageing", "--month", "2026-03"], 64, "ageing is not of a month"),
            (
                ["disbursement", "--month", "2026-03", "--by", "amount"], 64,
                "disbursement has no date amount; its dates are: paid_at, failed_at\n"
            ),
            (["freshness", "--seller", "default"], 64, "freshness is not of a seller\n"),
        ] as [([String], Int32, String)] {
            let done = try desk.run(
                ["report"] + arguments + [
                    "--database", desk.readerConninfo(),
                ])
            #expect(done.status == status)
            #expect(done.standardOutput == "")
            #expect(done.standardError.hasPrefix("sluice: " + says), "\(done)")
        }
        let bare = try Desk(isMigrated: false).run(["report", "ageing"])
        #expect(bare.status == 78)
        #expect(bare.standardError.contains("run: sluice migrate"))
    }
}
