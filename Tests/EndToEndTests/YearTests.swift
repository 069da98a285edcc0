import AWS
import Foundation
import Simulator
import Support
import Testing

/// A year of everything that AWS Marketplace delivers to a seller, the way it comes.
@Suite struct YearTests {
    // A fortnight's deliveries arrive together, and daily sets and notices come on one day in seven
    // only, so that a test can wait for a year.
    private static let daysPerRound = 14

    @Test func aYearOfEveryFeedSetAndEventEndsAsACleanBackfill() throws {
        var generator = SeededGenerator(seed: 2_026)
        let year = try SimulatedYear()
        var late: [String] = []
        for start in stride(from: 0, to: year.days.count, by: Self.daysPerRound) {
            let days = year.days[start..<min(start + Self.daysPerRound, year.days.count)]
            let bodies = try year.deliver(days)
            let prompt = bodies.filter { _ in Int.random(in: 0..<10, using: &generator) > 0 }
            let twice = bodies.filter { _ in Int.random(in: 0..<10, using: &generator) == 0 }
            try year.cloud.send((prompt + twice + late).shuffled(using: &generator))
            let told = Set(prompt)
            late = bodies.filter { !told.contains($0) }
            try year.drain()
        }
        try year.cloud.send(late.shuffled(using: &generator))
        try year.drain()

        let database = year.cloud.database
        #expect(try year.cloud.isQueueEmpty)
        #expect(try year.cloud.attributes(ofDeadLetters: true).depth == 0)
        #expect(try database.contents() == year.cloud.cleanLoad())
        #expect(try database.isBalanced())
        #expect(try database.unfinishedFiles() == "")
        #expect(try database.number("select count(*) from ingest.reject") == 0)
        #expect(
            try database.psql(
                "select feed from ingest.feed except select feed from ingest.file order by 1")
                == "sdds.unclassified")
        let differing = try year.storedEvents().symmetricDifference(year.events)
        #expect(differing == [], "\(differing.sorted().prefix(9))")
        #expect(try database.psql("select * from event.malformed") == "")
        #expect(try year.held() == year.trulyHeld())
        #expect(
            try database.psql(
                "select kind, summary from ingest.message where outcome not in "
                    + "('recorded', 'ignored')") == "")
    }
}

/// A seller's year, its cloud, and the Marketplace that answers for it.
private final class SimulatedYear {
    let cloud: SimulatedCloud
    let days: [SimulatedDay]
    /// Ids of the events that were sent.
    private(set) var events: Set<String> = []
    private let market = try? LocalMarketplace()
    private let simulation: Simulation
    private var products: Set<String> = []

    init() throws {
        cloud = try SimulatedCloud(.wrapped)
        var parameters = SimulationParameters(seed: 11, months: 12, scale: 0)
        parameters.bucket = cloud.bucket
        simulation = Simulation(parameters)
        days = simulation.days
    }

    /// Puts what days deliver into the bucket, tells the Marketplace what is held at their end.
    ///
    /// - Returns: bodies of the messages of those days, in the order of their publication.
    func deliver(_ days: ArraySlice<SimulatedDay>) throws -> [String] {
        var objects: [String: SimulatedFile] = [:]
        var bodies: [String] = []
        for day in days {
            let isSampled = day.number.isMultiple(of: 7)
            for file in simulation.changed(on: day) where isSampled || !Self.isDaily(file) {
                objects[file.key] = file
            }
            for message in simulation.messages(on: day) where isSampled || !Self.isNotice(message) {
                try note(message)
                bodies.append(try Self.body(message))
            }
        }
        try cloud.put(objects.values.sorted { $0.key < $1.key }.map(DeliveredObject.init))
        try grant(simulation.entitlements(at: end(of: days.last)))
        return bodies
    }

    private static func isDaily(_ file: SimulatedFile) -> Bool {
        file.feed.hasPrefix("cas.daily_") || file.feed.hasPrefix("cas.customer_subscriber_")
    }

    private static func isNotice(_ message: SimulatedMessage) -> Bool {
        message.type.hasSuffix("-notice")
    }

    func drain() throws {
        try cloud.drain(try #require(market).environment())
    }

    private func note(_ message: SimulatedMessage) throws {
        guard !Self.isNotice(message) else { return }
        events.insert(message.id)
        let body = try JSONSerialization.jsonObject(with: Data(message.body.utf8))
        let event = try #require(body as? [String: Any])
        let product = (event["detail"] as? [String: Any])?["product"] as? [String: Any]
        let code = event["product-code"] ?? event["ProductCode"] ?? product?["code"]
        if let code = code as? String {
            products.insert(code.trimmingCharacters(in: .whitespaces))
        }
    }

    private func grant(_ entitlements: [TrueEntitlement]) throws {
        var held = Dictionary(
            products.map { ($0, [[String: Any]]()) }, uniquingKeysWith: { first, _ in first })
        for entitlement in entitlements {
            let line = try JSONSerialization.jsonObject(with: Data(entitlement.line.utf8))
            var item = try #require(line as? [String: Any])
            item["ValidFrom"] = nil
            item["ValidTo"] = nil
            item["ExpirationDate"] = entitlement.expires
            held[entitlement.productCode, default: []].append(item)
        }
        try #require(market).control(
            "entitlements", ["products": held.mapValues { ["entitlements": $0] }])
    }

    private func end(of day: SimulatedDay?) -> Int64 {
        Int64((day?.number ?? 0) + 1) * 86_400 - 1
    }

    /// As SNS wraps it; EventBridge does not.
    private static func body(_ message: SimulatedMessage) throws -> String {
        guard let topic = message.topic else { return message.body }
        let envelope = [
            "Type": "Notification", "MessageId": message.id, "Message": message.body,
            "TopicArn": "arn:aws:sns:us-east-1:287250355862:\(topic)", "Timestamp": message.time,
        ]
        return String(
            decoding: try JSONSerialization.data(withJSONObject: envelope), as: UTF8.self)
    }

    /// Keys of all rows of the event tables.
    func storedEvents() throws -> Set<String> {
        let keys = try cloud.database.psql(
            """
            select format('select event_key from event.%I', event_table) from event.kind
            \\gexec
            """)
        return Set(keys.split(separator: "\n").map(String.init))
    }

    /// What the database has as held now, and what the generator says.
    func held() throws -> Set<String> {
        Set(
            try cloud.database.psql(
                """
                select product_code || ' ' || customer_identifier || ' ' || license_arn || ' '
                    || dimension
                from event.entitlement where valid_to = 'infinity'
                """
            ).split(separator: "\n").map(String.init))
    }

    func trulyHeld() -> Set<String> {
        Set(
            simulation.entitlements(at: end(of: days.last)).map {
                "\($0.productCode) \($0.customerIdentifier) \($0.licenseARN) \($0.dimension)"
            })
    }
}
