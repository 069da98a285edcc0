import AWS
import Foundation
import Support
import Testing

/// From a notice to the answer of GetEntitlements, over HTTP, with everything that can go wrong.
@Suite struct EntitlementTests {
    @Test func noticeLeadsToTheWholeAnswerForItsCustomer() throws {
        let desk = try EventDesk(market: LocalMarketplace())
        try desk.market.control("entitlements", ["page_size": 10, "empty_pages": 2])
        try desk.grant((1...33).map { desk.entitlement($0 % 2 + 1, "d\($0)", $0) })
        try desk.cloud.send([desk.notice(1)])
        try desk.drain()
        let wanted = (1...33).filter { $0 % 2 == 0 }.map { "X01 d\($0) \($0)" }.sorted()
        #expect(try desk.held() == wanted)
        #expect(try Set(desk.questions()) == ["CUSTOMER_IDENTIFIER=X01"])
        #expect(try desk.questions().count == 6)
        let causes = try desk.database.psql(
            """
            select distinct f.cause, f.held, f.added, e.event_key = s.event_key,
                s.event_type, e.valid_from = f.asked_at, e.fetched_at >= e.valid_from
            from event.entitlement e join event.entitlement_fetch f using (seller_id, fetch_id)
            join event.subscription s on s.event_key = f.event_key
            """)
        #expect(causes == "notice|16|16|t|entitlement-updated|t|t")
        #expect(try desk.database.messages() == [])
        #expect(try desk.cloud.isQueueEmpty)
    }

    /// Notices come late, twice and mixed up; what is held is what AWS says.
    @Test(arguments: [UInt64(1), 2]) func historyEqualsTheTruthHoweverNoticesCome(
        seed: UInt64
    ) throws {
        var generator = SeededGenerator(seed: seed)
        let desk = try EventDesk()
        var late: [String] = []
        var versions: Set<String> = []
        for round in 1...4 {
            let granted = (1...3).filter { _ in Int.random(in: 0..<4, using: &generator) > 0 }
            try desk.grant(granted.map { desk.entitlement($0, "seats", round * 10 + $0) })
            let notices = (1...3).map { desk.notice($0) }
            try desk.cloud.send(
                (notices + notices.filter { _ in Bool.random(using: &generator) } + late)
                    .shuffled(using: &generator))
            late = notices.filter { _ in Bool.random(using: &generator) }
            try desk.drain()
            let truth = granted.map { "X0\($0) seats \(round * 10 + $0)" }
            #expect(try desk.held() == truth)
            versions.formUnion(truth)
        }
        try desk.cloud.send(late)
        try desk.drain()
        let rows = try desk.database.psql(
            "select customer_identifier || ' seats ' || integer_value from event.entitlement")
        #expect(rows.split(separator: "\n").map(String.init).sorted() == versions.sorted())
        let gaps = try desk.database.psql(
            """
            select count(*) from event.entitlement a join event.entitlement b
                on a.customer_identifier = b.customer_identifier
                and a.entitlement_id <> b.entitlement_id
                and a.valid_from < b.valid_to and b.valid_from < a.valid_to
            """)
        #expect(gaps == "0")
    }

    @Test func licenceIsAskedForByItselfAndEndsWhenAWSSaysSo() throws {
        let desk = try EventDesk()
        try desk.grant([
            desk.entitlement(1, "seats", 5, license: "l-a1"),
            desk.entitlement(1, "seats", 7, license: "l-b2"),
        ])
        let event = try desk.licenseEvent("Updated", "l-a1")
        try desk.cloud.send([event, event])
        try desk.drain()
        #expect(try desk.held() == ["X01 seats 5"])
        #expect(try Set(desk.questions()) == ["LICENSE_ARN=\(EventDesk.arn("l-a1"))"])
        try desk.cloud.send([desk.notice(1)])
        try desk.drain()
        #expect(try desk.held() == ["X01 seats 5", "X01 seats 7"])
        let asked = try desk.questions().count
        // Whatever its time: AWS is asked, and it still grants.
        try desk.cloud.send([
            try desk.licenseEvent("Deprovisioned", "l-a1", at: Date(timeIntervalSinceNow: -3600))
        ])
        try desk.drain()
        #expect(try desk.held() == ["X01 seats 5", "X01 seats 7"])
        #expect(try desk.questions().count == asked + 1)
        try desk.grant([desk.entitlement(1, "seats", 7, license: "l-b2")])
        try desk.cloud.send([
            try desk.licenseEvent("Deprovisioned", "l-a1", at: Date(timeIntervalSinceNow: 3600))
        ])
        try desk.drain()
        #expect(try desk.held() == ["X01 seats 7"])
        #expect(try desk.questions().count == asked + 2)
        #expect(try desk.database.number("select count(*) from event.license") == 3)
    }

