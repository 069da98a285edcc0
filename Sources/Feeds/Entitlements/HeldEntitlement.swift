/// A customer's right to so much of one dimension of a product.
package struct HeldEntitlement: Sendable, Equatable, Hashable {
    /// How much; AWS sets one of four.
    package enum Value: Sendable, Equatable, Hashable {
        case integer(Int64)
        case double(Double)
        case boolean(Bool)
        case string(String)
    }

    package var customerIdentifier: String?
    package var customerAccountID: String?
    package var licenseARN: String?
    package var dimension: String?
    package var value: Value?
    /// Seconds since 1970, UTC.
    package var expirationSeconds: Double?

    package init(
        customerIdentifier: String?, customerAccountID: String?, licenseARN: String?,
        dimension: String?, value: Value?, expirationSeconds: Double?
    ) {
        self.customerIdentifier = customerIdentifier
        self.customerAccountID = customerAccountID
        self.licenseARN = licenseARN
        self.dimension = dimension
        self.value = value
        self.expirationSeconds = expirationSeconds
    }
}

extension HeldEntitlement {
    /// What the answer leaves out of what was asked for: it was about that customer.
    func filled(from scope: EntitlementScope) -> HeldEntitlement {
        var filled = self
        switch scope.holder {
        case .everybody: break
        case .customer(let id): filled.customerIdentifier = customerIdentifier ?? id
        case .account(let id): filled.customerAccountID = customerAccountID ?? id
        case .license(let arn): filled.licenseARN = licenseARN ?? arn
        }
        return filled
    }
}
