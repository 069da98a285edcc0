internal import AWS
internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Postgres

struct DLQCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dlq",
        abstract: "Shows messages that were given up, with the reason, and puts them back.",
        discussion: """
            A message whose work fails is tried again, and after the queue's maxReceiveCount becomes \
            a dead letter. One that points outside the seller's locations, or that nobody \
            understands, is deleted from its queue and kept in ingest.message. All of them are here.

              sluice dlq                          what waits, and why
              sluice dlq explain 5f0c             one message: reason, files, body, next step
              sluice dlq redrive --all            back into the queue, once the cause is mended
              sluice dlq dismiss 5f0c             nothing more is to be done about it

            A message is named by its SQS id or the beginning of it. Redriving is safe at any time: \
            a file that is loaded already is not loaded again.
            """,
        subcommands: [List.self, Explain.self, Redrive.self, Dismiss.self],
        defaultSubcommand: List.self)

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the messages that wait for a person.")

        @OptionGroup var options: SettingsOptions
        @OptionGroup var scope: ParkedScope

        @Flag(help: "A JSON array, for programs.")
        var json = false

        func run() async throws {
            let desk = try ParkedDesk(options.resolve(), scope)
            defer { desk.release() }
            let parked = try desk.find()
            if json { return say(text: try Self.json(parked)) }
            guard !parked.isEmpty else { return say("No message waits.") }
            for message in parked {
                say([message.headline, "    " + (message.reason ?? ParkedItem.noReason)])
            }
        }

        private static func json(_ parked: [ParkedItem]) throws -> String {
            let objects = parked.map { message -> [String: Any] in
                [
                    "id": message.id, "seller": message.seller.name,
                    "place": message.place.rawValue,
                    "outcome": message.outcome, "summary": message.summary,
                    "reason": message.reason as Any? ?? NSNull(), "times_received": message.times,
                    "body": message.body,
                ]
            }
            return try jsonText(objects)
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tells all that is known of a message, and what to do.")

        @OptionGroup var options: SettingsOptions
        @OptionGroup var scope: ParkedScope

        @Argument(help: "SQS id, or the beginning of it; may be repeated.")
        var id: [String]

        func run() async throws {
            let desk = try ParkedDesk(options.resolve(), scope)
            defer { desk.release() }
            for message in try desk.find(id) { say(try desk.explain(message)) }
        }
    }

    struct Redrive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends messages to their queue again, and takes them off the list.")

        @OptionGroup var options: SettingsOptions
        @OptionGroup var scope: ParkedScope
        @OptionGroup var choice: ParkedChoice

        func run() async throws {
            let desk = try ParkedDesk(options.resolve(), scope)
            defer { desk.release() }
            let chosen = try choice.choose(desk)
            for message in chosen { try desk.settle(message, .redriven) }
            say("\(chosen.count) messages are in their queue again")
        }
    }

    struct Dismiss: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes messages off the list: nothing more is to be done about them.",
            discussion: "Dead letters are deleted; what ingest.message has of them stays.")

        @OptionGroup var options: SettingsOptions
        @OptionGroup var scope: ParkedScope
        @OptionGroup var choice: ParkedChoice

        func run() async throws {
            let desk = try ParkedDesk(options.resolve(), scope)
            defer { desk.release() }
            let chosen = try choice.choose(desk)
            for message in chosen { try desk.settle(message, .dismissed) }
            say("\(chosen.count) messages dismissed")
        }
    }
}

/// Whose messages, and how many of them.
struct ParkedScope: ParsableArguments {
    @Option(help: "Only this seller.")
    var seller: String?

    @Option(help: "How many dead letters of each queue to look at.")
    var limit = 1_000

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be a number above 0") }
    }
}

/// Which of them a command is about.
struct ParkedChoice: ParsableArguments {
    @Argument(help: "SQS id, or the beginning of it; may be repeated.")
    var id: [String] = []

    @Flag(help: "All that sluice dlq list shows.")
    var all = false

    func validate() throws {
        guard id.isEmpty == all else { throw ValidationError("name messages, or say --all") }
    }

    fileprivate func choose(_ desk: ParkedDesk) throws -> [ParkedItem] {
        try all ? desk.find() : desk.find(id)
    }
}
