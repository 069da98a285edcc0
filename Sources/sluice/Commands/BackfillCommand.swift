internal import AWS
internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Postgres

struct BackfillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backfill",
        abstract: "Loads everything in a bucket or a directory that is not loaded yet.",
        discussion: """
            Plans first: which files, how many bytes. Files whose newest version is in the database \
            are not fetched. Interrupted, it goes on where it stopped when it is run again. It \
            shares the ledger with the worker, so both may run at once. At the end the schema \
            marketplace is refreshed.

              sluice backfill s3://acme-sdds --since 2024-01
              sluice backfill ./exports --feed sdds.billing_event --dry-run
            """)

    @Argument(
        help: ArgumentHelp(
            "A location s3://bucket/prefix, or a directory.", valueName: "location"))
    var location: String

    @OptionGroup var options: SettingsOptions

    @Option(
        help: ArgumentHelp(
            "Whose data it is. (default: the seller that has the location; for a directory: "
                + "\(Seller.defaultName))", valueName: "name"))
    var seller: String?

    @Option(
        help: ArgumentHelp(
            "For a directory: the bucket that it is a copy of, so that the bucket's ledger holds.",
            valueName: "bucket"))
    var bucket: String?

    @Option(help: ArgumentHelp("Only this feed, such as sdds.billing_event; may be repeated."))
    var feed: [String] = []

    @Option(help: ArgumentHelp("First day of delivery, 2024-01 or 2024-01-31.", valueName: "date"))
    var since: String?

    @Option(
        help: ArgumentHelp("Last day of delivery, likewise; a month to its end.", valueName: "date")
    )
    var until: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Bring what was loaded into the schema marketplace; see: sluice refresh.")
    var refresh = true

    @Flag(help: "Only show the plan.")
    var dryRun = false

    // A batch job may wait for a database that restarts, not for one that is gone.
    private static let patienceSeconds = 300.0

    func validate() throws {
        let selection = try period()
        guard let since = selection.since, let until = selection.until, since > until else {
            return
        }
        throw ValidationError("--since \(since) is after --until \(until)")
    }

    func run() async throws {
        let session = try Session(options.resolve(), patienceSeconds: Self.patienceSeconds)
        let selection = try selection(session.context)
        let source = try source(session.context)
        let slots = SlotPool(session.context)
        let plan = try await slots.withSlot { slot in
            try await slot.plan(source.location, of: source.seller, selection, from: source.files)
        }
        say(plan.lines(source.location))
        guard !dryRun else { return }
        if !plan.entries.isEmpty {
            await load(plan, from: source, Sweeper(context: session.context, slots: slots))
        }
        // Also when nothing was to be loaded: the run before may have ended before this.
        let failure = refresh ? await session.refresh() : nil
        if !plan.entries.isEmpty { _ = try await session.summarise() }
        tellUnreadable(session.context)
        try end(session.context, files: plan.entries.count)
        if let failure { throw failure }
    }

    private func load(_ plan: Plan, from source: Source, _ sweeper: Sweeper) async {
        let display = ProgressDisplay(
            sweeper.context.meter, files: plan.entries.count, bytes: plan.bytes)
        let drawing = Task { await display.run() }
        await sweeper.load(plan.entries, from: source.files)
        drawing.cancel()
        await drawing.value
    }

    // No failure: it would be one at every run, and another run does not change it.
    private func tellUnreadable(_ context: WorkContext) {
        let count = context.meter.reading.unreadableFiles
        guard count > 0 else { return }
        say([
            "",
            "\(count) files are archived or gone and were not loaded; how to get them: "
                + "sluice status",
        ])
    }

    private func end(_ context: WorkContext, files: Int) throws {
        if context.shutdown.isRequested {
            throw CommandFailure(
                .stopped, "stopped before the end; run it again and it goes on from there")
        }
        let failed = context.meter.reading.failedFiles
        if failed > 0 {
            throw CommandFailure(
                .filesFailed,
                "\(failed) of \(files) files could not be loaded; see above, or: sluice status")
        }
    }

    private struct Source {
        let location: Location
        let seller: Seller
        let files: FileSource
    }

    private func source(_ context: WorkContext) throws -> Source {
        let postgres = try context.database.connect()
        guard isBucket else {
            let store = try DirectoryStore(path: location, bucket: bucket)
            let owner =
                try seller.map { try Seller.chosen($0, on: postgres) }
                ?? Seller.ensure(Seller.defaultName, on: postgres)
            return Source(
                location: Location(bucket: store.bucket), seller: owner,
                files: .directory(path: location, bucket: bucket))
        }
        let place = try bucketPlace()
        let owner = try owner(of: place, on: postgres)
        return Source(location: place, seller: owner, files: .buckets(owner))
    }

    // A path is neither an address nor an ARN.
    private var isBucket: Bool {
        let lower = location.lowercased()
        return lower.hasPrefix("arn:")
            || (lower.contains("://") && !lower.hasPrefix("file:"))
    }

    private func bucketPlace() throws -> Location {
        do {
            let place = try BucketPlace(location)
            return Location(bucket: place.bucket, prefix: place.prefix)
        } catch {
            throw CommandFailure(.configuration, "\(error)")
        }
    }

    private func owner(of place: Location, on postgres: PostgresConnection) throws -> Seller {
        let owners = try Seller.all(on: postgres).filter { candidate in
            candidate.locations.contains { owned in
                owned.contains(bucket: place.bucket, key: place.prefix)
            }
        }
        if let seller {
            let found = try Seller.chosen(seller, on: postgres)
            guard owners.contains(found) else {
                throw CommandFailure(
                    .configuration,
                    "\(location) is not in a location of the seller \(seller); add it: "
                        + "sluice seller add \(seller) --location \(place)")
            }
            return found
        }
        guard let found = owners.first, owners.count == 1 else {
            throw CommandFailure(
                .configuration,
                owners.isEmpty
                    ? "\(location) belongs to no seller yet; say whose it is: "
                        + "sluice seller add NAME --location \(place)"
                    : "\(location) belongs to several sellers; name one with --seller")
        }
        return found
    }

    private func selection(_ context: WorkContext) throws -> Plan.Selection {
        try Feed.throwUnlessKnown(feed, on: context.database.connect())
        var selection = try period()
        selection.feeds = Set(feed)
        return selection
    }

    private func period() throws -> Plan.Selection {
        var selection = Plan.Selection()
        selection.since = try since.map { try calendarDay($0, option: "--since") }
        selection.until = try until.map {
            try calendarDay($0, atEndOfMonth: true, option: "--until")
        }
        return selection
    }
}

