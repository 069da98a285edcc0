internal import ArgumentParser
internal import Feeds

struct RefreshCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Brings what was loaded since the last time into the schema marketplace.",
        discussion: """
            Takes time for what is new, not for the history; readers see the old state or the new one. \
            The worker and the commands that change rows do it by themselves: this is for what \
            backfill --no-refresh has left, and for a failed refresh. sluice status and \
            marketplace.freshness tell what waits. Once a day, and with --full, it then compares the \
            figures of money with each other; what no cause explains is a finding. After a new \
            version has changed the definitions, the next refresh is a full one.
            """)

    @OptionGroup var options: SettingsOptions

    @Flag(help: "Work everything out anew; it comes to the same.")
    var full = false

    func run() async throws {
        let postgres = try Database.open(options.resolve()).connect()
        let refreshed = try Marketplace.refresh(isFull: full, on: postgres)
        guard !refreshed.changes.isEmpty else { return say(["Nothing had changed."]) }
        say(refreshed.changes.map { "\($0.relation): \($0.rows) rows" } + [refreshed.text])
        if try full
            || Reconciled.isDue(afterHours: Refresher.reconcileHoursOfCommands, on: postgres)
        {
            say([try Reconciled(on: postgres).text])
        }
    }
}
