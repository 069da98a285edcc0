internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Postgres

struct RequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Asks AWS for data sets of the Commerce Analytics Service.",
        discussion: """
            AWS makes these only when asked. The worker asks by itself for what is due, for every \
            seller with --cas settings (sluice seller add). Everything asked for is a row of \
            ingest.request; what is there, or under way, is not asked for twice.

              sluice request daily_business_fees --date 2026-01-31
              sluice request daily_business_fees --from 2026-01-01 --until 2026-01-31
              sluice request --due                    all sets, since the settings were given
              sluice request --since 2024-01 --dry-run    history of all sets
              sluice request list --status failed
            """,
        subcommands: [Ask.self, List.self, SupportContacts.self], defaultSubcommand: Ask.self)
}

/// Which seller's requests a command is about.
struct RequestingSellers: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only this seller; may be repeated. (default: all with --cas settings)",
            valueName: "name"))
    var seller: [String] = []

    func find(on postgres: PostgresConnection) throws -> [(Seller, RequestSettings)] {
        let wanted = try Seller.chosen(Set(seller), on: postgres)
        let asking = wanted.compactMap { found in found.requests.map { (found, $0) } }
        guard !asking.isEmpty, seller.isEmpty || asking.count == wanted.count else {
            let name = wanted.first { $0.requests == nil }?.name ?? "NAME"
            throw CommandFailure(
                .configuration,
                "AWS does not know where to deliver; say it: sluice seller add \(name) "
                    + "--cas-role ARN --cas-location BUCKET/PREFIX --cas-topic ARN")
        }
        return asking
    }
}

