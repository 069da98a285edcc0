internal import ArgumentParser
internal import Feeds

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Makes the database's tables what this version of Sluice needs.",
        discussion: """
            Applies the files of Schema/ that differ from what was applied last, in one \
            transaction. Needs a role that may create schemas and tables; the worker does not.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let settings = try options.resolve()
        let database = try Database.find(settings)
        let applied = try SchemaFolder(path: settings.locateSchema()).apply(on: database.connect())
        say(
            applied.isEmpty
                ? "The schema is up to date."
                : applied.map { "applied \($0)" }.joined(separator: "\n"))
    }
}
