internal import ArgumentParser
internal import Feeds
internal import Postgres

struct DictionaryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dictionary",
        abstract: "Prints the data dictionary: every table, view and column with its meaning.",
        discussion: """
            Markdown, made of the comments in the database, so it tells of tables of your own too. \
            docs/data-dictionary.md is its output for the tables that Sluice brings:
              sluice dictionary > docs/data-dictionary.md
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let postgres = try Database.open(options.resolve(), for: .reading).connect()
        say(text: try DataDictionary(on: postgres).text)
    }
}