extension RequestCommand {
    struct Ask: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Asks for data sets of a date, a span, or all that are due. (default)",
            discussion: """
                Of monthly sets only the month of a date counts. Sets about payouts are looked for \
                over the 31 days before the date, so a span asks on the 1st and the 16th. Calls are \
                spaced by requests_per_hour; interrupted, the worker goes on with the rest.
                """)

        @Argument(help: ArgumentHelp("Such as daily_business_fees.", valueName: "data-set"))
        var dataSets: [String] = []

        @OptionGroup var options: SettingsOptions
        @OptionGroup var sellers: RequestingSellers

        @Option(help: ArgumentHelp("One date of publication.", valueName: "date"))
        var date: String?

        @Option(help: ArgumentHelp("First date of publication.", valueName: "date"))
        var from: String?

        @Option(help: ArgumentHelp("Last date. (default: yesterday)", valueName: "date"))
        var until: String?

        @Option(help: ArgumentHelp("The same as --from, of all sets if none is named."))
        var since: String?

        @Flag(help: "What has come due since the seller's requests began.")
        var due = false

        @Flag(help: "What was given up, with as many attempts as before.")
        var failed = false

        @Flag(help: "Also what is there or under way.")
        var again = false

        @Flag(help: "Only show the plan.")
        var dryRun = false

        func validate() throws {
            let chosen = [date != nil, from != nil, since != nil, due, failed].count { $0 }
            guard chosen == 1 else {
                throw ValidationError(
                    "say which dates: --date, --from, --since, --due or --failed, one of them")
            }
            guard !dataSets.isEmpty || (date == nil && from == nil) else {
                throw ValidationError("name a data set, or say --since or --due for all of them")
            }
            guard until == nil || from != nil || since != nil else {
                throw ValidationError("--until goes with --from or --since")
            }
            guard !failed || (!again && !dryRun) else {
                throw ValidationError("--failed goes without --again and --dry-run")
            }
            if case .dates(let since, let until?) = try span(), since > until {
                throw ValidationError("\(since) is after --until \(until)")
            }
        }

        func run() async throws {
            let session = try Session(options.resolve(), patienceSeconds: 60)
            let postgres = try session.context.database.connect()
            let asking = try sellers.find(on: postgres)
            var planned = 0
            for (seller, _) in asking { planned += try plan(for: seller, on: postgres) }
            guard !dryRun else { return }
            let perHour = session.context.settings.requestsPerHour
            if planned > 0 {
                say("\(planned) requests are planned; at most \(perHour) an hour are made.")
            }
            try await RequestCommand.ask(asking, session.context)
        }

        private func plan(for seller: Seller, on postgres: PostgresConnection) throws -> Int {
            if failed {
                return try RequestPlan.retryFailed(dataSets: dataSets, of: seller, on: postgres)
            }
            let plan = try RequestPlan(try span(), dataSets: dataSets, of: seller, on: postgres)
            say([seller.name] + plan.lines(again: again))
            guard !dryRun else { return 0 }
            return try RequestPlan.write(
                try span(), dataSets: dataSets, again: again, of: seller,
                by: Person.name, on: postgres)
        }

        private func span() throws -> RequestPlan.Span {
            if let date { return .date(try calendarDay(date, option: "--date")) }
            guard let first = from ?? since else { return .due }
            return .dates(
                since: try calendarDay(first, option: from == nil ? "--since" : "--from"),
                until: try until.map {
                    try calendarDay($0, atEndOfMonth: true, option: "--until")
                })
        }
    }

    struct SupportContacts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Asks for changes of support contacts since an instant. Deprecated by AWS.",
            discussion: """
                StartSupportDataExport: AWS closed Product Support Connection on 2022-11-30 and \
                calls the operation deprecated; it may refuse it any day.

                  sluice request support-contacts --from 2022-01-01T00:00:00Z
                """)

        @OptionGroup var options: SettingsOptions
        @OptionGroup var sellers: RequestingSellers

        @Option(help: ArgumentHelp("2022-01-31 or 2022-01-31T00:00:00Z.", valueName: "instant"))
        var from: String

        @Flag(help: "AWS's example data in place of the seller's own.")
        var test = false

        @Flag(help: "Also if it is there or under way.")
        var again = false

        func validate() throws { _ = try instant() }

        func run() async throws {
            let session = try Session(options.resolve(), patienceSeconds: 60)
            let postgres = try session.context.database.connect()
            let asking = try sellers.find(on: postgres)
            let dataSet = (test ? "test_" : "") + "customer_support_contacts_data"
            for (seller, _) in asking {
                let isNew = try RequestPlan.writeExport(
                    dataSet, from: instant(), again: again, of: seller,
                    by: Person.name, on: postgres)
                if !isNew { say("\(seller.name): asked for already; --again asks once more") }
            }
            try await RequestCommand.ask(asking, session.context)
        }

        private func instant() throws -> String {
            let text = from.count == 10 ? from + "T00:00:00Z" : from
            // `try?`: whatever is wrong with it, the answer is how to write it.
            guard (try? Date.ISO8601FormatStyle().parse(text)) != nil else {
                throw ValidationError(
                    "--from: \"\(from)\" is not an instant such as 2022-01-31T00:00:00Z")
            }
            return text
        }
    }

    /// Makes the calls that are due, and ends with the exit code that says how it went.
    fileprivate static func ask(
        _ asking: [(Seller, RequestSettings)], _ context: WorkContext
    ) async throws {
        let requester = Requester(context)
        var tally = Requester.Tally()
        for (seller, settings) in asking {
            let one = try await requester.askAll(of: seller, settings)
            tally.asked += one.asked
            tally.refused += one.refused
            tally.isThrottled = tally.isThrottled || one.isThrottled
        }
        say("\(tally.asked) asked for" + (tally.refused > 0 ? ", \(tally.refused) refused" : ""))
        if context.shutdown.isRequested {
            throw CommandFailure(.stopped, "stopped before the end; the worker asks for the rest")
        }
        if tally.isThrottled {
            throw CommandFailure(
                .unavailable, "AWS throttles; the worker, or this command again, asks for the rest")
        }
        if tally.refused > 0 {
            throw CommandFailure(
                .filesFailed, "\(tally.refused) requests were refused; see: sluice request list")
        }
    }
}

extension RequestPlan {
    /// What a person reads before anything is asked.
    fileprivate func lines(again: Bool) -> [String] {
        var table = TextTable(
            ["data set", "first", "last", "to ask", "there", "open", "given up"],
            numeric: [3, 4, 5, 6])
        let groups = Dictionary(grouping: entries, by: \.dataSet)
        for (dataSet, group) in groups.sorted(by: { $0.key < $1.key }) {
            func count(_ verdicts: Verdict...) -> String {
                "\(group.count { verdicts.contains($0.verdict) })"
            }
            table.append([
                dataSet, group.first?.date ?? "", group.last?.date ?? "",
                again ? "\(group.count)" : count(.ask), count(.there), count(.open),
                count(.failed, .noData),
            ])
        }
        return table.isEmpty ? ["  Nothing is due."] : table.lines
    }
}
