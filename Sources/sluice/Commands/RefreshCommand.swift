internal import ArgumentParser
internal import Feeds

struct RefreshCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: "Brings what was loaded since the last time into the schema marketplace.",
        discussion: """
            Takes time for what is new, not for the history; readers see the old state or the new one. \
            Needs the owner of the schema, as sluice migrate does. marketplace.freshness tells what \
            waits.
            """)

    @OptionGroup var options: SettingsOptions

    @Flag(help: "Work everything out anew; it comes to the same.")
    var full = false

    func run() async throws {
        let postgres = try Database.open(options.resolve()).connect()
        let changes = try Marketplace.refresh(isFull: full, on: postgres)
        say(
            changes.isEmpty
                ? "Nothing had changed."
                : changes.map { "\($0.relation): \($0.rows) rows" }.joined(separator: "\n"))
    }
}
