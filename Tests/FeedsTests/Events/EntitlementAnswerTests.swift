import Foundation
import Postgres
import Support
import Synchronization
import Testing

@testable import Feeds

/// Answers of GetEntitlements become versions, whatever comes late, twice, or at the same time.
struct EntitlementAnswerTests {
    private let bench: EventBench
    private let start = 1_767_225_600  // 2026-01-01

    init() throws { bench = try EventBench() }

    // MARK: One after the other

    @Test func historyTellsWhatWasHeldOnAnyDay() throws {
        var seats = Self.seats(25)
        #expect(try apply([seats], day: 1) == EntitlementChanges(added: 1))
        #expect(try apply([seats], day: 2) == EntitlementChanges())
        seats.value = .integer(40)
        #expect(try apply([seats, Self.tier], day: 3) == EntitlementChanges(added: 1, changed: 1))
        #expect(try apply([Self.tier], day: 5) == EntitlementChanges(closed: 1))
        #expect(try apply([], day: 8) == EntitlementChanges(closed: 1))
        #expect(try apply([], day: 9) == EntitlementChanges())
        let days = [
            "2025-12-31": "", "2026-01-02": "seats 25", "2026-01-03": "seats 25",
            "2026-01-04": "seats 40,tier gold", "2026-01-06": "tier gold",
            "2026-01-08": "tier gold",
            "2026-01-09": "",
        ]
        for (day, held) in days {
            let found = try bench.postgres.query(
                """
                select coalesce(string_agg(dimension || ' '
                    || coalesce(integer_value::text, string_value), ',' order by dimension), '')
                    as held
                from event.entitlement_on($1) where seller_id = $2
                """, [.text(day), .int(Int64(bench.sellerID))])
            #expect(try found.only().string("held") == held, "\(day)")
        }
        let fetches = try bench.postgres.query(
            "select count(*) as n from event.entitlement_fetch where seller_id = $1",
            [.int(Int64(bench.sellerID))])
        #expect(try fetches.only().int("n") == 6)
    }

    @Test func whatHasExpiredIsNotHeldThoughAWSStillListsIt() throws {
        var seats = Self.seats(25)
        seats.expirationSeconds = Double(start + 3 * 86_400)
        try apply([seats], day: 1)
        for (day, count) in [("2026-01-03 23:59:59", 1), ("2026-01-04", 0)] {
            let found = try bench.postgres.query(
                "select count(*) as n from event.entitlement_on($1) where seller_id = $2",
                [.text(day), .int(Int64(bench.sellerID))])
            #expect(try found.only().int("n") == count, "\(day)")
        }
    }

    @Test func olderAnswerChangesNothingOfWhatANewerOneCovers() throws {
        var seats = Self.seats(25)
        try apply([seats], day: 3)
        seats.value = .integer(1)
        var other = seats
        other.customerIdentifier = "X02"
        // Asked before, answered after: what it says of X01 is old, of X02 nobody knows better.
        let scope = EntitlementScope(productCode: product, holder: .everybody)
        #expect(try apply([seats, other], day: 2, scope) == EntitlementChanges(added: 1))
        #expect(try held() == "X01 25,X02 1")
        // An empty answer is knowledge too.
        try apply([], day: 5)
        #expect(try apply([seats], day: 4) == EntitlementChanges())
        #expect(try held() == "X02 1")
    }

    @Test func anAnswerToAQuestionAboutACustomerIsAboutThatCustomer() throws {
        var bare = Self.seats(1)
        bare.customerIdentifier = nil
        try apply([bare], day: 1)
        #expect(try held() == "X01 1")
        var stranger = Self.seats(2)
        stranger.customerIdentifier = "X02"
        try apply([bare, stranger], day: 2)
        #expect(try held() == "X01 1")
    }

    @Test func anotherSellersEntitlementsAreLeftAlone() throws {
        let other = try EventBench()
        try apply([Self.seats(1)], day: 1)
        try apply([Self.seats(2)], day: 1, on: other)
        try apply([], day: 2, EntitlementScope(productCode: product, holder: .everybody), on: other)
        #expect(try held() == "X01 1")
        #expect(try held(on: other) == "")
    }

    @Test func aFailureLeavesNothingOfTheAnswer() throws {
        try apply([Self.seats(1)], day: 1)
        var unreadable = Self.seats(2)
        unreadable.expirationSeconds = 1e300
        #expect(throws: PostgresError.self) { try apply([unreadable], day: 2) }
        #expect(try held() == "X01 1")
        #expect(try apply([Self.seats(2)], day: 2) == EntitlementChanges(changed: 1))
    }

    // MARK: At random

    /// Asked about everything after each change, the history is the truth.
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func historyEqualsTheTruth(seed: UInt64) throws {
        var market = RandomMarket(generator: SeededGenerator(seed: seed))
        var truth: [(instant: Int, held: Set<HeldEntitlement>)] = []
        let scope = EntitlementScope(productCode: product, holder: .everybody)
        for step in 1...15 {
            market.change()
            truth.append((step, market.held))
            for _ in 0...Int.random(in: 0...1, using: &market.generator) {
                try apply(market.answer(to: scope, at: step))
            }
        }
        let rows = try rows()
        for (instant, held) in truth {
            let found = rows.filter { $0.from <= instant && $0.to ?? .max > instant }
            #expect(found.count == held.count)
            #expect(Set(found.map(\.content)) == held)
        }
    }

