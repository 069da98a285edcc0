/// A right to use something, as GetEntitlements answers it while it is held.
package struct TrueEntitlement: Sendable, Equatable {
    /// How much of a dimension.
    package enum Value: Sendable, Equatable {
        case integer(Int)
        case double(String)
        case boolean(Bool)
        case text(String)

        fileprivate var json: JSONText {
            switch self {
            case .integer(let value): .members([("IntegerValue", .number("\(value)"))])
            case .double(let digits): .members([("DoubleValue", .number(digits))])
            case .boolean(let value): .members([("BooleanValue", .bool(value))])
            case .text(let value): .members([("StringValue", .text(value))])
            }
        }
    }

    package let productCode: String
    package let customerIdentifier: String
    package let customerAccountID: String
    package let licenseARN: String
    package let dimension: String
    package let value: Value
    /// The instant of expiry that the answer names, in seconds since 1970.
    package let expires: Int64
    /// The first second in which it is answered.
    package let from: Int64
    /// The first second in which it is not any more.
    package let until: Int64

    /// The answer's members and the time of its truth as one line of JSON.
    ///
    /// `sluice simulate` writes it; without ValidFrom and ValidTo it is an item of the answer.
    package var line: String {
        JSONText.members([
            ("ProductCode", .text(productCode)), ("Dimension", .text(dimension)),
            ("CustomerIdentifier", .text(customerIdentifier)),
            ("CustomerAWSAccountId", .text(customerAccountID)), ("Value", value.json),
            ("ExpirationDate", .instant(expires)), ("LicenseArn", .text(licenseARN)),
            ("ValidFrom", .instant(from)), ("ValidTo", .instant(until)),
        ]).line
    }
}

extension Simulation {
    /// Every entitlement that begins before the end of a day, of the seller's own products.
    package func forEachEntitlement(
        before day: SimulatedDay, _ body: (TrueEntitlement) throws -> Void
    ) rethrows {
        try world.forEachAgreement { agreement in
            for entitlement in agreement.entitlements(in: world)
            where entitlement.from < day.midnight + 86_400 {
                try body(entitlement)
            }
        }
    }

    /// What GetEntitlements answers at an instant, in seconds since 1970.
    package func entitlements(at seconds: Int64) -> [TrueEntitlement] {
        var held: [TrueEntitlement] = []
        let day = SimulatedDay(number: Int(seconds / 86_400))
        forEachEntitlement(before: day) { entitlement in
            if entitlement.from <= seconds, seconds < entitlement.until { held.append(entitlement) }
        }
        return held
    }
}

extension Agreement {
    /// When each licence is held: that of the acceptance and that of an amendment.
    var licenceSpans: [(from: Int64, until: Int64?)] {
        let end = end?.day.midnight
        var spans: [(from: Int64, until: Int64?)] = [(startSeconds, end)]
        if let amendment {
            let until = amendment.rolledBack.map { $0.midnight + 9_000 } ?? end
            spans.append((Self.amendedSeconds(amendment.day), until))
        }
        return spans
    }

    /// The instants at which what a contract entitles to changes, in order.
    var entitlementChanges: [Int64] {
        Set(licenceSpans.flatMap { [$0.from] + ($0.until.map { [$0] } ?? []) }).sorted()
    }

    // Contracts entitle; pay as you go does not.
    fileprivate func entitlements(in world: World) -> [TrueEntitlement] {
        guard kind == .contract, isOwn(in: world) else { return [] }
        return licenceSpans.enumerated().flatMap { index, span in
            dimensions(of: index).map { dimension, value in
                TrueEntitlement(
                    productCode: Product(index: product, of: world).code.name("", 25),
                    customerIdentifier: customer.account.customerIdentifier,
                    customerAccountID: customer.account.accountNumber,
                    licenseARN: licence(index).licenseARN, dimension: dimension, value: value,
                    expires: plannedEnd?.midnight ?? span.from, from: span.from,
                    until: span.until ?? span.from)
            }
        }
    }

    private func dimensions(of licence: Int) -> [(String, TrueEntitlement.Value)] {
        var all: [(String, TrueEntitlement.Value)] = [("seats", .integer(seats(licence)))]
        guard licence == 0 else { return all }
        switch key.child(.entitlement, 9).below(6) {
        case 0: all.append(("premium_support", .boolean(true)))
        case 1: all.append(("storage_tb", .double("2.5")))
        case 2: all.append(("edition", .text("gold, \"plus\"")))
        default: break
        }
        return all
    }
}
