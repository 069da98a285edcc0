internal import ArgumentParser
internal import Feeds
internal import Postgres

/// Which vanished rows a decision is about.
struct DecisionScope: ParsableArguments {
    @Argument(help: "Key of the file, with or without its bucket.")
    var file: String?

    @Flag(help: "All files.")
    var all = false

    func validate() throws {
        guard (file != nil) != all else { throw ValidationError("name a file, or say --all") }
    }

    fileprivate func apply(_ decision: Decision, on postgres: PostgresConnection) throws -> Int {
        try decision.apply(to: file, by: Person.name, on: postgres)
    }
}

struct AcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Removes rows that vanished from a rewritten file: the newer version is right.",
        discussion: "They leave the schema marketplace too.")

    @OptionGroup var options: SettingsOptions
    @OptionGroup var scope: DecisionScope

    func run() async throws {
        let postgres = try Database.open(options.resolve()).connect()
        let rows = try scope.apply(.accept, on: postgres)
        say("\(rows) rows removed")
        if rows > 0 { try Marketplace.refreshAndSay(on: postgres) }
    }
}

struct KeepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep",
        abstract: "Keeps rows that vanished from a rewritten file, and ends the alarm.")

    @OptionGroup var options: SettingsOptions
    @OptionGroup var scope: DecisionScope

    func run() async throws {
        let postgres = try Database.open(options.resolve()).connect()
        say("\(try scope.apply(.keep, on: postgres)) rows kept")
    }
}
