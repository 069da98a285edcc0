internal import AWS
internal import Feeds
internal import Logging
internal import Postgres

extension LoadSlot {
    /// Does what an event means for entitlements.
    ///
    /// - Throws: `AWSError` when AWS does not answer; the event is recorded already, and the
    ///   message comes again.
    func follow(
        _ event: RecordedEvent, _ notification: Feeds.Notification, of seller: Seller
    ) throws {
        switch EntitlementChange(notification) {
        case .ask(let scope):
            try ask(scope, of: seller, because: .notice(eventKey: event.key))
        case .askWhetherEnded(let scope):
            try ask(scope, of: seller, because: .notice(eventKey: event.key))
            // The event came late, or is ahead of what AWS answers, or is somebody's invention.
            try withDatabase { postgres in
                guard try EntitlementSync.isHeld(scope, of: seller.id, on: postgres) else { return }
                try EntitlementSync.readAgain(scope.productCode, of: seller.id, on: postgres)
            }
        case .unnamed:
            context.logger.warning(
                """
                an event changed entitlements, but names no product: they were not asked for; run: \
                sluice entitlements sync
                """,
                metadata: ["seller": "\(seller.name)", "event": "\(event.key)"])
        case nil: return
        }
    }

    /// Asks AWS what is held within the scope, and makes the table say so.
    @discardableResult
    func ask(
        _ scope: EntitlementScope, of seller: Seller, because cause: EntitlementAnswer.Cause
    ) throws -> EntitlementChanges {
        let service = MarketplaceEntitlements(client: try context.aws.client(for: seller))
        let changes = try withDatabase { postgres in
            let scope = try EntitlementSync.asked(scope, of: seller.id, on: postgres)
            let askedAt = try EntitlementAnswer.now(on: postgres)
            let held = try service.held(in: scope, isUnhurried: cause == .sync) {
                [shutdown = context.shutdown] in shutdown.isRequested
            }
            return try EntitlementAnswer(held, to: scope, askedAt: askedAt, cause: cause)
                .apply(sellerID: seller.id, on: postgres)
        }
        tell(changes, scope, seller)
        return changes
    }

    /// Reads all entitlements of a product, and notes how that went.
    ///
    /// A refusal of a product that `mayBeRefused` is no failure: most products have no contracts.
    func syncEntitlements(
        ofProduct code: String, of seller: Seller, mayBeRefused: Bool = false
    ) throws -> EntitlementChanges {
        do {
            let changes = try ask(
                EntitlementScope(productCode: code, holder: .everybody), of: seller, because: .sync)
            try recordSync(.synced, code, seller)
            return changes
        } catch {
            if !context.shutdown.isRequested {
                let isRefusal = mayBeRefused && (error as? AWSError)?.isInvalid == true
                try recordSync(isRefusal ? .refused : .failed("\(error)"), code, seller)
            }
            throw error
        }
    }

    private func recordSync(
        _ outcome: EntitlementSync.Outcome, _ code: String, _ seller: Seller
    ) throws {
        try withDatabase {
            try EntitlementSync.record(outcome, ofProduct: code, of: seller.id, on: $0)
        }
    }

    /// Products whose entitlements are to be read again, and that no other worker reads.
    func takeDueProducts(of seller: Seller, afterHours hours: Int) throws -> [String] {
        try withDatabase {
            try EntitlementSync.takeDue(of: seller.id, afterHours: hours, on: $0)
        }
    }

    private func tell(
        _ changes: EntitlementChanges, _ scope: EntitlementScope, _ seller: Seller
    ) {
        let isChanged = changes != EntitlementChanges()
        context.logger.log(
            level: isChanged ? .info : .debug, "entitlements of \(scope.productCode)",
            metadata: [
                "seller": "\(seller.name)", "added": "\(changes.added)",
                "changed": "\(changes.changed)", "closed": "\(changes.closed)",
            ])
    }
}
