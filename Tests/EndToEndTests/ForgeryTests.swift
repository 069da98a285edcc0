import AWS
import Foundation
import Support
import Testing

/// Whoever may send to a queue can make Sluice look, and nothing else: what is held, delivered or
/// recorded changes only by what was looked at.
@Suite struct ForgeryTests {
    private static let daily = MarketDesk.daily

    // MARK: Entitlements

    @Test(arguments: ["own", "foreign account", "no arn"], [0.0, 3600.0])
    func endOfALicenceIsWhatAWSSays(spelling: String, later seconds: Double) throws {
        let desk = try EventDesk()
        try desk.grant([desk.entitlement(1, "seats", 5, license: "l-a1")])
        try desk.cloud.send([desk.notice(1)])
        try desk.drain()
        let arn = EventDesk.arn("l-a1")
        let named = [
            "own": arn, "foreign account": arn.replacing("294406891311", with: "999999999999"),
            "no arn": "license:l-a1",
        ][spelling]
        let body = try desk.licenseEvent(
            "Deprovisioned", "l-a1", at: Date(timeIntervalSinceNow: seconds)
        ).replacing(arn.replacing("/", with: "\\/"), with: named ?? "")
        let asked = try desk.questions().count
        try desk.cloud.send([body])
        try desk.drain()
        #expect(try desk.held() == ["X01 seats 5"])
        #expect(try desk.questions().count == asked + 1)
        // AWS may be behind its own event: the product is read again within the day.
        let again = try desk.database.psql(
            "select product_code = '\(desk.product)' and synced_at is null from event.entitlement_sync"
        )
        #expect(again == "t")
        try desk.grant([])
        try desk.cloud.send([try desk.licenseEvent("Deprovisioned", "l-a1")])
        try desk.drain()
        #expect(try desk.held() == [])
    }

    // MARK: Events

    @Test func idThatSomebodyElseUsedFirstKeepsNoEventOut() throws {
        let desk = try EventDesk()
        try desk.grant([desk.entitlement(1, 5)])
        let real = try desk.licenseEvent("Updated", "l-1")
        let id = try #require(
            (JSONSerialization.jsonObject(with: Data(real.utf8)) as? [String: Any])?["id"]
                as? String)
        let forged = try desk.licenseEvent("Updated", "l-2", customer: 2)
            .replacing(#/"id":"[^"]*"/#, with: "\"id\":\"\(id)\"")
        try desk.cloud.send([forged])
        try desk.drain()
        try desk.cloud.send([real, real, forged])
        try desk.drain()
        let rows = try desk.database.psql(
            """
            select event_key = '\(id)', split_part(event_key, '~', 1) = '\(id)',
                license_arn like '%:l-1' from event.license order by received_at
            """)
        #expect(rows == "t|t|f\nf|t|t")
        #expect(try desk.held() == ["X01 seats 5"])
    }