extension LoadSlot {
    /// Lists a location and compares it with the ledger.
    fileprivate func plan(
        _ location: Location, of seller: Seller, _ selection: Plan.Selection,
        from source: FileSource
    ) throws -> Plan {
        let store = try store(source)
        return try withDatabase { postgres in
            try Plan(location, of: seller, selection: selection, in: store, on: postgres)
        }
    }
}

extension Plan {
    /// What a person reads before the work begins.
    fileprivate func lines(_ location: Location) -> [String] {
        var table = TextTable(["feed", "files", "bytes"], numeric: [1, 2])
        let groups = Dictionary(grouping: entries, by: \.feed.name)
        for (feed, group) in groups.sorted(by: { $0.key < $1.key }) {
            let bytes = group.lazy.map(\.size).sumOfSizes()
            table.append([feed, "\(group.count)", byteText(bytes)])
        }
        var lines = [
            "\(location): \(listed) objects, \(entries.count) files to look at "
                + "(\(byteText(bytes))), \(current) up to date"
                + (deselected > 0 ? ", \(deselected) not selected" : "")
        ]
        if !table.isEmpty { lines += table.lines }
        if unknownCount > 0 {
            let shown = unknownExamples.joined(separator: ", ")
            lines.append(
                "  \(unknownCount) objects are of no known feed: \(shown)"
                    + (unknownCount > unknownExamples.count ? ", ..." : ""))
        }
        if !leftOut.isEmpty {
            lines.append(
                "  \(leftOut.count) links lead out of the directory and are not followed: "
                    + Self.examples(of: leftOut) + "; put the files themselves there")
        }
        return lines
    }

    /// Enough to recognise what they are.
    private static func examples(of names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", ..." : "")
    }
}
