import AWS
import Foundation
import Support

/// A seller whose data sets are asked for: bucket, topic and queue at the local AWS, AWS Marketplace's
/// own services beside it, and a migrated database with the seller's settings.
final class MarketDesk: Sendable {
    static let daily = "daily_business_usage_by_instance_type"
    static let payout = "disbursed_amount_by_product"
    static let role = "arn:aws:iam::111122223333:role/MarketplaceCommerceAnalyticsRole"

    let desk: Desk
    let aws: LocalAWS
    let market: LocalMarketplace
    let bucket: String
    let queueURL: String
    let topic: String
    private let source: ScratchDirectory
    private let client: AWSConfiguration
    private let keys: AWSCredentials

    /// With `hears: false` the topic does not reach the queue; `options` go to `seller add`.
    init(hears: Bool = true, _ options: [String] = []) throws {
        aws = try LocalAWS.shared(.ministack)
        desk = try Desk()
        source = try ScratchDirectory()
        market = try LocalMarketplace(aws: aws, source: source.path)
        keys = AWSCredentials(accessKeyID: aws.accessKey, secretAccessKey: aws.secretKey)
        client = try AWSConfiguration(environment: aws.environment())
        let client = AWSClient(configuration: client, credentials: FixedCredentials(keys))
        let name = "market-\(UInt64.random(in: 0...UInt64.max))"
        bucket = name
        queueURL = try SQS(client: client).createQueue(name: name)
        let sns = SNS(client: client)
        topic = try sns.createTopic(name: name)
        if hears {
            let queue = try SQS(client: client).queueAttributes(queueURL: queueURL).arn ?? ""
            _ = try sns.subscribe(topicARN: topic, queueARN: queue)
        }
        try S3(client: client).createBucket(bucket)
        try desk.database.psql(
            """
            update ingest.feed set cadence = case
                when feed like 'cas.daily%' then 'daily' when feed like 'cas.disbursed%'
                then 'disbursement' else cadence end
            """)
        try addSeller("acme", options)
    }

    func addSeller(_ name: String, _ options: [String] = []) throws {
        let place = name == "acme" ? "\(bucket)/cas" : "\(bucket)/\(name)"
        let done = try desk.run(
            [
                "seller", "add", name, "--location", bucket, "--queue", queueURL, "--cas-role",
                Self.role, "--cas-location", place, "--cas-topic", topic,
            ] + options)
        guard done.succeeded else { throw done }
    }

    /// Makes data sets that AWS can be asked for: so many rows each, by type and date.
    func publish(_ dataSet: String, _ dates: [String], rows: Int = 2) throws {
        let (header, row) =
            dataSet == Self.payout
            ? ("Product,Product Code,Net Amount", "Widget,pc-1,10.25")
            : ("Product Code,Product Title,Instance Type", "pc-1,Widget,m5.large")
        for date in dates {
            let text = ([header] + (0..<rows).map { _ in row }).joined(separator: "\n") + "\n"
            try source.write(text, to: "\(dataSet)_\(date).csv")
        }
    }

    /// Says what a data set covers.
    func cover(_ dataSet: String, _ date: String, from: String, until: String) throws {
        try source.write(
            """
            {"dataSetCoverageRange": {"startDateTime": "\(from)", "endDateTime": "\(until)"}}
            """, to: "\(dataSet)_\(date).meta.json")
    }

    func environment(roles: Bool = false) -> [String: String] {
        // Keys: the local AWS takes any, the marketplace checks.
        aws.environment().merging(market.environment(roles: roles)) { $1 }
            .merging(["SLUICE_REQUESTS_PER_HOUR": "3600000", "SLUICE_RETRY_SECONDS": "1"]) { $1 }
    }

    func run(_ arguments: [String], roles: Bool = false, _ more: [String: String] = [:]) throws
        -> Finished
    {
        try desk.run(arguments, environment: environment(roles: roles).merging(more) { $1 })
    }

    func startWorker(_ arguments: [String] = [], roles: Bool = false) throws -> ChildProcess {
        try desk.start(
            ["worker"] + arguments,
            environment: environment(roles: roles).merging(["SLUICE_SWEEP_MINUTES": "0"]) { $1 })
    }

    /// Loads what was announced until the queue is empty.
    func drain() throws {
        let done = try run(["worker", "--drain"])
        guard done.succeeded else { throw done }
    }

    /// Waits until a query says `t`; false when it never does.
    func eventually(_ condition: String, limitSeconds: Int = 60) throws -> Bool {
        let deadline = Date(timeIntervalSinceNow: Double(limitSeconds))
        while Date() < deadline {
            if try desk.database.psql("select (\(condition))") == "t" { return true }
            usleep(100_000)
        }
        return false
    }

    /// Every request as `data_set|date|status`, in order.
    var requests: [String] {
        get throws {
            try desk.database.psql(
                """
                select data_set, coalesce(publication_date::text, from_date::text), status
                from ingest.request order by data_set, publication_date, request_key
                """
            ).split(separator: "\n").map(String.init)
        }
    }

    /// Names of the data sets and dates that AWS was asked for, in order.
    var asked: [String] {
        get throws {
            try market.read("requests").map { request in
                let parameters = request["parameters"] as? [String: Any] ?? [:]
                let seconds = parameters["dataSetPublicationDate"] as? Double ?? 0
                let day = Date(timeIntervalSince1970: seconds).formatted(
                    Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day())
                return "\(parameters["dataSetType"] ?? "") \(day)"
            }
        }
    }

    func put(_ text: String, to key: String) throws {
        let client = AWSClient(configuration: client, credentials: FixedCredentials(keys))
        try S3(client: client).putObject(bucket: bucket, key: key, body: .bytes(Array(text.utf8)))
    }

    func send(_ body: String) throws {
        let client = AWSClient(configuration: client, credentials: FixedCredentials(keys))
        _ = try SQS(client: client).sendMessages(queueURL: queueURL, bodies: [body])
    }
}
