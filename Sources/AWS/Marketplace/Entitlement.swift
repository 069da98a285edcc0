package import FoundationEssentials

/// A customer's right to so much of one dimension of a product.
package struct Entitlement: Sendable, Equatable {
    /// Whose product, in AWS Marketplace's own code.
    package let productCode: String?
    /// What is measured, as the listing names it.
    package let dimension: String?
    /// The handle that the product knows the customer by.
    package let customerIdentifier: String?
    /// The buyer's account; twelve digits.
    package let customerAccountID: String?
    /// Which licence grants it; one customer may have several of a product.
    package let licenseARN: String?
    /// Nil where the service gave none, or one of a kind that its model does not have.
    package let value: EntitlementValue?
    /// Valid at least until then.
    package let expiration: Date?
}

/// How much: the service's model has four kinds and sets one of them.
package enum EntitlementValue: Sendable, Equatable {
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    case string(String)
}

/// A part of an answer.
package struct EntitlementPage: Sendable, Equatable {
    /// May be empty though more follow.
    package let entitlements: [Entitlement]
    /// Asks for what follows; nil at the end.
    package let nextToken: String?
}

extension EntitlementPage: Decodable {
    private enum CodingKeys: String, CodingKey {
        case entitlements = "Entitlements"
        case nextToken = "NextToken"
    }

    /// Reads an answer of `GetEntitlements`.
    package init(from decoder: any Decoder) throws {
        let page = try decoder.container(keyedBy: CodingKeys.self)
        entitlements = try page.decodeIfPresent([Entitlement].self, forKey: .entitlements) ?? []
        let token = try page.decodeIfPresent(String.self, forKey: .nextToken)
        nextToken = token.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension Entitlement: Decodable {
    private enum CodingKeys: String, CodingKey {
        case productCode = "ProductCode"
        case dimension = "Dimension"
        case customerIdentifier = "CustomerIdentifier"
        case customerAccountID = "CustomerAWSAccountId"
        case licenseARN = "LicenseArn"
        case value = "Value"
        case expiration = "ExpirationDate"
    }

    /// Reads one of the model's `Entitlement`; every member of it may be missing.
    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? {
            try members.decodeIfPresent(String.self, forKey: key)
        }
        productCode = try text(.productCode)
        dimension = try text(.dimension)
        customerIdentifier = try text(.customerIdentifier)
        customerAccountID = try text(.customerAccountID)
        licenseARN = try text(.licenseARN)
        value = try members.decodeIfPresent(EntitlementValue.Document.self, forKey: .value)?.value
        // AWS JSON protocol: a timestamp is a number of seconds, with or without a fraction.
        expiration = try members.decodeIfPresent(Double.self, forKey: .expiration)
            .map { Date(timeIntervalSince1970: $0) }
    }
}

extension EntitlementValue {
    fileprivate struct Document: Decodable {
        let IntegerValue: Int64?
        let DoubleValue: Double?
        let BooleanValue: Bool?
        let StringValue: String?

        var value: EntitlementValue? {
            IntegerValue.map { .integer($0) } ?? DoubleValue.map { .double($0) }
                ?? BooleanValue.map { .boolean($0) } ?? StringValue.map { .string($0) }
        }
    }
}
