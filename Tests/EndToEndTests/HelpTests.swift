import Support
import Testing

/// What a person reads who has no manual, and what a script reads: the exit code.
@Suite struct HelpTests {
    let program: Program

    init() throws { program = try Program() }

    /// Every command, and what its help must teach beside its options.
    static let commands: [(command: [String], says: [String])] = [
        (["worker"], ["--seller <name>", "--drain", "SIGTERM", "dead letters", "refresh_seconds"]),
        (
            ["backfill"],
            [
                "<location>", "--seller <name>", "--bucket <bucket>", "--feed <feed>",
                "--since <date>", "--until <date>", "--refresh/--no-refresh", "--dry-run",
                "sluice backfill s3://acme-sdds",
            ]
        ),
        (["status"], ["--json", "--check", "--queues/--no-queues"]),
        (
            ["rejects", "list"],
            ["--feed <feed>", "--seller <seller>", "--limit <limit>", "--all", "--json"]
        ),
        (["rejects", "show"], ["<ids>", "--column <column>", "--cause <cause>", "--file <file>"]),
        (["rejects", "replay"], ["<ids>", "--feed <feed>", "--dry-run", "ingest.alias"]),
        (["rejects", "dismiss"], ["<ids>", "--note <note>", "--all"]),
        (
            ["rejects", "budget"],
            ["<feed>", "--count <count>", "--share <share>", "--none", "commits a file once"]
        ),
        (
            ["request", "ask"],
            [
                "<data-set>", "--date <date>", "--from <date>", "--until <date>",
                "--since <since>", "--due", "--failed", "--again", "--dry-run",
                "--seller <name>", "31 days", "requests_per_hour",
            ]
        ),
        (
            ["request", "list"],
            ["--seller <name>", "--status <status>", "--json", "superseded", "no_data"]
        ),
        (
            ["request", "support-contacts"],
            ["--from <instant>", "--test", "--again", "Deprecated by AWS", "2022-11-30"]
        ),
        (["accept"], ["<file>", "--all"]),
        (["keep"], ["<file>", "--all"]),
        (["refresh"], ["--full", "marketplace.freshness"]),
        (
            ["report"],
            [
                "<name>", "--month <month>", "--by <column>", "--seller <name>", "--csv", "--json",
                "sluice_reader", "payment_due_date", "ISO 8601", "one of UTC",
            ]
        ),
        (["acknowledge"], ["AWS Partner Central"]),
        (
            ["entitlements", "sync"],
            ["--product <code>", "--seller <name>", "aws-marketplace:GetEntitlements"]
        ),
        (
            ["entitlements", "list"],
            ["--customer <customer>", "--on <date>", "--product <code>", "--seller <name>"]
        ),
        (
            ["reload"],
            ["--feed <feed>", "--file <file>", "--seller <name>", "--dry-run", "one transaction"]
        ),
        (
            ["seller", "add"],
            [
                "<name>", "--location <place>", "--queue <url>", "--account <12 digits>",
                "--region <region>", "--role <arn>", "--external-id <id>", "--cas-role <arn>",
                "--cas-location <place>", "--cas-topic <arn>",
            ]
        ),
        (["seller", "list"], []),
        (["migrate"], ["one transaction", "sluice_reader", "sluice_auditor"]),
        (["database", "start"], []),
        (["database", "stop"], []),
        (["database", "url"], []),
        (["simulate"], ["<target>", "--seed <seed>", "--months <months>", "--each-day"]),
        (["demo"], ["--days <days>", "ministack", "scripts/demo"]),
    ]

    static let sharedOptions = [
        "--database <conninfo>", "SLUICE_DATABASE_URL", "--state <state>", "SLUICE_STATE",
        "--schema <schema>", "SLUICE_SCHEMA", "--config <config>", "SLUICE_CONFIG",
        "--log-level <log-level>", "SLUICE_LOG_LEVEL",
    ]