    /// Any scopes, in any order, repeated: the table is what the model says.
    @Test(arguments: (UInt64(10)..<20).map { $0 })
    func lateAndRepeatedAnswersOfAnyScopeEqualTheModel(seed: UInt64) throws {
        var market = RandomMarket(generator: SeededGenerator(seed: seed))
        var answers: [EntitlementModel.Answer] = []
        for step in 1...25 {
            market.change()
            answers.append(market.answer(to: market.scope(), at: step))
        }
        answers += answers.filter { _ in Int.random(in: 0..<4, using: &market.generator) == 0 }
        answers.shuffle(using: &market.generator)
        var model = EntitlementModel()
        for answer in answers {
            model.apply(answer)
            try apply(answer)
        }
        #expect(Set(try rows()) == Set(model.rows))
        #expect(try rows().count == model.rows.count)
        // Whatever went before, one last question about everything sets it right.
        let scope = EntitlementScope(productCode: product, holder: .everybody)
        try apply(market.answer(to: scope, at: 100))
        #expect(Set(try rows().filter { $0.to == nil }.map(\.content)) == market.held)
    }

    /// Several workers: the order in which answers were recorded is an order that explains all.
    @Test(arguments: [UInt64(30), 31]) func workersAtTheSameTimeTakeTurns(seed: UInt64) async throws
    {
        var market = RandomMarket(generator: SeededGenerator(seed: seed))
        var answers: [EntitlementModel.Answer] = []
        for step in 1...40 {
            market.change()
            answers.append(market.answer(to: market.scope(), at: step))
        }
        let shuffled = answers.shuffled(using: &market.generator)
        let conninfo = bench.bench.database.conninfo
        let (seller, start) = (bench.sellerID, start)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                let mine = shuffled.enumerated().filter { $0.offset % 4 == worker }.map(\.element)
                group.addTask {
                    let postgres = try PostgresConnection(conninfo)
                    for answer in mine {
                        _ = try Self.recorded(answer, start).apply(sellerID: seller, on: postgres)
                    }
                }
            }
            try await group.waitForAll()
        }
        let order = try bench.postgres.query(
            """
            select extract(epoch from asked_at)::bigint - $2 as step from event.entitlement_fetch
            where seller_id = $1 order by fetch_id
            """, [.int(Int64(seller)), .int(Int64(start))]
        ).map { try $0.int("step") }
        #expect(order.count == answers.count)
        var model = EntitlementModel()
        for step in order { model.apply(answers[step - 1]) }
        #expect(Set(try rows()) == Set(model.rows))
    }

    // MARK: Means

    private let product = RandomMarket<SeededGenerator>.product

    private static func seats(_ count: Int64) -> HeldEntitlement {
        HeldEntitlement(
            customerIdentifier: "X01", customerAccountID: "000000000001", licenseARN: nil,
            dimension: "seats", value: .integer(count), expirationSeconds: nil)
    }

    private static let tier = HeldEntitlement(
        customerIdentifier: "X01", customerAccountID: "000000000001", licenseARN: nil,
        dimension: "tier", value: .string("gold"), expirationSeconds: nil)

    @discardableResult
    private func apply(
        _ held: [HeldEntitlement], day: Int, _ scope: EntitlementScope? = nil,
        on other: EventBench? = nil
    ) throws -> EntitlementChanges {
        let bench = other ?? bench
        return try EntitlementAnswer(
            held, to: scope ?? EntitlementScope(productCode: product, holder: .customer("X01")),
            askedAt: "2026-01-0\(day) 12:00:00+00", cause: .sync
        ).apply(sellerID: bench.sellerID, on: bench.postgres)
    }

    private func apply(_ answer: EntitlementModel.Answer) throws {
        _ = try Self.recorded(answer, start).apply(sellerID: bench.sellerID, on: bench.postgres)
    }

    private static func recorded(
        _ answer: EntitlementModel.Answer, _ start: Int
    ) -> EntitlementAnswer {
        let date = Date(timeIntervalSince1970: Double(start + answer.askedAt))
        return EntitlementAnswer(
            answer.held, to: answer.scope, askedAt: date.ISO8601Format(), cause: .sync)
    }

    private func held(on other: EventBench? = nil) throws -> String {
        let bench = other ?? bench
        return try bench.postgres.query(
            """
            select coalesce(string_agg(customer_identifier || ' ' || integer_value, ','
                order by customer_identifier), '') as held
            from event.entitlement where seller_id = $1 and valid_to = 'infinity'
            """, [.int(Int64(bench.sellerID))]
        ).only().string("held")
    }

    private func rows() throws -> [EntitlementModel.Row] {
        try bench.postgres.query(
            """
            select *, extract(epoch from expiration_date)::double precision as expires,
                extract(epoch from valid_from)::bigint - $2 as starts,
                case when valid_to < 'infinity'
                    then extract(epoch from valid_to)::bigint - $2 end as ends
            from event.entitlement where seller_id = $1
            """, [.int(Int64(bench.sellerID)), .int(Int64(start))]
        ).map { row in
            let value: HeldEntitlement.Value? =
                if let integer = try row.optionalInt64("integer_value") {
                    .integer(integer)
                } else if let double = try row.optionalString("double_value") {
                    .double(try #require(Double(double)))
                } else if let text = try row.optionalString("boolean_value") {
                    .boolean(text == "t")
                } else {
                    try row.optionalString("string_value").map { .string($0) }
                }
            let content = HeldEntitlement(
                customerIdentifier: try row.optionalString("customer_identifier"),
                customerAccountID: try row.optionalString("customer_aws_account_id"),
                licenseARN: try row.optionalString("license_arn"),
                dimension: try row.optionalString("dimension"), value: value,
                expirationSeconds: try row.optionalString("expires").flatMap { Double($0) })
            return EntitlementModel.Row(
                content: content, from: try row.int("starts"), to: try row.optionalInt("ends"))
        }
    }
}
