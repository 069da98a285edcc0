/// Messages of a product's own SNS topics.
///
/// AWS Marketplace Seller Guide, "Amazon SNS notifications for SaaS products".
extension MarketplaceMessages {
    /// Pay as you go: who may be metered, and who no more.
    func subscriptions(_ agreement: Agreement, _ body: Visit) {
        guard agreement.kind == .usage, agreement.isOwn(in: world),
            agreement.accepted >= world.start
        else { return }
        let accepted = agreement.acceptedSeconds
        if isToday(accepted) {
            // Some cards are refused at first.
            if agreement.key.child(.message).below(9) == 0 {
                let tried = max(accepted - 1_800, day.midnight)
                body(notice("subscribe-fail", agreement, at: tried, hasOffer: true))
            }
            body(notice("subscribe-success", agreement, at: accepted + 60, hasOffer: true))
        }
        guard let end = agreement.end, end.day == day else { return }
        body(notice("unsubscribe-pending", agreement, at: day.midnight + 60))
        body(notice("unsubscribe-success", agreement, at: day.midnight + 3_660))
    }

    /// Contracts: that something changed, and never what.
    func entitlements(_ agreement: Agreement, _ body: Visit) {
        guard agreement.kind == .contract, agreement.isOwn(in: world) else { return }
        for (index, change) in agreement.entitlementChanges.enumerated() where isToday(change) {
            body(notice("entitlement-updated", agreement, at: change + 30, number: index))
        }
    }

    private func notice(
        _ action: String, _ agreement: Agreement, at seconds: Int64, hasOffer: Bool = false,
        number: Int = 0
    ) -> SimulatedMessage {
        let product = Product(index: agreement.product, of: world)
        let code = product.code.name("", 25)
        let isEntitlement = action == "entitlement-updated"
        var members: [(String, JSONText)] = [
            ("action", .text(action)),
            ("customer-identifier", .text(agreement.customer.account.customerIdentifier)),
            ("product-code", .text(code)),
        ]
        if hasOffer { members.append(("offer-identifier", .text(agreement.offer.id))) }
        // A text, not a truth value.
        if hasOffer, agreement.key.bits & 7 == 0 {
            members.append(("isFreeTrialTermPresent", .text("true")))
        }
        let name = isEntitlement ? "entitlement" : "subscription"
        let hash = action.utf8.reduce(number) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }
        return SimulatedMessage(
            id: agreement.key.child(.message, hash).guidText, seconds: seconds,
            topic: "aws-mp-\(name)-notification-\(code)", type: action,
            body: JSONText.members(members).line)
    }
}

extension Agreement {
    /// Whether the seller made the product, and so is told who may use it.
    func isOwn(in world: World) -> Bool { !Product(index: product, of: world).isForeign }
}
