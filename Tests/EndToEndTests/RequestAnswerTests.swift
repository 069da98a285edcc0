import Foundation
import Support
import Testing

/// However the answer to a request comes, and when none comes.
@Suite struct RequestAnswerTests {
    private static let daily = MarketDesk.daily

    /// What goes wrong on the way, and whether the time that is covered is known afterwards.
    static let deliveries: [(fault: String, isCovered: Bool)] = [
        ("notice-twice", true), ("notice-first", true), ("meta-first", true), ("no-meta", false),
        ("damaged-meta", false), ("lose-notice", true),
    ]

    @Test(arguments: deliveries)
    func answerIsFoundHoweverItComes(fault: String, isCovered: Bool) throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01"])
        try market.fault(fault)
        try market.ask("2026-03-01")
        // The first look for an answer that no notice told of.
        try market.desk.database.psql("update ingest.request set next_attempt_at = now()")
        #expect(try market.work(until: "select status = 'delivered' from ingest.request"))
        let row = try market.request("attempts, file_id is not null, covers_from is not null")
        #expect(row == "1|t|\(isCovered ? "t" : "f")")
        #expect(try market.asked.count == 1)
        #expect(try market.desk.database.number("select count(*) from cas.\(Self.daily)") == 2)
    }

    @Test func s3EventsAloneAnswerToo() throws {
        let market = try MarketDesk(.s3Events)
        try market.publish(Self.daily, ["2026-03-01"])
        try market.ask("2026-03-01")
        #expect(
            try market.work(
                until: """
                    select status = 'delivered' and covers_from is not null from ingest.request
                    """))
    }

    @Test func fileThatSaysTheSameAsBeforeIsAnAnswerToo() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01"])
        try market.ask("2026-03-01")
        try market.drain()
        try market.ask("2026-03-01", more: ["--again"])
        try market.drain()
        #expect(try market.request("status, file_id is not null") == "delivered|t")
        #expect(try market.desk.database.number("select count(*) from cas.\(Self.daily)") == 2)
    }

    @Test func idThatWasLostIsFoundByOurOwnKey() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01"])
        // As often as a call is tried: AWS has taken each, and we know of none.
        try market.fault("drop-answer", times: 5)
        try market.ask("2026-03-01")
        #expect(try market.request("status, cardinality(request_ids)") == "requested|0")
        try market.drain()
        #expect(try market.request("status, cardinality(request_ids) > 0") == "delivered|t")
        #expect(try market.desk.database.number("select count(*) from cas.\(Self.daily)") == 2)
    }

    @Test func deathBetweenCallAndRecordAsksAgainOnlyWhenNoAnswerComes() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01", "2026-03-02"])
        try market.market.control("datasets", ["held": true])
        try market.fault("drop-answer", ["seconds": 60])
        let asking = try market.start(["request", Self.daily, "--date", "2026-03-01"])
        #expect(try market.eventually("select status = 'asking' from ingest.request"))
        while try market.asked.isEmpty { usleep(50_000) }  // a poll: nothing tells of it
        asking.signal(SIGKILL)
        _ = asking.wait()
        // The next one to ask sees that somebody died; asking again is not its first thought.
        try market.ask("2026-03-02")
        let lost = "where publication_date = '2026-03-01'"
        #expect(
            try market.desk.database.psql("select status, reason from ingest.request \(lost)")
                == "requested|the call was cut short: AWS may have taken it")
        #expect(try market.asked.count == 2)
        try market.desk.database.psql(
            """
            update ingest.request set called_at = now() - interval '2 hours',
                next_attempt_at = now() \(lost)
            """)
        #expect(
            try market.work(until: "select attempts = 2 from ingest.request \(lost)"))
        try market.market.control("release")
        try market.drain()
        #expect(try market.asked.count == 3)
        #expect(try market.requests.allSatisfy { $0.hasSuffix("delivered") })
        #expect(try market.desk.database.number("select count(*) from cas.\(Self.daily)") == 4)
    }

    @Test func answerThatDoesNotComeIsMissedAndAskedForAgain() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01"])
        try market.market.control("datasets", ["held": true])
        try market.ask("2026-03-01")
        try market.desk.database.psql(
            "update ingest.request set called_at = called_at - interval '7 hours'")
        let status = try market.run(["status", "--no-queues"]).standardOutput
        #expect(status.contains("Data sets that were asked for and have not come"))
        #expect(status.contains("acme: \(Self.daily) of 2026-03-01, asked "))
        #expect(try market.run(["status", "--check", "--no-queues"]).status == 1)
        try market.desk.database.psql(
            """
            update ingest.request set requested_at = requested_at - interval '25 hours',
                called_at = called_at - interval '25 hours', next_attempt_at = now()
            """)
        #expect(try market.work(until: "select attempts = 2 from ingest.request"))
        try market.market.control("release")
        try market.drain()
        #expect(try market.request("status, attempts") == "delivered|2")
    }

    @Test func failureIsTriedAgainWithItsReasonAndAtLastWaitsForAPerson() throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01"])
        try market.fault("fail", times: 2, ["message": "Internal trouble of the service"])
        try market.ask("2026-03-01")
        try market.drain()
        let waiting = """
            status, attempts, reason,
            next_attempt_at between now() + interval '10 minutes' and now() + interval '20 minutes'
            """
        #expect(try market.request(waiting) == "waiting|1|Internal trouble of the service|t")
        // What a repeated notice says is known already.
        let id = try market.request("request_ids[1]")
        try market.send(#"{"dataSetRequestId":"\#(id)","success":"False","message":"once more"}"#)
        try market.drain()
        #expect(try market.request(waiting) == "waiting|1|Internal trouble of the service|t")
        #expect(try market.run(["status", "--check", "--no-queues"]).status == 0)
        try market.desk.database.psql(
            "update ingest.request set attempts = 5, next_attempt_at = now()")
        #expect(try market.run(["request", "--due"]).status == 0)
        try market.drain()
        #expect(try market.request("status, attempts, next_attempt_at is null") == "failed|6|t")
        let status = try market.run(["status", "--no-queues"]).standardOutput
        #expect(
            status.contains(
                "acme: \(Self.daily) of 1 dates, newest 2026-03-01: Internal trouble"))
        try market.ask("2026-03-01")
        #expect(try market.asked.count == 2)
        #expect(try market.run(["request", "--failed"]).status == 0)
        try market.drain()
        #expect(try market.request("status, attempts") == "delivered|1")
        #expect(try market.run(["status", "--check", "--no-queues"]).status == 0)
    }

    @Test func oldDateWithoutDataIsAskedForOnce() throws {
        let market = try MarketDesk()
        try market.ask("2026-03-01")
        try market.drain()
        let nextMonth =
            "next_attempt_at between now() + interval '29 days' and now() + interval '31 days'"
        #expect(try market.request("status, attempts, \(nextMonth)") == "no_data|1|t")
        #expect(try market.run(["status", "--check", "--no-queues"]).status == 0)
        try market.ask("2026-03-01")
        #expect(try market.asked.count == 1)
    }

    @Test func noticeOfSomebodyElsesRequestTouchesNoneOfOurs() throws {
        let market = try MarketDesk()
        try market.addSeller("bolt")
        try market.market.control("datasets", ["held": true])
        try market.publish(Self.daily, ["2026-03-01"])
        try market.ask("2026-03-01", more: ["--seller", "bolt"])
        let key = try market.request("request_key")
        for success in ["true", "false"] {
            try market.send(
                """
                {"dataSetRequestId": "0b8f3a52", "success": \(success), "message": "m",
                 "customerDefinedValues": {"sluice": "\(key)"}}
                """)
        }
        try market.drain()
        #expect(try market.request("status, cardinality(request_ids)") == "requested|1")
    }

    @Test func metadataOutsideTheSellersPlacesIsNotFetched() throws {
        let market = try MarketDesk()
        try market.send(
            """
            {"dataSetRequestId": "0b8f3a52", "success": true,
             "dataSetMetaDataS3Location": {"bucketName": "elsewhere", "key": "a.meta.json"}}
            """)
        try market.drain()
        let row = try market.desk.database.psql("select outcome, reason from ingest.message")
        #expect(row.hasPrefix("refused|s3://elsewhere/a.meta.json is not in a location"))
    }
}
