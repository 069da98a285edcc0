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

            Says what a server lacks that is not PostgreSQL 15 or newer, or whose database is not in \
            UTF8, and changes nothing there.

            At its end two roles are there and have their rights: sluice_reader, who reads the schema \
            marketplace, and sluice_auditor, who reads everything. They are groups: nobody logs \
            in as one. Where you may not create roles, it says what to ask for.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let settings = try options.resolve()
        let database = try Database.find(settings)
        let postgres = try database.connect()
        try ServerFitness(examining: postgres).throwIfUnfit()
        var tasks: [String] = []
        let applied = try SchemaFolder(path: settings.locateSchema()).apply(on: postgres) {
            tasks.append($0)
        }
        say(
            applied.isEmpty
                ? ["The schema is up to date."] : applied.map { "applied \($0)" })
        for task in tasks { note("sluice: \(task)") }
        guard try Marketplace.backlog(on: postgres)?.isOutdated == true else { return }
        say(
            "What marketplace is made of is defined anew: a worker works all of it out by itself; "
                + "without one: sluice refresh")
    }
}
