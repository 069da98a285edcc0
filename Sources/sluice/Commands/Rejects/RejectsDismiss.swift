internal import ArgumentParser
internal import Feeds

struct RejectsDismiss: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dismiss",
        abstract:
            "Ends the waiting of rejects that need not be loaded; they are kept, with a note.",
        discussion: """
            The reject stays in ingest.reject with the note, the time and who dismissed it, and \
            sluice rejects --all lists it. A record that is delivered again is not asked about \
            again. To think it over: sluice rejects replay with its number.
            """)

    @OptionGroup var options: SettingsOptions
    @OptionGroup var scope: RejectNarrowScope

    @Option(help: "Why, for whoever asks later.")
    var note: String

    @Flag(help: "All that wait.")
    var all = false

    func validate() throws {
        guard scope.selection().isEverything == all else {
            throw ValidationError("say which rejects, by number or option, or say --all")
        }
        guard note.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--note must say why")
        }
    }

    func run() async throws {
        let postgres = try Database.open(options.resolve()).connect()
        let selection = scope.selection()
        try selection.throwUnlessKnown(on: postgres)
        let rows = try RejectLedger(on: postgres).dismiss(
            selection, note: note, by: Person.name)
        say("\(rows) rejects dismissed")
    }
}
