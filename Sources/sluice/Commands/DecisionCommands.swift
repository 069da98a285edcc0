internal import ArgumentParser
internal import Feeds

/// Which vanished rows a decision is about.
struct DecisionScope: ParsableArguments {
    @Argument(help: "Key of the file, with or without its bucket.")
    var file: String?

    @Flag(help: "All files.")
    var all = false

    func validate() throws {
        guard (file != nil) != all else { throw ValidationError("name a file, or say --all") }
    }

    fileprivate func apply(_ decision: Decision, _ settings: Settings) throws -> Int {
        try decision.apply(
            to: file, by: Person.name, on: Database.open(settings).connect())
    }
}

struct AcceptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Removes rows that vanished from a rewritten file: the newer version is right.")

    @OptionGroup var options: SettingsOptions
    @OptionGroup var scope: DecisionScope

    func run() async throws {
        say("\(try scope.apply(.accept, options.resolve())) rows removed")
    }
}

struct KeepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keep",
        abstract: "Keeps rows that vanished from a rewritten file, and ends the alarm.")

    @OptionGroup var options: SettingsOptions
    @OptionGroup var scope: DecisionScope

    func run() async throws {
        say("\(try scope.apply(.keep, options.resolve())) rows kept")
    }
}