    @Test func attributeOfAMessageSaysNothingOfItsKey() throws {
        let desk = try EventDesk()
        try desk.grant([desk.entitlement(1, 5)])
        try desk.cloud.send([desk.notice(1)])
        try desk.drain()
        let first = try desk.database.psql("select event_key from event.subscription")
        let failures = try desk.cloud.sqs.sendMessages(
            queueURL: desk.cloud.queueURL, bodies: [desk.notice(2)],
            attributes: ["sluice-first-id": first])
        #expect(failures.isEmpty)
        try desk.drain()
        #expect(
            try desk.database.number(
                "select count(*) from event.subscription where event_key = sqs_message_id") == 2)
    }

    // MARK: Data sets

    private static let other = "cas/\(MarketDesk.payout)_2026-02-01.csv"

    /// What notices say of a request's answer; words in brackets stand for the request's own.
    static let notices = [
        #"{"dataSetRequestId":"<id>","success":true}"#,
        """
        {"dataSetRequestId":"<id>","success":true,\
        "dataSetS3Location":{"bucketName":"elsewhere","key":"a.csv"}}
        """,
        // The file of another data set, which is there.
        """
        {"dataSetRequestId":"<id>","success":true,\
        "dataSetS3Location":{"bucketName":"<bucket>","key":"\(other)"}}
        """,
        #"{"dataSetRequestId":"f0","success":true,"customerDefinedValues":{"sluice":"<key>"}}"#,
    ]

    @Test(arguments: notices)
    func requestIsDeliveredByItsFileAndNotByANotice(_ notice: String) throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01"])
        try market.market.control("datasets", ["held": true])
        try market.ask("2026-03-01")
        try market.put("Product,Product Code,Net Amount\nWidget,pc-1,10.25\n", to: Self.other)
        let (id, key) = (try market.request("request_ids[1]"), try market.request("request_key"))
        try market.send(
            notice.replacing("<id>", with: id).replacing("<key>", with: key)
                .replacing("<bucket>", with: market.place()))
        let worker = try market.run(["worker", "--drain"])
        #expect(worker.succeeded, "\(worker)")
        #expect(try market.request("status, file_id is null") == "requested|t")
        // The true answer is found as if nothing had been.
        try market.market.control("release")
        try market.drain()
        #expect(try market.request("status, file_id is not null") == "delivered|t")
        #expect(try market.desk.database.number("select count(*) from cas.\(Self.daily)") == 2)
    }

    @Test(arguments: ["There is no data for this date", "Internal trouble"])
    func failureThatSomebodyInventedDoesNotEndTheAsking(words: String) throws {
        let market = try MarketDesk()
        try market.publish(Self.daily, ["2026-03-01"])
        try market.market.control("datasets", ["held": true])
        try market.ask("2026-03-01")
        let id = try market.request("request_ids[1]")
        for _ in 1...8 {
            try market.send(
                #"{"dataSetRequestId":"\#(id)","success":false,"message":"\#(words)"}"#)
        }
        let worker = try market.run(["worker", "--drain"])
        #expect(worker.succeeded, "\(worker)")
        #expect(
            try market.request(
                "attempts, status in ('waiting', 'no_data') and next_attempt_at > now()") == "1|t")
        // When its time has come it is asked for again.
        try market.desk.database.psql("update ingest.request set next_attempt_at = now()")
        #expect(try market.work(until: "select attempts = 2 from ingest.request"))
        try market.market.control("release")
        try market.drain()
        #expect(try market.request("status") == "delivered")
    }

    // MARK: Topics

    @Test func messageOfATopicThatIsNotAllowedIsRefusedWhole() throws {
        let cloud = try SimulatedCloud(.none)
        let billing = try Deliveries.billing(rows: 4)
        let allowed = "arn:aws:sns:us-east-1:111122223333:ours"
        try cloud.addSeller(to: cloud.database, ["--topic", allowed])
        let wrapped = try MessageShape.s3EventInSNS.body(billing.key, in: cloud.bucket)
        let theirs = try MessageShape.wrapped(
            #"{"action":"subscribe-success","product-code":"p","customer-identifier":"x"}"#)
        try cloud.send([wrapped, theirs])
        try cloud.drain()
        #expect(
            try cloud.database.messages().sorted() == [
                "marketplace_event|refused|1", "s3_event|refused|1",
            ])
        #expect(try cloud.database.number("select count(*) from ingest.file") == 0)
        #expect(try cloud.database.number("select count(*) from event.subscription") == 0)
        let reason = try cloud.database.psql("select reason from ingest.message limit 1")
        #expect(reason.contains("sluice seller add acme --topic arn:aws:sns:"))
        // Not before: a worker that drains its queue also lists the bucket.
        try cloud.put([billing])
        try cloud.send([wrapped.replacing("111122223333:topic", with: "111122223333:ours")])
        try cloud.drain()
        #expect(try cloud.database.rowCount() == 4)
    }

    // MARK: Keys

    /// Of a key as it was sent and as it may be meant, only the seller's is fetched: also where
    /// the other one alone looks like the key of a feed.
    @Test(arguments: [true, false], [true, false])
    func keyThatIsFetchedIsTheSellersOwn(isCheckedOnly: Bool, isEncoded: Bool) throws {
        let cloud = try SimulatedCloud(.none, receiveCountMax: 2)
        let product = try Deliveries.billing(rows: 4)
        let (own, foreign) = ("shared/a+b/" + product.key, "shared/a b/" + product.key)
        try cloud.put([DeliveredObject(key: foreign, bytes: product.bytes)])
        if !isCheckedOnly { try cloud.put([DeliveredObject(key: own, bytes: product.bytes)]) }
        try cloud.database.psql(
            "update ingest.seller set locations = array['\(cloud.bucket)/shared/a+b/']")
        let sent = isEncoded ? own.replacing("=", with: "%3D") : own
        try cloud.send([MessageShape.eventBridge.body(sent, in: cloud.bucket)])
        let worker = try cloud.startWorker(["--drain"], ["SLUICE_RETRY_SECONDS": "1"])
        _ = worker.wait(limitSeconds: 60)
        let loaded = try cloud.database.psql("select key from ingest.file where is_complete")
        #expect(loaded == (isCheckedOnly ? "" : own))
        guard isEncoded else { return }
        #expect(try cloud.database.psql("select outcome from ingest.message") == "ignored")
    }
}

private extension EventDesk {
    func entitlement(_ customer: Int, _ value: Int) -> [String: Any] {
        entitlement(customer, "seats", value)
    }
}
