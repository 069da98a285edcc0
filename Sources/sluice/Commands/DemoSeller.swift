internal import AWS
internal import Feeds
internal import Foundation
internal import Postgres
internal import Simulator

/// The seller of the demo, as its cloud would be set up for Sluice.
struct DemoSeller {
    static let name = "demo"
    static let bucket = "demo-seller-data"
    private let id: Int32
    private let sqs: SQS
    private let queueURL: String

    /// Bucket, topic, queue and dead-letter queue; S3 tells the topic, the topic tells the queue.
    init(_ settings: Settings, _ context: WorkContext) throws {
        let postgres = try context.database.connect()
        if let other = try Seller.all(on: postgres).first(where: { $0.name != Self.name }) {
            throw CommandFailure(
                .configuration,
                "the database has the seller \(other.name), and the demo's seller is no part of "
                    + "anybody's books; name an empty database, or leave --database out")
        }
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

    /// The queue ends with its local AWS: nobody is to ask for it any more.
    func forgetQueue(_ context: WorkContext) {
        do {
            try context.database.connect().query(
                "update ingest.seller set queue_url = null where seller_id = $1", [.int(Int64(id))])
        } catch {
            note("sluice: the demo's queue is gone, and its seller still names it: \(error)")
        }
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
