internal import ArgumentParser
internal import Feeds
internal import Foundation

struct RejectsReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Reads rejects again after a fix, and moves those that fit to their table.",
        discussion: """
            Mend what refused them first: the column's type in Schema/, or an alias in \
            ingest.alias, then sluice migrate. Rows that move keep their seller, version and line. \
            Each version of a file is one transaction, and a file that is being loaded is waited \
            for. A dismissed reject is replayed when its number is given. At the end the schema \
            marketplace is refreshed.

            It needs the rights of the loader's role. Exit code 1: some versions could not be \
            replayed; the others were.
            """)

    @OptionGroup var options: SettingsOptions
    @OptionGroup var scope: RejectNarrowScope

    @Flag(help: "Say what would move, and move nothing.")
    var dryRun = false

    func run() async throws {
        let postgres = try Database.open(options.resolve()).connect()
        let selection = scope.selection()
        try selection.throwUnlessKnown(on: postgres)
        let started = Int(Date().timeIntervalSince1970)
        let report = try Replay(
            on: postgres,
            worker: "\(ProcessInfo.processInfo.hostName):\(getpid()):\(started)",
            person: Person.name, isDryRun: dryRun
        ).run(selection)
        say(report.lines(isDryRun: dryRun))
        if report.moved > 0, !dryRun { try Marketplace.refreshAndSay(on: postgres) }
        // More are seldom of another kind.
        let shown = report.failures.prefix(10)
        let rest = report.failures.count - shown.count
        let lines = shown + (rest > 0 ? ["and \(rest) more versions"] : [])
        guard let last = lines.last else { return }
        for line in lines.dropLast() { note("sluice: \(line)") }
        throw CommandFailure(.filesFailed, last)
    }
}

extension Replay.Report {
    fileprivate func lines(isDryRun: Bool) -> [String] {
        let sorted = counts.sorted { left, right in
            (right.value, left.key.feed, left.key.column ?? "", left.key.cause ?? "")
                < (left.value, right.key.feed, right.key.column ?? "", right.key.cause ?? "")
        }
        var lines = [
            "\(moved) rejects \(isDryRun ? "would move to their table" : "moved to their table")"
        ]
        lines += sorted.filter { $0.key.cause == nil }.map { "  \($0.value)  \($0.key.feed)" }
        if stayed > 0 { lines.append("\(stayed) stay") }
        for (count, rows) in sorted {
            guard let cause = count.cause else { continue }
            let column = count.column.map { ", \($0.oneLine)" } ?? ""
            lines.append("  \(rows)  \(count.feed)\(column): \(cause)")
        }
        return lines
    }
}
