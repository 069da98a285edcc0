/// Which of a product's entitlements a question is about.
package struct EntitlementScope: Sendable, Equatable {
    /// What narrows it.
    package enum Holder: Sendable, Equatable {
        case everybody
        /// By the identifier of the metering and entitlement services.
        case customer(String)
        /// By the number of the AWS account.
        case account(String)
        /// By the ARN of the licence.
        case license(String)
    }

    package let productCode: String
    package let holder: Holder

    package init(productCode: String, holder: Holder) {
        self.productCode = productCode
        self.holder = holder
    }

    /// Columns of `event.entitlement` and what they must be; nil leaves a column open.
    var customerIdentifier: String? { if case .customer(let id) = holder { id } else { nil } }
    var customerAccountID: String? { if case .account(let id) = holder { id } else { nil } }
    var licenseID: String? {
        if case .license(let arn) = holder { Self.licenseID(of: arn) } else { nil }
    }

    /// The part of an ARN that names the licence, as `event.license_id` reads it: some publishers
    /// spell the rest otherwise.
    static func licenseID(of arn: String) -> String? {
        arn.firstMatch(of: /l-[0-9A-Za-z]+$/).map { String($0.output) }
    }
}

/// What an event means for entitlements.
package enum EntitlementChange: Sendable, Equatable {
    /// Ask what is held now.
    case ask(EntitlementScope)
    /// Ask what is held now: nothing of it, as the event says. Where AWS still answers otherwise, it
    /// is asked once more later.
    case askWhetherEnded(EntitlementScope)
    /// It changed something, but does not say of which product.
    case unnamed

    /// Nil for events that change no entitlement.
    package init?(_ notification: Notification) {
        guard let event = notification.event else { return nil }
        let type = EventBridgeEvent.folded(event.action)
        switch notification.kind {
        case .marketplaceEvent where type == "entitlement updated":
            self = Self.scope(event).map { .ask($0) } ?? .unnamed
        // The acceptor is the buyer: such entitlements are not the seller's to ask for.
        case .eventBridgeLicense where type.hasSuffix(" acceptor"):
            return nil
        case .eventBridgeLicense where type.hasPrefix("license updated"):
            self = Self.scope(event).map { .ask($0) } ?? .unnamed
        case .eventBridgeLicense where type.hasPrefix("license deprovisioned"):
            self = Self.scope(event).map { .askWhetherEnded($0) } ?? .unnamed
        default: return nil
        }
    }

    // Far beyond the 255 that the service's model allows; the index of the table takes no more.
    private static let codeBytesMax = 1024

    /// The narrowest question that the event's parts allow.
    private static func scope(_ event: MarketplaceEvent) -> EntitlementScope? {
        guard let code = event.productCode, code.utf8.count <= codeBytesMax else { return nil }
        let holder: EntitlementScope.Holder =
            if let arn = event.licenseARN, arn.hasPrefix("arn:"),
                EntitlementScope.licenseID(of: arn) != nil
            {
                .license(arn)
            } else if let customer = event.customerIdentifier {
                .customer(customer)
            } else if let account = event.customerAccountID {
                .account(account)
            } else {
                .everybody
            }
        return EntitlementScope(productCode: code, holder: holder)
    }
}