    @Test(arguments: commands)
    func everyCommandExplainsItselfAndItsOptions(command: [String], says: [String]) throws {
        let done = try program.run(command + ["--help"])
        #expect(done.status == 0)
        #expect(done.standardError == "")
        // Folded at 80 columns.
        let text = done.standardOutput.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.hasPrefix("OVERVIEW: "))
        #expect(text.contains("USAGE: sluice \(command.joined(separator: " "))"))
        for word in says + Self.sharedOptions { #expect(text.contains(word), "\(word)") }
        // No option without an explanation: its line, or the next, goes on behind the name.
        let lines = done.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
        for (line, next) in zip(lines, lines.dropFirst()) where line.hasPrefix("  -") {
            let explained = line.dropFirst(2).contains("  ") || next.hasPrefix("         ")
            #expect(explained, "\(line)")
        }
    }

    @Test func theProgramListsItsCommandsAndExitCodes() throws {
        let done = try program.run(["--help"])
        #expect(done.status == 0)
        for (command, _) in Self.commands {
            #expect(done.standardOutput.contains("\n  \(command[0]) "), "\(command)")
        }
        for code in [0, 1, 64, 69, 75, 78] {
            #expect(done.standardOutput.contains("\n  \(code) "), "\(code)")
        }
        for command in ["seller", "database", "rejects", "request", "entitlements"] {
            let help = try program.run([command, "--help"])
            #expect(help.standardOutput.contains("SUBCOMMANDS:"))
        }
    }

    @Test func theVersionIsTold() throws {
        let done = try program.run(["--version"])
        #expect(done.status == 0)
        #expect(done.standardOutput.wholeMatch(of: #/\d+\.\d+\.\d+\n/#) != nil)
    }

