internal import AWS
internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Logging
internal import Postgres
internal import Simulator

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Runs everything with a generated seller, a private Postgres and a local AWS.",
        discussion: """
            A seller's files are put on S3 day by day, SNS announces them to SQS, and a worker \
            loads them. The figures are then compared with what the generator says they must be. \
            Run it again: nothing is loaded twice. It all happens in a database of its own, \
            sluice_demo of the private Postgres, unless --database names another one.

            The local AWS is ministack, from SLUICE_VENV or PATH; scripts/demo installs it.
            """)

    @OptionGroup var options: SettingsOptions
    @OptionGroup var simulation: SimulationOptions

    private static let databaseName = "sluice_demo"

    func run() async throws {
        var settings = try options.resolve()
        // What environment and settings file name is somebody's books: no place for a seller who never
        // was.
        if options.database == nil, options.assigned["database"] == nil {
            settings.usePrivateDatabase(Self.databaseName)
        }
        let aws = try LocalAWS.start(settings.environment)
        defer { aws.stop() }
        say("A local AWS is listening on \(aws.endpoint)")
        settings.environment.merge(aws.variables) { _, local in local }
        let simulated = Simulation(try simulation.parameters(bucket: DemoSeller.bucket))
        guard let last = simulated.days.last else { return }
        let marketplace = try Self.marketplace(of: simulated, at: last, beside: aws, settings)
        defer { marketplace.stop() }
        settings.environment.merge(marketplace.variables) { _, local in local }
        if options.logLevel == nil { settings.logLevel = "warning" }
        let session = try Session(settings, patienceSeconds: 60)
        say("The database is there: \(session.context.database.psqlCommand)")
        let seller = try DemoSeller(settings, session.context)
        defer { seller.forgetQueue(session.context) }
        let output = try Deliveries(to: "s3://" + DemoSeller.bucket, settings)
        var messages = 0
        for day in simulated.days {
            try output.deliver(simulated.changed(on: day))
            messages += try seller.announce(simulated.messages(on: day))
        }
        say(
            [
                "\(simulated.days.count) days of deliveries are on S3: \(output.files) files, "
                    + "\(byteText(output.bytes)); each was announced through SNS to SQS, and "
                    + "\(messages) messages tell of subscriptions, agreements and deliveries", "",
            ])
        let meter = session.context.meter
        let progress = Task { await Self.showProgress(meter) }
        try await Worker(session.context, only: [DemoSeller.name]).run(draining: true)
        progress.cancel()
        await progress.value
        try await session.syncEntitlements(of: [DemoSeller.name])
        _ = try await session.summarise(isToldWhereToLook: false)
        let postgres = try session.context.database.connect()
        try seller.verify(simulated.truth(asOf: last), on: postgres)
        try seller.verify(
            entitlements: simulated.entitlements(at: Self.end(of: last)).count, on: postgres)
        _ = try Marketplace.refresh(on: postgres)
        say(["", "The tables hold exactly what the generator says they must.", ""])
        say(text: try seller.figures(on: postgres))
        let program = CommandLine.arguments[0].shellWord
        let database = session.context.database
        say(
            text: """

                Look for yourself:
                  \(database.psqlCommand)
                  \(program) report \(database.option)
                  \(program) report billed-revenue --month \(last.month.name) \(database.option)
                """)
        guard meter.reading.failedFiles == 0 else {
            throw ExitCode(CommandFailure.Kind.filesFailed.rawValue)
        }
    }

    /// The services that the local AWS lacks, with the entitlements of the last day's end.
    private static func marketplace(
        of simulated: Simulation, at last: SimulatedDay, beside aws: LocalAWS,
        _ settings: Settings
    ) throws -> LocalMarketplace {
        var lines: [String] = []
        simulated.forEachEntitlement(before: last) { lines.append($0.line + "\n") }
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("sluice-\(UUID().uuidString)")
        try Data(lines.joined().utf8).write(to: file)
        // Read when it starts; one that stays does no harm.
        defer { try? FileManager.default.removeItem(at: file) }
        return try LocalMarketplace.start(
            entitlements: file.path,
            at: Date(timeIntervalSince1970: Double(end(of: last)))
                .formatted(.iso8601), beside: aws, settings)
    }

    /// The last second of a day, since 1970.
    private static func end(of day: SimulatedDay) -> Int64 { Int64(day.number + 1) * 86_400 - 1 }

    private static func showProgress(_ meter: Meter) async {
        var shown = -1
        repeat {
            let reading = meter.reading
            if reading.files != shown {
                shown = reading.files
                say("  \(reading.files) files looked at, \(reading.rows) rows loaded")
            }
            // Cancelled means that the worker is done.
        } while (try? await Task.sleep(for: .seconds(1))) != nil
    }
}
