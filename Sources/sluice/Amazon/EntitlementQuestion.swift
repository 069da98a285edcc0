internal import AWS
internal import Feeds
internal import Foundation

extension MarketplaceEntitlements {
    // AWS states no quota. Ten pages a second are 900,000 entitlements an hour, and leave room for
    // the product itself, which asks the same service at each login.
    private static let pauseSeconds = 0.1

    /// Everything that is held within a scope, page by page; unhurried, with a pause after each.
    func held(
        in scope: EntitlementScope, isUnhurried: Bool, stop: @escaping () -> Bool
    ) throws -> [HeldEntitlement] {
        var held: [HeldEntitlement] = []
        try pages(productCode: scope.productCode, filters: scope.filters, stop: stop) { page in
            held += page.map(HeldEntitlement.init)
            if isUnhurried { Thread.sleep(forTimeInterval: Self.pauseSeconds) }
        }
        return held
    }
}

extension EntitlementScope {
    fileprivate var filters: [EntitlementFilter: [String]] {
        switch holder {
        case .everybody: [:]
        case .customer(let id): [.customerIdentifier: [id]]
        case .account(let id): [.customerAccountID: [id]]
        case .license(let arn): [.licenseARN: [arn]]
        }
    }
}

extension HeldEntitlement {
    fileprivate init(_ answered: Entitlement) {
        let value: Value? =
            switch answered.value {
            case .integer(let value): .integer(value)
            case .double(let value): .double(value)
            case .boolean(let value): .boolean(value)
            case .string(let value): .string(value)
            case nil: nil
            }
        self.init(
            customerIdentifier: answered.customerIdentifier,
            customerAccountID: answered.customerAccountID, licenseARN: answered.licenseARN,
            dimension: answered.dimension, value: value,
            expirationSeconds: answered.expiration?.timeIntervalSince1970)
    }
}
