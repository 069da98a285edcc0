import AWS
import Foundation
import Support

/// Sellers whose data sets are asked for: buckets, topics and queues at the local AWS, AWS
/// Marketplace's own services beside it, and a migrated database.
final class MarketDesk: Sendable {
    static let daily = "daily_business_usage_by_instance_type"
    static let payout = "disbursed_amount_by_product"

    let desk: Desk
    let aws: LocalAWS
    let market: LocalMarketplace
    private let source: ScratchDirectory
    private let keys: AWSCredentials
    private let number = UInt64.random(in: 0...UInt64.max)

    /// How a seller's queue hears of its data sets.
    enum Hearing: Sendable {
        case notices, s3Events, nothing
    }

    /// Makes it with the seller acme.
    init(_ hearing: Hearing = .notices) throws {
        aws = try LocalAWS.shared(.ministack)
        desk = try Desk()
        source = try ScratchDirectory()
        market = try LocalMarketplace(aws: aws, source: source.path)
        keys = AWSCredentials(accessKeyID: aws.accessKey, secretAccessKey: aws.secretKey)
        try desk.database.psql(
            """
            update ingest.feed set cadence = case
                when feed = 'cas.\(Self.daily)' then 'daily'
                when feed = 'cas.\(Self.payout)' then 'disbursement'
                when feed like 'cas.%' then 'ended' else cadence end
            """)
        try addSeller("acme", hearing)
    }

    /// Sets up a seller's cloud and adds it, as role `<name>` of an account if one is given.
    func addSeller(_ name: String, _ hearing: Hearing = .notices, account: String? = nil) throws {
        let sqs = SQS(client: try client)
        let queue = try sqs.createQueue(name: place(name))
        let topic = try SNS(client: client).createTopic(name: place(name))
        try S3(client: client).createBucket(place(name))
        let arn = try sqs.queueAttributes(queueURL: queue).arn ?? ""
        switch hearing {
        case .notices: _ = try SNS(client: client).subscribe(topicARN: topic, queueARN: arn)
        case .s3Events:
            try S3(client: client).putBucketNotificationConfiguration(
                bucket: place(name), target: .queue(arn))
        case .nothing: break
        }
        let role = account.map {
            [
                "--role", "arn:aws:iam::\($0):role/\(name)", "--external-id", "sluice-\(name)",
                "--account", $0,
            ]
        }
        let done = try desk.run(
            [
                "seller", "add", name, "--location", place(name), "--queue", queue,
                "--cas-role", "arn:aws:iam::111122223333:role/Analytics", "--cas-location",
                "\(place(name))/cas", "--cas-topic", topic,
            ] + (role ?? []))
        guard done.succeeded else { throw done }
        // Nothing comes due unless a test wants it.
        try beginRequests(daysAgo: -1000)
    }

    /// Has the worker ask for what came out since so many days ago.
    func beginRequests(daysAgo: Int) throws {
        try desk.database.psql(
            "update ingest.seller set cas_since = current_date - \(daysAgo) where cas_since is not null"
        )
    }

    /// Name of a seller's bucket, queue and topic.
    func place(_ seller: String = "acme") -> String { "\(seller)-\(number)" }

    private var client: AWSClient {
        get throws {
            AWSClient(
                configuration: try AWSConfiguration(environment: aws.environment()),
                credentials: FixedCredentials(keys))
        }
    }

    // MARK: AWS's side

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

    /// Something goes wrong, so many times.
    func fault(_ kind: String, times: Int = 1, _ more: [String: Any] = [:]) throws {
        try market.control("faults", ["fault": kind, "times": times].merging(more) { $1 })
    }

    /// Names of the data sets and dates that AWS was asked for and took, in order.
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
        try S3(client: client).putObject(
            bucket: place(), key: key, body: .bytes(Array(text.utf8)))
    }

    func send(_ body: String, to seller: String = "acme") throws {
        let sqs = SQS(client: try client)
        let queue = try sqs.createQueue(name: place(seller))
        let failures = try sqs.sendMessages(queueURL: queue, bodies: [body])
        precondition(failures.isEmpty, "\(failures)")
    }

    // MARK: The operator's side

    func run(
        _ arguments: [String], roles: Bool = false, _ more: [String: String] = [:]
    ) throws -> Finished {
        try desk.run(arguments, environment: environment(roles).merging(more) { $1 })
    }

    /// Asks for daily sets by their dates.
    func ask(_ dates: String..., more: [String] = []) throws {
        for date in dates {
            let done = try run(["request", Self.daily, "--date", date] + more)
            guard done.succeeded else { throw done }
        }
    }

    func start(
        _ arguments: [String] = ["worker"], roles: Bool = false, _ more: [String: String] = [:]
    ) throws -> ChildProcess {
        try desk.start(arguments, environment: environment(roles).merging(more) { $1 })
    }

    // Keys: the local AWS takes any, the marketplace checks.
    private func environment(_ roles: Bool) -> [String: String] {
        let fast = [
            "SLUICE_REQUESTS_PER_HOUR": "3600000", "SLUICE_RETRY_SECONDS": "1",
            "SLUICE_SWEEP_MINUTES": "0",
            // What a stopped worker's last poll may have been sent comes back soon.
            "SLUICE_VISIBILITY_SECONDS": "5",
        ]
        return aws.environment().merging(market.environment(roles: roles)) { $1 }
            .merging(fast) { $1 }
    }

    /// Waits until AWS has delivered what it was asked for.
    func settle() throws {
        while try !market.read("pending").isEmpty { usleep(50_000) }  // a poll: nothing tells of it
    }

    /// Loads what was announced until the queue is empty.
    func drain() throws {
        try settle()
        let done = try run(["worker", "--drain"])
        guard done.succeeded else { throw done }
    }

    /// Runs a worker until a condition holds; says whether it ever did.
    func work(until condition: String, roles: Bool = false) throws -> Bool {
        try settle()
        let worker = try start(roles: roles)
        defer {
            worker.signal(SIGTERM)
            _ = worker.wait(limitSeconds: 30)
        }
        return try eventually(condition)
    }

    /// Waits until a condition holds; says whether it ever did.
    func eventually(_ condition: String, limitSeconds: Int = 60) throws -> Bool {
        let deadline = Date(timeIntervalSinceNow: Double(limitSeconds))
        while Date() < deadline {
            if try desk.database.psql("select (\(condition))") == "t" { return true }
            usleep(100_000)  // a poll: the database gives no sign
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

    /// Columns of the only request, or of the newest.
    func request(_ columns: String) throws -> String {
        try desk.database.psql(
            "select \(columns) from ingest.request r order by request_key desc limit 1")
    }
}
