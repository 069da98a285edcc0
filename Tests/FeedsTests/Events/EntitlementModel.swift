import Testing

@testable import Feeds

/// What `event.entitlement` must hold, worked out row by row in the plainest way.
struct EntitlementModel {
    struct Row: Hashable {
        let content: HeldEntitlement
        let from: Int
        /// Nil while it is held.
        var to: Int?
    }

    /// A question, when it was asked, and what the answer was.
    struct Answer: Sendable {
        let scope: EntitlementScope
        let askedAt: Int
        let held: [HeldEntitlement]
    }

    private(set) var rows: [Row] = []
    private var applied: [Answer] = []

    mutating func apply(_ answer: Answer) {
        let newer = applied.filter { $0.askedAt >= answer.askedAt }
        applied.append(answer)
        func counts(_ content: HeldEntitlement) -> Bool {
            answer.scope.covers(content) && !newer.contains { $0.scope.covers(content) }
        }
        for index in rows.indices where rows[index].to == nil && counts(rows[index].content) {
            if !answer.held.contains(rows[index].content) { rows[index].to = answer.askedAt }
        }
        for content in Set(answer.held) where counts(content) {
            if !rows.contains(where: { $0.content == content && $0.to == nil }) {
                rows.append(Row(content: content, from: answer.askedAt, to: nil))
            }
        }
    }

    func held(at instant: Int) -> Set<HeldEntitlement> {
        Set(rows.filter { $0.from <= instant && $0.to ?? .max > instant }.map(\.content))
    }
}

extension EntitlementScope {
    func covers(_ held: HeldEntitlement) -> Bool {
        switch holder {
        case .everybody: true
        case .customer(let id): held.customerIdentifier == id
        case .account(let id): held.customerAccountID == id
        case .license(let arn): held.licenseARN == arn
        }
    }
}

/// A Marketplace whose entitlements change at random.
struct RandomMarket<Generator: RandomNumberGenerator> {
    static var product: String { "4ab1cd2ef3gh5ij6kl7mn8op9" }

    private(set) var held: Set<HeldEntitlement> = []
    var generator: Generator

    mutating func change() {
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            if let one = held.sorted(by: { "\($0)" < "\($1)" }).randomElement(using: &generator),
                Bool.random(using: &generator)
            {
                held.remove(one)
                guard Bool.random(using: &generator) else { continue }
                var other = one
                other.value = value()
                held.insert(other)
            } else {
                held.insert(entitlement())
            }
        }
    }

    func answer(to scope: EntitlementScope, at instant: Int) -> EntitlementModel.Answer {
        EntitlementModel.Answer(
            scope: scope, askedAt: instant, held: held.filter { scope.covers($0) })
    }

    mutating func scope() -> EntitlementScope {
        let customer = Int.random(in: 1...3, using: &generator)
        let holders: [EntitlementScope.Holder] = [
            .everybody, .customer("X0\(customer)"), .account("00000000000\(customer)"),
            .license(license(customer)),
        ]
        return EntitlementScope(
            productCode: Self.product,
            holder: holders.randomElement(using: &generator) ?? .everybody)
    }

    private mutating func entitlement() -> HeldEntitlement {
        let customer = Int.random(in: 1...3, using: &generator)
        return HeldEntitlement(
            customerIdentifier: "X0\(customer)", customerAccountID: "00000000000\(customer)",
            licenseARN: Bool.random(using: &generator) ? license(customer) : nil,
            dimension: ["seats", "tier", "hours"].randomElement(using: &generator), value: value(),
            expirationSeconds: [nil, 1_789_430_400, 253_370_764_800.25].randomElement(
                using: &generator) ?? nil)
    }

    private func license(_ customer: Int) -> String {
        "arn:aws:license-manager::294406891311:license:l-000\(customer)"
    }

    private mutating func value() -> HeldEntitlement.Value? {
        let values: [HeldEntitlement.Value?] = [
            .integer(1), .integer(.max), .double(0.1), .double(-1e300), .boolean(true),
            .boolean(false), .string("gold"), .string(""), .string("1"), nil,
        ]
        return values.randomElement(using: &generator) ?? nil
    }
}
