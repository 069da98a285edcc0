internal import ArgumentParser
internal import Postgres

struct AcknowledgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge",
        abstract: "Says that a person has seen to payouts that AWS paused, and ends the alarm.",
        discussion: """
            AWS pauses payouts when it cannot use the seller's bank details: mend them in AWS Partner \
            Central first. The events stay in event.disbursement_paused.
            """)

    @OptionGroup var options: SettingsOptions

    func run() async throws {
        let done = try Database.open(options.resolve()).connect().query(
            """
            update event.disbursement_paused set acknowledged_at = now()
            where acknowledged_at is null
            """)
        say("\(done.affectedRows) paused payouts acknowledged")
    }
}
