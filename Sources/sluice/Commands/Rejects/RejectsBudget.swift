internal import ArgumentParser
internal import Feeds
internal import Foundation

struct RejectsBudget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budget",
        abstract: "Says how many rejects one load of a feed may have before it is given up.",
        discussion: """
            A load with more of them leaves nothing behind: the file counts as failed, with the \
            most frequent causes in the message, and is tried again later. Without a budget, which \
            is the default, every row that fits is loaded, and the others wait as rejects.

            Both limits may be set; either ends a load. The share is judged at the end, and from \
            10,000 records on with every reject. A feed with a budget commits a file once, at its \
            end, however large it is. Of a rewritten file only the rejects that are new count.

              sluice rejects budget                                    shows all budgets
              sluice rejects budget sdds.product --count 100 --share 1%
              sluice rejects budget sdds.product --none
            """)

    @OptionGroup var options: SettingsOptions

    @Argument(help: "The feed; without one all budgets are shown.")
    var feed: String?

    @Option(help: "Most rejects of one load; 0 for none at all.")
    var count: Int?

    @Option(help: "Largest part of a load's records: 0.01, or 1%.")
    var share: String?

    @Flag(help: "Take the budget away.")
    var none = false

    func validate() throws {
        let isSetting = count != nil || share != nil || none
        guard feed != nil || !isSetting else { throw ValidationError("name the feed") }
        guard !none || (count == nil && share == nil) else {
            throw ValidationError("--none goes without --count and --share")
        }
        guard count ?? 0 >= 0 else { throw ValidationError("--count must be 0 or more") }
        if let share { _ = try Self.part(share) }
    }

    func run() async throws {
        let postgres = try Database.open(options.resolve()).connect()
        if let feed {
            try Feed.throwUnlessKnown([feed], on: postgres)
            if count != nil || share != nil || none {
                try ErrorBudget.set(
                    feed: feed, rowsMax: count, shareMax: share.map(Self.part), by: Person.name,
                    on: postgres)
            }
        }
        let budgets = try ErrorBudget.all(on: postgres).filter { feed ?? $0.feed == $0.feed }
        for (feed, budget) in budgets {
            say("\(feed): a load may reject \(budget.description)")
        }
        if budgets.isEmpty { say("\(feed ?? "no feed") has \(feed == nil ? "a" : "no") budget") }
    }

    /// `0.01` and `1%` as a decimal from 0 to 1.
    static func part(_ text: String) throws -> String {
        let isPercent = text.hasSuffix("%")
        let digits = isPercent ? String(text.dropLast()) : text
        guard digits.wholeMatch(of: /[0-9]{1,3}(\.[0-9]{1,9})?/) != nil,
            let number = Decimal(string: digits, locale: Locale(identifier: "en_US_POSIX"))
        else { throw mistake(text) }
        let part = isPercent ? number / 100 : number
        guard part <= 1 else { throw mistake(text) }
        return "\(part)"
    }

    private static func mistake(_ text: String) -> ValidationError {
        ValidationError("--share: \"\(text)\" is not a part such as 0.01 or 1%, at most 1 or 100%")
    }
}
