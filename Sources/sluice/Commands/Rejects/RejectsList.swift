internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Postgres

struct RejectsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Shows what is wrong with the rejects that wait, the most frequent cause first.",
        discussion: """
            Two lines a cause: how many, feed, column and cause; then the newest of them, with its \
            number after the #. This is what "sluice rejects" does by itself.
            """)

    @OptionGroup var options: SettingsOptions
    @OptionGroup var scope: RejectScope
    @OptionGroup var output: RejectOutput

    func run() async throws {
        let postgres = try Database.open(options.resolve(), for: .reading).connect()
        let selection = scope.selection()
        try selection.throwUnlessKnown(on: postgres)
        let (groups, causes) = try RejectLedger(on: postgres).groups(
            selection, withSettled: output.all, limit: output.limit)
        guard !output.json else { return say(text: try jsonText(groups.map(\.object))) }
        guard !groups.isEmpty else {
            return say(output.all ? "There are no rejects." : "No rejects are waiting.")
        }
        say(groups.flatMap { $0.lines(withSettled: output.all) })
        if causes > groups.count { say("and \(causes - groups.count) more causes; see --limit") }
    }
}

extension RejectGroup {
    fileprivate func lines(withSettled: Bool) -> [String] {
        let rows = withSettled ? waiting + dismissed + replayed + superseded : waiting
        let place = feed + (column.map { ", \($0.oneLine)" } ?? "")
        let states = [
            (waiting, "waiting"), (dismissed, "dismissed"), (replayed, "replayed"),
            (superseded, "superseded"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return [
            "\(rows)  \(place): \(cause)\(withSettled ? " (\(states))" : "")",
            "    newest \(newest), #\(example.id) \(example.file) line \(example.fileLine)",
        ]
    }

    fileprivate var object: [String: Any] {
        [
            "feed": feed, "column": column as Any? ?? NSNull(), "cause": cause,
            "waiting": waiting, "dismissed": dismissed, "replayed": replayed,
            "superseded": superseded, "sellers": sellers, "newest": newest,
            "example": example.object,
        ]
    }
}
