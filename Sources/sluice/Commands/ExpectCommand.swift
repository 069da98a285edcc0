internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Postgres

struct ExpectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expect",
        abstract: "Shows when each feed should come, and says what need not.",
        discussion: """
            Every feed has a rhythm: data feeds and daily sets come every day, monthly sets on the \
            15th, payout sets about every 30 days. What breaks it is a finding, in sluice status and \
            in the worker's log: a feed that is late, days or months between two files without one, \
            a file without rows after three with many, a file that lost more than half of its rows.

              sluice expect                                      rhythm and findings
              sluice expect set acme sdds.tax_item --mute --note "sells tax-free only"
              sluice expect set acme sdds.offer --quiet-after "5 days"
              sluice expect waive acme cas.daily_business_fees --since 2026-02-01 \\
                  --until 2026-02-03 --note "not requested that week"
            """,
        subcommands: [List.self, Set.self, Waive.self], defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows each feed's rhythm, its last sign of life, and what is amiss.")

        @OptionGroup var options: SettingsOptions

        @Option(help: "Only this seller.")
        var seller: String?

        func run() async throws {
            let postgres = try Database.open(options.resolve(), for: .reading).connect()
            if let seller { _ = try Seller.chosen([seller], on: postgres) }
            var table = TextTable([
                "seller", "feed", "cadence", "last day", "last sign of life", "late after", "note",
            ])
            for expected in try Expectation.all(of: seller, on: postgres) {
                table.append([
                    expected.seller, expected.feed, expected.cadence, expected.lastDay ?? "-",
                    expected.lastSign ?? "-",
                    expected.isMuted ? "muted" : expected.quietAfter ?? "-", expected.note ?? "",
                ])
            }
            guard !table.isEmpty else { return say("Nothing is loaded yet.") }
            let findings = try Expectation.findings(of: seller, on: postgres)
            let told = findings.isEmpty ? ["Everything came as it should."] : findings
            say(table.lines + [""] + told)
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Changes what is expected of a seller's feed; what is not named stays.")

        @OptionGroup var options: SettingsOptions
        @OptionGroup var expected: ExpectedFeed

        @Flag(inversion: .prefixedNo, help: "Expect nothing of it.")
        var mute: Bool?

        @Option(help: ArgumentHelp("Silence that is in order.", valueName: "3 days"))
        var quietAfter: String?

        @Option(help: ArgumentHelp("Miss no day before this one.", valueName: "YYYY-MM-DD"))
        var since: String?

        @Option(help: "Why.")
        var note: String?

        func validate() throws {
            guard mute != nil || quietAfter != nil || since != nil || note != nil else {
                throw ValidationError("say what to change: --mute, --quiet-after, --since, --note")
            }
            _ = try day()
        }

        func run() async throws {
            let postgres = try Database.open(options.resolve()).connect()
            var change = ExpectationChange()
            change.isMuted = mute
            change.quietAfter = quietAfter
            change.expectedSince = try day()
            change.note = note
            try expected.apply(on: postgres) {
                try change.apply(to: expected.feed, of: $0, on: postgres)
            }
            say("\(expected.seller) \(expected.feed) saved")
        }

        private func day() throws -> String? {
            try since.map { try calendarDay($0, option: "--since") }
        }
    }

    struct Waive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says that days without a file, or with an empty one, are as they should be.")

        @OptionGroup var options: SettingsOptions
        @OptionGroup var expected: ExpectedFeed

        @Option(help: ArgumentHelp("First day of delivery.", valueName: "YYYY-MM-DD"))
        var since: String

        @Option(help: ArgumentHelp("Last day; the first if left out.", valueName: "YYYY-MM-DD"))
        var until: String?

        @Option(help: "Why.")
        var note: String

        func validate() throws {
            let (first, last) = try days()
            guard first <= last else { throw ValidationError("--until is before --since") }
        }

        private func days() throws -> (first: String, last: String) {
            (
                try calendarDay(since, option: "--since"),
                try calendarDay(until ?? since, atEndOfMonth: true, option: "--until")
            )
        }

        func run() async throws {
            let postgres = try Database.open(options.resolve()).connect()
            let (first, last) = try days()
            let waiver = Waiver(since: first, until: last, note: note, person: Person.name)
            try expected.apply(on: postgres) {
                try waiver.apply(to: expected.feed, of: $0, on: postgres)
            }
            say("\(expected.seller) \(expected.feed) saved")
        }
    }
}

/// A feed of a seller, as arguments name it.
struct ExpectedFeed: ParsableArguments {
    @Argument(help: "Name of the seller.")
    var seller: String

    @Argument(help: "The feed, such as sdds.billing_event.")
    var feed: String

    fileprivate func apply(
        on postgres: PostgresConnection, _ change: (Int32) throws -> Void
    ) throws {
        try Feed.throwUnlessKnown([feed], on: postgres)
        do {
            try Seller.chosen([seller], on: postgres).forEach { try change($0.id) }
        } catch let error as PostgresError where error.sqlState?.hasPrefix("22") == true {
            // PostgreSQL, appendix "Error Codes": class 22 is a value that cannot be read.
            throw ValidationError(error.message)
        }
    }
}
