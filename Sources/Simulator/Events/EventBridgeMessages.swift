/// Events on the seller's own bus.
///
/// AWS Marketplace Seller Guide, "Amazon EventBridge events".
extension MarketplaceMessages {
    /// An event in EventBridge's envelope.
    ///
    /// AWS prints the dash of a detail type both ways, so one in eight has the long one.
    func event(
        _ type: String, source: String = "aws.agreement-marketplace", of key: Key,
        at seconds: Int64, resource: String, _ detail: [(String, JSONText)]
    ) -> SimulatedMessage {
        let hash = type.utf8.reduce(day.number) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }
        let identity = key.child(.message, hash)
        // Two of a kind on one day are two events.
        let id = identity.child(.message, Int(seconds % 86_400)).guidText
        let isLong = identity.bits & 7 == 0
        return SimulatedMessage(
            id: id, seconds: seconds, topic: nil, type: type,
            body: JSONText.members([
                ("version", .text("0")), ("id", .text(id)),
                ("detail-type", .text(isLong ? type.replacing(" - ", with: " – ") : type)),
                ("source", .text(source)), ("account", .text(world.sellerAccountNumber)),
                ("time", .instant(seconds)), ("region", .text("us-east-1")),
                ("resources", .list([.text(resource)])),
                (
                    "detail",
                    .members([("requestId", .text(identity.child(.request).guidText))] + detail)
                ),
            ]).line)
    }

    /// An event about an agreement, to the seller as its proposer or as the manufacturer.
    func event(
        _ type: String, _ agreement: Agreement, at seconds: Int64,
        isManufacturer: Bool? = nil, _ detail: [(String, JSONText)]
    ) -> SimulatedMessage {
        let form =
            isManufacturer ?? (agreement.channel.proposer(in: world) != world.seller)
            ? "Manufacturer" : "Proposer"
        let catalog = "\(world.catalog(of: agreement.product).name)"
        return event(
            "\(type) - \(form)", of: agreement.key, at: seconds,
            resource: "arn:aws:aws-marketplace::aws:agreement:\(agreement.id)",
            [("catalog", .text(catalog))] + detail)
    }
}

/// Agreements.
extension MarketplaceMessages {
    /// Made, amended, taken back, over.
    func agreements(_ agreement: Agreement, _ body: Visit) {
        guard agreement.accepted >= world.start || agreement.end?.day == day else { return }
        if agreement.accepted == day {
            let status = agreement.startSeconds > agreement.acceptedSeconds ? "PENDING" : "ACTIVE"
            body(
                purchase("Created", agreement, status, at: agreement.acceptedSeconds + 6))
        }
        if let amendment = agreement.amendment {
            if amendment.day == day {
                let seconds = Agreement.amendedSeconds(day) + 6
                body(purchase("Amended", agreement, "ACTIVE", at: seconds, intent: "AMEND"))
            }
            if amendment.rolledBack == day {
                body(purchase("Amended", agreement, "ACTIVE", at: day.midnight + 9_000))
            }
        }
        guard let end = agreement.end, end.day == day else { return }
        body(purchase("Ended", agreement, "\(end.how.status)", at: day.midnight + 6))
    }

    private func purchase(
        _ change: String, _ agreement: Agreement, _ status: String, at seconds: Int64,
        intent: String? = nil
    ) -> SimulatedMessage {
        var facts: [(String, JSONText)] = [
            ("id", .text(agreement.id)),
            ("intent", .text(intent ?? "\(agreement.intent.name)")),
            ("status", .text(status)),
            ("acceptanceTime", .instant(agreement.acceptedSeconds)),
            ("startTime", .instant(agreement.startSeconds)),
            ("endTime", agreement.endTime(isOver: change == "Ended")),
        ]
        if let preceding = agreement.preceding {
            facts.append(("previousAgreementId", .id("agmt-", preceding, 25)))
        }
        var detail: [(String, JSONText)] = [("agreement", .members(facts))]
        if let opportunity = agreement.offer.opportunity {
            detail.append(
                ("resaleAuthorization", .members([("id", .id("resaleauthz-", opportunity, 13))])))
        } else if agreement.key.bits & 1 == 0 {
            detail.append(("resaleAuthorization", .null))
        }
        detail += parties(agreement)
        // The offer is not always told at the end.
        if change != "Ended" || agreement.key.bits & 2 == 0 {
            detail.append(("offer", .members([("id", .text(agreement.offer.id))])))
        }
        return event("Purchase Agreement \(change)", agreement, at: seconds, detail)
    }

    func parties(_ agreement: Agreement) -> [(String, JSONText)] {
        [
            ("acceptor", .account(agreement.customer.account)),
            ("proposer", .account(agreement.channel.proposer(in: world))),
        ]
    }

    /// Licences: each of the acceptance and of an amendment, and their end.
    func licences(_ agreement: Agreement, _ body: Visit) {
        guard agreement.isOwn(in: world) else { return }
        for (index, span) in agreement.licenceSpans.enumerated() {
            if isToday(span.from), agreement.accepted >= world.start {
                body(licence("Updated", agreement, index, at: span.from + 20))
            }
            if let until = span.until, isToday(until) {
                body(licence("Deprovisioned", agreement, index, at: until + 20))
            }
        }
    }

    private func licence(
        _ change: String, _ agreement: Agreement, _ index: Int, at seconds: Int64
    ) -> SimulatedMessage {
        let product = Product(index: agreement.product, of: world)
        let arn = agreement.licence(index).licenseARN
        // Some publishers leave out how an ARN begins.
        let isShort = agreement.key.child(.message).bits & 15 == 0
        let detail: [(String, JSONText)] = [
            (
                "product",
                .members([
                    ("code", .text(product.code.name("", 25))),
                    ("id", .id("prod-", product.key, 13)),
                ])
            ),
            ("license", .members([("arn", .text(isShort ? String(arn.dropFirst(4)) : arn))])),
            ("agreement", .members([("id", .text(agreement.id))])),
        ]
        return event(
            "License \(change)", agreement, at: seconds + Int64(index), isManufacturer: true,
            detail + parties(agreement)
                + [("offer", .members([("id", .text(agreement.offer.id))]))])
    }
}

extension Agreement {
    var id: String { key.name("agmt-", 25) }

    // Pay as you go ends in 9999.
    fileprivate func endTime(isOver: Bool) -> JSONText {
        if isOver, let end { return .instant(end.day.midnight) }
        guard let plannedEnd else { return .text("9999-01-01T00:00:00Z") }
        return .instant(plannedEnd.midnight)
    }
}

extension Agreement.Ending {
    var status: StaticString {
        switch self {
        case .cancelled: "CANCELLED"
        case .expired: "EXPIRED"
        case .renewed: "RENEWED"
        case .replaced: "REPLACED"
        case .terminated: "TERMINATED"
        }
    }
}