    struct Fault: CustomTestStringConvertible {
        let testDescription: String
        let says: String
    }

    @Test(arguments: [
        Fault(testDescription: "denied", says: "Allow aws-marketplace:GetEntitlements"),
        Fault(testDescription: "unknown-product", says: "GetEntitlements: InvalidParameter"),
        Fault(testDescription: "malformed", says: "GetEntitlements: InvalidResponse"),
    ])
    func faultThatLastsEndsInTheDeadLettersWithItsReason(_ fault: Fault) throws {
        let desk = try EventDesk(receiveCountMax: 2)
        try desk.grant([desk.entitlement(1, 5)])
        try desk.market.control(
            "faults",
            ["fault": fault.testDescription, "times": 100, "subject": desk.product])
        try desk.cloud.send([desk.notice(1)])
        try desk.drain()
        #expect(try desk.cloud.attributes(ofDeadLetters: true).depth == 1)
        #expect(try desk.cloud.isQueueEmpty)
        #expect(try desk.database.messages() == ["marketplace_event|failed|1"])
        let reason = try desk.database.psql("select reason from ingest.message")
        #expect(reason.contains(fault.says), "\(reason)")
        #expect(reason.contains(desk.product))
        #expect(try desk.held() == [])
        #expect(try desk.database.number("select count(*) from event.subscription") == 1)
    }

    @Test(arguments: ["throttle", "unavailable", "drop-answer"])
    func faultThatPassesCostsNothing(fault: String) throws {
        let desk = try EventDesk()
        try desk.grant([desk.entitlement(1, 5)])
        try desk.market.control(
            "faults", ["fault": fault, "times": 2, "subject": desk.product])
        try desk.cloud.send([desk.notice(1)])
        try desk.drain()
        #expect(try desk.held() == ["X01 seats 5"])
        #expect(try desk.database.messages() == [])
    }

    @Test func messageThatFailedAndThenSucceededIsDone() throws {
        let desk = try EventDesk()
        try desk.grant([desk.entitlement(1, 5)])
        try desk.market.control(
            "faults", ["fault": "denied", "times": 1, "subject": desk.product])
        try desk.cloud.send([desk.notice(1)])
        try desk.drain()
        #expect(try desk.held() == ["X01 seats 5"])
        #expect(try desk.database.messages() == ["marketplace_event|done|1"])
        #expect(try desk.database.number("select count(*) from event.subscription") == 1)
    }

    /// SQS gives a redriven message another id; a raw notice has no other.
    @Test func noticeThatIsRedrivenIsTheSameEvent() throws {
        let desk = try EventDesk(receiveCountMax: 1)
        try desk.grant([desk.entitlement(1, 5)])
        try desk.market.control(
            "faults", ["fault": "denied", "times": 2, "subject": desk.product])
        try desk.cloud.send([desk.notice(1)])
        for _ in 1...2 {
            try desk.drain()
            #expect(try desk.cloud.attributes(ofDeadLetters: true).depth == 1)
            #expect(try desk.held() == [])
            let redriven = try desk.run(["dlq", "redrive", "--all"])
            #expect(redriven.succeeded, "\(redriven)")
        }
        try desk.drain()
        #expect(try desk.cloud.attributes(ofDeadLetters: true).depth == 0)
        #expect(try desk.held() == ["X01 seats 5"])
        #expect(try desk.database.number("select count(*) from event.subscription") == 1)
    }

    /// AWS does not answer; the worker is killed meanwhile, and another one does the work.
    @Test func killedBetweenEventAndAnswer() throws {
        let desk = try EventDesk()
        try desk.grant([desk.entitlement(1, 5)])
        try desk.market.control(
            "faults",
            ["fault": "timeout", "times": 1, "subject": desk.product, "seconds": 60])
        try desk.cloud.send([desk.notice(1)])
        let worker = try desk.cloud.startWorker(
            ["--drain"], desk.environment.merging(["SLUICE_VISIBILITY_SECONDS": "2"]) { $1 })
        #expect(try desk.cloud.waitForRow("event.subscription", while: worker))
        worker.signal(SIGKILL)
        _ = worker.wait(limitSeconds: 10)
        #expect(try desk.held() == [])
        try desk.drain(["SLUICE_VISIBILITY_SECONDS": "2"])
        #expect(try desk.held() == ["X01 seats 5"])
        #expect(try desk.database.number("select count(*) from event.subscription") == 1)
        #expect(try desk.database.number("select count(*) from event.entitlement") == 1)
    }
}

private extension EventDesk {
    func entitlement(_ customer: Int, _ value: Int) -> [String: Any] {
        entitlement(customer, "seats", value)
    }
}
