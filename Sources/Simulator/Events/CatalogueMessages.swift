/// Events of the seller's catalogue and account.
extension MarketplaceMessages {
    /// Offers that became available, and changes of products.
    func catalogue(_ body: Visit) {
        world.forEachOffer { offer in
            guard offer.listed == day, !offer.isPlaceholder else { return }
            body(released(offer))
            if offer.set != nil { body(setReleased(offer)) }
        }
        for index in 0..<world.products {
            let product = Product(index: index, of: world)
            if product.listed == day || product.renamed(in: world) == day {
                body(changeSet("Succeeded", product, "Change of \(product.title)"))
            }
            if product.corrected(in: world) == day {
                body(changeSet("Failed", product, "New \"title\""))
                body(changeSet("Cancelled", product, "New title"))
            }
        }
    }

    private func released(_ offer: Offer) -> SimulatedMessage {
        let product = Product(index: offer.product, of: world)
        var facts: [(String, JSONText)] = [("id", .text(offer.id))]
        if let name = offer.name(of: 1) { facts.append(("name", .text(name))) }
        if offer.buyer != nil {
            facts.append(("expirationDate", .instant((offer.listed + 45).midnight + 86_399)))
        }
        let detail: [(String, JSONText)] = [
            ("catalog", .text("\(product.catalog.name)")), ("offer", .members(facts)),
            (
                "product",
                .members([
                    ("id", .id("prod-", product.key, 13)), ("title", .text(product.title)),
                ])
            ),
            ("manufacturer", .account(product.manufacturer(in: world))),
            ("sellerOfRecord", .account(offer.channel.proposer(in: world))),
            (
                "targetedBuyerAccountIds",
                .list((offer.buyer.map { [$0] } ?? []).map { .text($0.accountNumber) })
            ),
        ]
        return catalogueEvent("Offer Released", offer.key, "Offer/\(offer.id)", 10_000, detail)
    }

    private func setReleased(_ offer: Offer) -> SimulatedMessage {
        let set = (offer.set ?? offer.key).name("offerset-", 13)
        let detail: [(String, JSONText)] = [
            ("catalog", .text("\(world.catalog(of: offer.product).name)")),
            ("offerSet", .members([("id", .text(set)), ("name", .text("Two for one"))])),
            (
                "associatedOffers",
                .list([.members([("offer", .members([("id", .text(offer.id))]))])])
            ),
        ]
        return catalogueEvent("OfferSet Released", offer.key, "OfferSet/\(set)", 10_060, detail)
    }

    private func changeSet(
        _ outcome: String, _ product: Product, _ name: String
    ) -> SimulatedMessage {
        let id = product.key.child(.request, day.number).name("", 13)
        var detail: [(String, JSONText)] = [
            ("Catalog", .text("\(product.catalog.name)")), ("ChangeSetId", .text(id)),
            ("ChangeSetName", .text(name)), ("StartTime", .instant(day.midnight + 8_000)),
            ("EndTime", .instant(day.midnight + 9_000)),
        ]
        if outcome == "Failed" { detail.append(("FailureCode", .text("CLIENT_ERROR"))) }
        return catalogueEvent(
            "Change Set \(outcome)", product.key, "ChangeSet/\(id)", 9_000, detail)
    }

    private func catalogueEvent(
        _ type: String, _ key: Key, _ resource: String, _ second: Int64,
        _ detail: [(String, JSONText)]
    ) -> SimulatedMessage {
        event(
            type, source: "aws.marketplacecatalog", of: key, at: day.midnight + second,
            resource: "arn:aws:aws-marketplace:us-east-1:\(world.sellerAccountNumber)"
                + ":AWSMarketplace/\(resource)", detail)
    }

    /// The report on the products' security, on the first of each month.
    func security(_ body: Visit) {
        guard day.date.day == 1 else { return }
        body(
            catalogueEvent(
                "Products Security Report Created", world.root, "Report/security", 6_000,
                [
                    ("numberOfProductsWithIssues", .number("1")),
                    ("numberOfVersionsWithIssues", .number("3")),
                    ("numberOfLatestVersionsWithIssues", .number("1")),
                    ("newIssuesFound", .bool(day.month.index % 2 == 0)),
                    ("upcomingResolutionDueDate", .instant((day + 60).midnight)),
                ]))
    }

    /// Payouts stop when the bank has rejected one.
    func disbursement(_ body: Visit) {
        let cycle = day.month.day(Payout.dayOfMonth)
        guard Payout.failure(in: cycle, of: world) != nil, day == cycle + Payout.failureDays
        else { return }
        body(
            event(
                "Disbursement Paused", source: "aws.marketplace", of: world.root,
                at: day.midnight + 40_000,
                resource: "arn:aws:payments::\(world.sellerAccountNumber):payment-instrument:1", [])
        )
    }
}
