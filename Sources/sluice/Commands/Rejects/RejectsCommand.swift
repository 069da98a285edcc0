internal import ArgumentParser
internal import Feeds

struct RejectsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejects",
        abstract: "Shows rows that their table would not take, and moves them there after a fix.",
        discussion: """
            A record that its table would not take is kept whole in ingest.reject, and waits:
              sluice rejects                         what is wrong, the most frequent cause first
              sluice rejects show --feed FEED        the records, with file, line and reason
              sluice rejects replay                  after a fix of the table or an alias
              sluice rejects dismiss 17 --note WHY   what need not be loaded

            A feed with a budget refuses a file with too many of them: sluice rejects budget.
            """,
        subcommands: [
            RejectsList.self, RejectsShow.self, RejectsReplay.self, RejectsDismiss.self,
            RejectsBudget.self,
        ],
        defaultSubcommand: RejectsList.self)
}

/// Which rejects a command is about.
struct RejectScope: ParsableArguments {
    @Option(help: "Only this feed, such as sdds.billing_event.")
    var feed: String?

    @Option(help: "Only this seller.")
    var seller: String?

    func selection() -> RejectSelection {
        var selection = RejectSelection()
        selection.feed = feed
        selection.seller = seller
        return selection
    }
}

/// Which rejects a command is about, down to a single one.
struct RejectNarrowScope: ParsableArguments {
    @Argument(help: "Single rejects, by the number after the # in list and show.")
    var ids: [Int64] = []

    @OptionGroup var scope: RejectScope

    @Option(help: "Only those whose value in this column was refused.")
    var column: String?

    @Option(help: "Only those with this cause, word for word as list shows it.")
    var cause: String?

    @Option(help: "Only those of this file: its key, with or without its bucket.")
    var file: String?

    func selection() -> RejectSelection {
        var selection = scope.selection()
        selection.ids = ids
        selection.column = column
        selection.cause = cause
        selection.file = file
        return selection
    }
}

/// How many a command shows, and how.
struct RejectOutput: ParsableArguments {
    @Option(help: "How many.")
    var limit = 20

    @Flag(help: "Also those that were dismissed, replayed, or superseded by a later version.")
    var all = false

    @Flag(help: "One JSON array, for programs.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be a number above 0") }
    }
}
