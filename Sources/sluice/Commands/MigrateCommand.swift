internal import ArgumentParser
internal import Feeds

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Makes the database's tables what this version of Sluice needs.",
        discussion: """
            Applies the files of Schema/ that differ from what was applied last, in one \
            transaction. Needs a role that may create schemas and tables; the worker does not. \
            Where the definitions of the schema resolved change, the next refresh of marketplace is \
            a full one: a worker's, or sluice refresh.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let settings = try options.resolve()
        let database = try Database.find(settings)
        let postgres = try database.connect()
        let applied = try SchemaFolder(path: settings.locateSchema()).apply(on: postgres)
        say(
            applied.isEmpty
                ? "The schema is up to date."
                : applied.map { "applied \($0)" }.joined(separator: "\n"))
        guard try Marketplace.backlog(on: postgres)?.isOutdated == true else { return }
        say(
            "What marketplace is made of is defined anew: a worker works all of it out by itself; "
                + "without one: sluice refresh")
    }
}
