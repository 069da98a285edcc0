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
            Run it again: nothing is loaded twice.

            The local AWS is ministack, from SLUICE_VENV or PATH; scripts/demo installs it.
            """)

    @OptionGroup var options: SettingsOptions
    @OptionGroup var simulation: SimulationOptions

    func run() async throws {
        var settings = try options.resolve()
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
        let output = try Deliveries(to: "s3://" + DemoSeller.bucket, settings)
        var messages = 0
        for day in simulated.days {
            try output.deliver(simulated.changed(on: day))
            messages += try seller.announce(simulated.messages(on: day))
        }
        say(
            "\(simulated.days.count) days of deliveries are on S3: \(output.files) files, "
                + "\(byteText(output.bytes)); each was announced through SNS to SQS, and "
                + "\(messages) messages tell of subscriptions, agreements and deliveries\n")
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
        say("\nThe tables hold exactly what the generator says they must.\n")
        say(try seller.figures(on: postgres))
        let report = CommandLine.arguments[0] + " report"
        say(
            """

            Look for yourself:
              \(session.context.database.psqlCommand)
              \(report)
              \(report) billed-revenue --month \(last.month.name)
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

/// The seller of the demo, as its cloud would be set up for Sluice.
private struct DemoSeller {
    static let name = "demo"
    static let bucket = "demo-seller-data"
    private let id: Int32
    private let sqs: SQS
    private let queueURL: String

    /// Bucket, topic, queue and dead-letter queue; S3 tells the topic, the topic tells the queue.
    init(_ settings: Settings, _ context: WorkContext) throws {
        let client = try context.aws.client(for: nil)
        let sqs = SQS(client: client)
        let dead = try sqs.createQueue(name: "demo-sluice-dead-letters")
        let deadARN = try Self.arn(of: dead, sqs)
        let queue = try sqs.createQueue(
            name: "demo-sluice",
            attributes: [
                "RedrivePolicy": #"{"deadLetterTargetArn":"\#(deadARN)","maxReceiveCount":"5"}"#
            ])
        let sns = SNS(client: client)
        let topic = try sns.createTopic(name: "demo-marketplace")
        _ = try sns.subscribe(topicARN: topic, queueARN: Self.arn(of: queue, sqs))
        let s3 = S3(client: client)
        try s3.createBucket(Self.bucket)
        try s3.enableVersioning(ofBucket: Self.bucket)
        try s3.putBucketNotificationConfiguration(bucket: Self.bucket, target: .topic(topic))
        let postgres = try context.database.connect()
        try Seller.save(
            name: Self.name, locations: [Location(bucket: Self.bucket)], accountID: nil,
            region: nil, role: nil, queueURL: queue, on: postgres)
        id = try Seller.ensure(Self.name, on: postgres).id
        self.sqs = sqs
        queueURL = queue
    }

    /// Puts messages on the queue as SNS and EventBridge do; the same message has the same id in
    /// every demo, as it has when it is delivered twice.
    ///
    /// - Returns: how many.
    func announce(_ messages: [SimulatedMessage]) throws -> Int {
        let failures = try sqs.sendMessages(
            queueURL: queueURL, bodies: try messages.map(Self.body))
        guard let failure = failures.first else { return messages.count }
        throw CommandFailure(
            .unavailable, "\(queueURL): SQS did not take a message: \(failure.code)")
    }

    private static func body(_ message: SimulatedMessage) throws -> String {
        guard let topic = message.topic else { return message.body }
        let envelope = [
            "Type": "Notification", "MessageId": message.id, "Message": message.body,
            "TopicArn": "arn:aws:sns:us-east-1:287250355862:\(topic)", "Timestamp": message.time,
        ]
        let data = try JSONSerialization.data(
            withJSONObject: envelope, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    /// What an analyst would look at first.
    func figures(on postgres: PostgresConnection) throws -> String {
        let row = try postgres.query(
            """
            select (select count(distinct billing_event_id) from sdds.billing_event
                    where seller_id = $1) as sales,
                (select count(distinct invoice_id) from sdds.billing_event
                 where seller_id = $1 and action = 'INVOICED') as invoices,
                (select count(distinct usage_feed_id) from sdds.daily_usage
                 where seller_id = $1) as usage,
                (select count(*) from event.entitlement
                 where seller_id = $1 and valid_to = 'infinity') as entitlements,
                (select count(*) from event.agreement where seller_id = $1) as agreements,
                (select count(*) from event.subscription where seller_id = $1) as subscriptions
            """, [.int(Int64(id))]
        ).only()
        return try """
        Sales         \(row.int("sales")) billing events on \(row.int("invoices")) invoices
        Usage         \(row.int("usage")) records
        Entitlements  \(row.int("entitlements")) held
        Events        \(row.int("agreements")) of agreements, \(row.int("subscriptions")) of subscriptions
        """
    }

    /// Compares the entitlements held with the generator's.
    func verify(entitlements: Int, on postgres: PostgresConnection) throws {
        let held = try postgres.query(
            """
            select count(*) as n from event.entitlement
            where seller_id = $1 and valid_to = 'infinity'
            """, [.int(Int64(id))]
        ).only().int("n")
        guard held == entitlements else {
            throw CommandFailure(
                .filesFailed, "\(held) entitlements are held; the generator made \(entitlements)")
        }
    }

    private static func arn(of queue: String, _ sqs: SQS) throws -> String {
        guard let arn = try sqs.queueAttributes(queueURL: queue).arn else {
            throw CommandFailure(.unavailable, "\(queue): the local AWS tells no ARN")
        }
        return arn
    }

    /// Compares rows and sums in the tables with the generator's.
    func verify(_ truth: Truth, on postgres: PostgresConnection) throws {
        for feed in truth.feeds {
            let rows = try postgres.query(
                "select count(*) as n from \(feed.name) where seller_id = $1", [.int(Int64(id))]
            ).only().int("n")
            guard rows == feed.stored else {
                throw CommandFailure(
                    .filesFailed, "\(feed.name) has \(rows) rows; the generator made \(feed.stored)"
                )
            }
            for (title, sums) in feed.totals {
                try verify(sums, of: normalisedTitle(title), in: feed.name, on: postgres)
            }
        }
    }

    private func verify(
        _ sums: [String: String], of column: String, in feed: String,
        on postgres: PostgresConnection
    ) throws {
        let currency = try postgres.query(
            """
            select nullif(split_part(t, '/', 2), '') as name
            from ingest.feed, unnest(totals) t where feed = $1 and split_part(t, '/', 1) = $2
            """, [.text(feed), .text(column)]
        ).first?.optionalString("name").map(PostgresConnection.quoteIdentifier)
        let amount = PostgresConnection.quoteIdentifier(column)
        for (code, sum) in sums.sorted(by: { $0.key < $1.key }) {
            let row = try postgres.query(
                """
                select coalesce(sum(\(amount)), 0) as sum, coalesce(sum(\(amount)), 0) = $3 as equal
                from \(feed) where seller_id = $1 and coalesce(\(currency ?? "''"), '') = $2
                """, [.int(Int64(id)), .text(code), .text(sum)]
            ).only()
            guard try row.bool("equal") else {
                throw CommandFailure(
                    .filesFailed,
                    try "\(feed).\(column) adds up to \(row.string("sum")) \(code); "
                        + "the generator says \(sum)")
            }
        }
    }
}
