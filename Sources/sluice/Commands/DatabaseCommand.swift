internal import ArgumentParser

struct DatabaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "database",
        abstract: "Starts, stops or names the private Postgres in the state folder.",
        subcommands: [Start.self, Stop.self, URL.self])

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Starts it, and makes it if need be.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            let postgres = PrivatePostgres(stateFolder: try options.resolve().stateFolder)
            try postgres.start()
            say(["running; look around with:", "  \(postgres.psqlCommand)"])
        }
    }

    struct Stop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Stops it; the data stays.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            try PrivatePostgres(stateFolder: options.resolve().stateFolder).stop()
            say("stopped")
        }
    }

    struct URL: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "url", abstract: "Prints its connection string.")

        @OptionGroup var options: SettingsOptions

        func run() async throws {
            say(PrivatePostgres(stateFolder: try options.resolve().stateFolder).conninfo)
        }
    }
}