    /// Wrong command lines, and the first line of the answer.
    static let mistakes: [(command: [String], says: String)] = [
        (["bogus"], "Error: Unexpected argument 'bogus'"),
        (["status", "--jason"], "Error: Unknown option '--jason'. Did you mean '--json'?"),
        (["backfill"], "Error: Missing expected argument '<location>'"),
        (
            ["backfill", ".", "--since", "2026-13"],
            "Error: --since: \"2026-13\" is not a month such as 2024-01 or a day such as 2024-01-31"
        ),
        (
            ["backfill", ".", "--since", "lately"],
            "Error: --since: \"lately\" is not a month such as 2024-01 or a day such as 2024-01-31"
        ),
        (
            ["backfill", ".", "--until", "2026-02-29"],
            "Error: --until: \"2026-02-29\" is not in the calendar"
        ),
        (
            ["backfill", ".", "--since", "2026-02", "--until", "2026-01"],
            "Error: --since 2026-02-01 is after --until 2026-01-31"
        ),
        (["rejects", "--limit", "0"], "Error: --limit must be a number above 0"),
        (["rejects", "show", "seven"], "Error: The value 'seven' is invalid for '<ids>'"),
        (["rejects", "dismiss", "7"], "Error: Missing expected argument '--note <note>'"),
        (
            ["rejects", "dismiss", "--note", "x"],
            "Error: say which rejects, by number or option, or say --all"
        ),
        (
            ["rejects", "dismiss", "7", "--all", "--note", "x"],
            "Error: say which rejects, by number or option, or say --all"
        ),
        (["rejects", "dismiss", "7", "--note", " "], "Error: --note must say why"),
        (["rejects", "budget", "--count", "1"], "Error: name the feed"),
        (
            ["rejects", "budget", "sdds.product", "--none", "--count", "1"],
            "Error: --none goes without --count and --share"
        ),
        (
            ["rejects", "budget", "sdds.product", "--share", "101%"],
            "Error: --share: \"101%\" is not a part such as 0.01 or 1%, at most 1 or 100%"
        ),
        (
            ["request"],
            "Error: say which dates: --date, --from, --since, --due or --failed, one of them"
        ),
        (
            ["request", "--due", "--since", "2026-01"],
            "Error: say which dates: --date, --from, --since, --due or --failed, one of them"
        ),
        (
            ["request", "--date", "2026-01-01"],
            "Error: name a data set, or say --since or --due for all of them"
        ),
        (
            ["request", "daily_business_fees", "--date", "2026-02-30"],
            "Error: --date: \"2026-02-30\" is not in the calendar"
        ),
        (
            ["request", "--due", "--until", "2026-01-01"],
            "Error: --until goes with --from or --since"
        ),
        (
            ["request", "support-contacts", "--from", "lately"],
            "Error: --from: \"lately\" is not an instant such as 2022-01-31T00:00:00Z"
        ),
        (
            ["request", "list", "--status", "lost"],
            "Error: --status: one of waiting, asking, requested, delivered, no_data, failed, superseded"
        ),
        (
            ["seller", "add", "acme", "--cas-role", "arn:aws:iam::111122223333:role/r"],
            "Error: --cas-role, --cas-location and --cas-topic go together"
        ),
        (
            ["report", "ageing", "--month", "2026-3"],
            "Error: --month: \"2026-3\" is not a month such as 2026-03, nor unknown"
        ),
        (
            ["report", "ageing", "--month", "2026-13"],
            "Error: --month: \"2026-13\" is not a month such as 2026-03, nor unknown"
        ),
        (
            ["report", "ageing", "--csv", "--json"],
            "Error: --csv, --csv-for-spreadsheets or --json, one of them"
        ),
        (["report", "sales", "--by", "invoiced_at"], "Error: --by goes with --month"),
        (["report", "--csv"], "Error: name a report; without one, sluice report lists them"),
        (["accept"], "Error: name a file, or say --all"),
        (["accept", "key", "--all"], "Error: name a file, or say --all"),
        (["keep"], "Error: name a file, or say --all"),
        (["keep", "key", "--all"], "Error: name a file, or say --all"),
        (
            ["entitlements", "list", "--on", "lately"],
            "Error: --on: \"lately\" is not a month such as 2024-01 or a day such as 2024-01-31"
        ),
        (["seller", "add"], "Error: Missing expected argument '<name>'"),
        (
            ["seller", "add", "a b"],
            "Error: \"a b\" is not a name of letters, digits, dot, dash and underscore that begins with a letter or digit and has at most 63 of them"
        ),
        (
            ["seller", "add", "acme", "--location", "s3://"],
            "Error: --location: \"s3://\" names no bucket"
        ),
        (
            ["seller", "add", "acme", "--account", "12"],
            "Error: --account: \"12\" is not an account of 12 digits"
        ),
        (
            ["seller", "add", "acme", "--role", "arn:aws:iam::111122223333:role/r"],
            "Error: --role and --external-id go together: a role that others can be asked to assume needs an external id"
        ),
        (
            ["seller", "add", "acme", "--external-id", "x"],
            "Error: --role and --external-id go together: a role that others can be asked to assume needs an external id"
        ),
        (
            ["simulate", "./x", "--months", "0"],
            "Error: --months, --days and --scale must be numbers above 0"
        ),
        (
            ["simulate", "./x", "--start", "soon"],
            "Error: --start: \"soon\" is not a date from 2020-01-01, at most the 28th"
        ),
    ]

    /// Wrong is seen before anything is asked of a database: here there is none.
    @Test(arguments: mistakes)
    func aWrongCommandLineIsToldWithItsUsage(command: [String], says: String) throws {
        let folder = try ScratchDirectory()
        let done = try program.run(
            command, environment: ["SLUICE_DATABASE_URL": "host=/nonexistent"],
            directory: folder.path)
        #expect(done.status == 64)
        #expect(done.standardOutput == "")
        #expect(done.standardError.hasPrefix(says + "\n"), "\(done)")
        #expect(done.standardError.contains("\nUsage: sluice "))
    }
}
