internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Logging

struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Reads files again from the start, after a feed got a table or a column.",
        discussion: """
            Without --feed and --file: the files whose feed has changed, such as those of a feed \
            that had no table of its own and has got one by a new file in Schema/. Their rows move \
            to it. With --feed or --file: also files whose feed is the same, so that values leave \
            "extra" for a column that was added, and other spellings of titles take effect.

            Each file is one transaction: its rows in the old table go, the new ones come, and \
            nobody sees half of it. Rows that vanished from a file stay, unless they were \
            accepted. A file that cannot be read again stays as it is, and is reported. At the end \
            the schema marketplace is refreshed.

            A file that stops at a damaged record whose end is not certain goes on where you say; \
            sluice status shows the command. With --from-line the content from that record up to \
            this line is one reject, with your name and your reason, also in later versions that \
            stop at the same bytes. A sound record has to begin on the line. A line that was too \
            far is corrected by an earlier one.

              sluice migrate && sluice reload --dry-run
              sluice reload
              sluice reload --feed sdds.billing_event
              sluice reload --file s3://acme-sdds/ProductFeed_V1/year=2026/month=03/data.csv
              sluice reload --file ProductFeed_V1/year=2026/month=03/data.csv --from-line 812 \
                --because 'case 1234: AWS sends these two again'
            """)

    @OptionGroup var options: SettingsOptions

    @Option(help: ArgumentHelp("All files of this feed; may be repeated.", valueName: "feed"))
    var feed: [String] = []

    @Option(
        help: ArgumentHelp(
            "This file, by its key, with or without its bucket; may be repeated.",
            valueName: "file"))
    var file: [String] = []

    @Option(help: ArgumentHelp("Only files of this seller. (default: all)", valueName: "name"))
    var seller: String?

    @Option(
        help: ArgumentHelp(
            "Goes on from this line of the file, behind its damage; needs --because.",
            valueName: "line"))
    var fromLine: Int?

    @Option(help: ArgumentHelp("Why the content before it may be skipped.", valueName: "text"))
    var because: String?

    @Flag(help: "Only show which files.")
    var dryRun = false

    // A batch job may wait for a database that restarts, not for one that is gone.
    private static let patienceSeconds = 300.0

    func validate() throws {
        guard fromLine != nil || because != nil else { return }
        guard fromLine != nil, file.count == 1, feed.isEmpty,
            because?.contains(where: { !$0.isWhitespace }) == true
        else {
            throw ValidationError("--from-line needs one --file, and --because with a reason")
        }
        guard fromLine ?? 0 > 1 else {
            throw ValidationError(
                "--from-line: line 1 is the header; name a line behind the damage, 2 or more")
        }
    }

    private var skip: SkipDecision? {
        guard let fromLine, let because else { return nil }
        return SkipDecision(fromLine: fromLine, person: Person.name, note: because)
    }

    func run() async throws {
        let session = try Session(options.resolve(), patienceSeconds: Self.patienceSeconds)
        let plan = try plan(session.context)
        say(plan.lines)
        guard skip == nil || plan.files.count <= 1 else {
            throw ValidationError("several files have that key; name its bucket, or --seller")
        }
        guard !dryRun, !plan.files.isEmpty else { return }
        await load(plan, session.context)
        let failure = await session.refresh()
        _ = try await session.summarise()
        try end(session.context, files: plan.files.count)
        if let failure { throw failure }
    }

    /// Loads files side by side, as many as there are slots; the slot tells what fails.
    private func load(_ plan: ReloadPlan, _ context: WorkContext) async {
        let slots = SlotPool(context)
        let skip = skip
        await withDiscardingTaskGroup { group in
            for file in plan.files {
                // One task for each slot, not for each of perhaps a million files.
                let slot = await slots.take()
                guard !context.shutdown.isRequested else {
                    await slots.giveBack(slot)
                    return
                }
                group.addTask {
                    // The failure is in the log and in ingest.file; the others go on.
                    _ = try? await slot.reload(
                        file.entry.file, as: file.entry.feed, from: file.source, skip: skip)
                    await slots.giveBack(slot)
                }
            }
        }
    }

    private func end(_ context: WorkContext, files: Int) throws {
        if context.shutdown.isRequested {
            throw CommandFailure(
                .stopped, "stopped before the end; run it again for the files that are left")
        }
        let failed = context.meter.reading.failedFiles
        if failed > 0 {
            throw CommandFailure(
                .filesFailed,
                "\(failed) of \(files) files could not be read again, and stay as they are; "
                    + "see above, or: sluice status")
        }
    }

    private func plan(_ context: WorkContext) throws -> ReloadPlan {
        let postgres = try context.database.connect()
        let owner = try seller.map { try Seller.chosen($0, on: postgres) }
        try Feed.throwUnlessKnown(feed, on: postgres)
        var selections = file.map { Reload.Selection.file($0) }
        if !feed.isEmpty { selections.append(.feeds(Set(feed))) }
        if selections.isEmpty { selections.append(.moved) }
        var plan = ReloadPlan(try Seller.all(on: postgres))
        for selection in selections {
            plan.add(try Reload(selection, of: owner, on: postgres))
        }
        return plan
    }
}

/// Files to be read again, each with where to read it from.
private struct ReloadPlan {
    private(set) var files: [(entry: Reload.Entry, source: FileSource)] = []
    private var unmatched: Set<String> = []
    private var known: Set<File> = []
    private let sellers: [Int32: Seller]

    init(_ sellers: [Seller]) {
        self.sellers = Dictionary(
            sellers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func add(_ reload: Reload) {
        unmatched.formUnion(reload.unmatched)
        for entry in reload.entries where known.insert(entry.file).inserted {
            guard let source = source(of: entry.file) else { continue }
            files.append((entry, source))
        }
    }

    /// The directory that stands in the ledger, or the buckets of the file's seller.
    private func source(of file: File) -> FileSource? {
        let scheme = "file://"
        guard file.bucket.hasPrefix(scheme) else {
            return sellers[file.sellerID].map { .buckets($0) }
        }
        return .directory(path: String(file.bucket.dropFirst(scheme.count)), bucket: nil)
    }

    /// What a person reads before the work begins.
    var lines: [String] {
        guard !files.isEmpty else { return ["nothing to read again" + unmatchedText] }
        var table = TextTable(["from", "to", "files"], numeric: [2])
        let groups = Dictionary(grouping: files) { [$0.entry.origin, $0.entry.feed.name] }
        for (feeds, group) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            table.append(feeds + ["\(group.count)"])
        }
        return ["\(files.count) files to read again" + unmatchedText] + table.lines
    }

    private var unmatchedText: String {
        guard let example = unmatched.min() else { return "" }
        return "; \(unmatched.count) files match no feed any more, and their rows stay: \(example)"
            + (unmatched.count > 1 ? ", ..." : "")
    }
}
