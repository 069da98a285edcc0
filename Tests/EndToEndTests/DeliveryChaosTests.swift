import AWS
import Support
import Testing

/// Whatever comes in whatever order, the tables hold what the bucket holds.
@Suite struct DeliveryChaosTests {
    @Test(arguments: [UInt64(1), 2])
    func messagesOfEveryShapeInAnyOrderLeadToTheSameRows(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let cloud = try SimulatedCloud(.none)
        let foreign = DeliveredObject(
            key: "ProductFeed_V1/year=2026/month=01/data.csv",
            bytes: try #require(Deliveries.last.get().first { $0.key.hasPrefix("ProductFeed") })
                .bytes)
        let foreignBucket = try cloud.makeForeignBucket()
        try cloud.put([foreign], into: foreignBucket)
        let others = try OtherMessages.all(
            bucket: cloud.bucket, foreign: foreign, in: foreignBucket)
        let proxy = try HTTPFaultProxy(to: .tcp(port: cloud.aws.port))

        var records = others.compactMap(\.record)
        var late = others.map(\.body)
        for day in try Deliveries.days.get() {
            try cloud.put(day)
            var messages = late
            late = []
            for object in day where !object.isMetadata {
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let shapes = MessageShape.fitting(object)
                    let shape = try #require(shapes.randomElement(using: &generator))
                    let body = try shape.body(object.key, in: cloud.bucket)
                    if shape == .sddsNotice { records.append("sdds_notice|recorded") }
                    if Bool.random(using: &generator) {
                        messages.append(body)
                    } else {
                        late.append(body)
                    }
                }
            }
            try cloud.send(messages.shuffled(using: &generator))
            try cloud.drain(awsPort: proxy.port)
        }
        // The last ones speak of what has long been loaded.
        try cloud.send(late)
        try cloud.drain(awsPort: proxy.port)

        #expect(try cloud.isQueueEmpty)
        #expect(try cloud.attributes(ofDeadLetters: true).depth == 0)
        #expect(try cloud.database.contents() == cloud.cleanLoad())
        #expect(try cloud.database.isBalanced())
        #expect(try cloud.database.unfinishedFiles() == "")
        let difference = try cloud.database.messages().symmetricDifference(counted(records))
        #expect(difference.isEmpty)
        #expect(try cloud.database.psql("select count(*) from event.subscription") == "2")
        #expect(try cloud.database.psql("select count(*) from event.agreement") == "1")
        #expect(!proxy.operations.contains { $0.text.contains(foreignBucket) })
        #expect(
            try cloud.database.psql("select distinct bucket from ingest.file") == cloud.bucket)
    }

    @Test func refusedMessageSaysWhatWouldAllowIt() throws {
        let cloud = try SimulatedCloud(.none)
        try cloud.send([MessageShape.s3Event.body("a.csv", in: "somebody-elses")])
        try cloud.drain()
        let reason = try cloud.database.psql("select reason from ingest.message")
        #expect(reason.contains("s3://somebody-elses/a.csv is not in a location of the seller"))
        #expect(reason.contains("sluice seller add acme --location"))
    }

    private func counted(_ records: [String]) -> Set<String> {
        let counts = Dictionary(grouping: records) { $0 }.mapValues(\.count)
        return Set(counts.map { "\($0.key)|\($0.value)" })
    }
}
