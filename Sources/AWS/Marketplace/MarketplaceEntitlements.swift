/// The AWS Marketplace Entitlement Service: what a product's customers may use now.
///
/// It is asked in us-east-1, whatever the client's region, by the account that sells the product.
/// Source: AWS Marketplace Entitlement Service API Reference, version 2017-01-11.
package struct MarketplaceEntitlements {
    let client: AWSClient

    /// The most that one page may hold, which is also what is asked for.
    package static let pageSize = 25

    /// Calls go through `client`, which signs and retries them.
    package init(client: AWSClient) { self.client = client }

    /// One page of `GetEntitlements`.
    ///
    /// A filter's values are alternatives, and every filter must hold. An empty page is not the
    /// last one as long as it has a token.
    package func page(
        productCode: String, filters: [EntitlementFilter: [String]] = [:],
        nextToken: String? = nil, stop: (() -> Bool)? = nil
    ) throws -> EntitlementPage {
        let named = filters.map { ($0.key.rawValue, $0.value) }
        let input = EntitlementsInput(
            ProductCode: productCode,
            Filter: filters.isEmpty ? nil : Dictionary(uniqueKeysWithValues: named),
            NextToken: nextToken, MaxResults: Self.pageSize)
        var operation = Self.operation
        operation.endpoint = try client.configuration.endpoint(
            of: .marketplaceEntitlements, region: client.configuration.marketplaceRegion())
        return try client.callJSON(
            .marketplaceEntitlements, operation, input, resource: productCode, stop: stop)
    }

    /// Every page, one after the other, to `body`; returns how many there were.
    ///
    /// Throws `AWSError`, also where the service sends us round in a circle, or what `body`
    /// throws.
    @discardableResult
    package func pages(
        productCode: String, filters: [EntitlementFilter: [String]] = [:],
        stop: (() -> Bool)? = nil, _ body: ([Entitlement]) throws -> Void
    ) throws -> Int {
        var tokens: Set<String> = []
        var next: String?
        var count = 0
        repeat {
            let page = try page(
                productCode: productCode, filters: filters, nextToken: next, stop: stop)
            count += 1
            try body(page.entitlements)
            next = page.nextToken
            if let next, !tokens.insert(next).inserted { throw circle(productCode) }
        } while next != nil
        return count
    }

    private static var operation: AWSJSONOperation {
        AWSJSONOperation(
            target: "AWSMPEntitlementService", name: "GetEntitlements", version: "1.1")
    }

    private func circle(_ productCode: String) -> AWSError {
        AWSError(
            service: AWSService.marketplaceEntitlements.id, operation: "GetEntitlements",
            resource: productCode, code: AWSErrorCode.invalidResponse,
            message: "a NextToken came twice: the pages have no end", httpStatus: nil,
            requestID: nil, curlCode: nil, bucketRegion: nil, isTransportTransient: false)
    }
}

/// What entitlements can be narrowed by.
///
/// The service takes a customer's identifier or an account, never both.
package enum EntitlementFilter: String, Sendable {
    case customerIdentifier = "CUSTOMER_IDENTIFIER"
    case customerAccountID = "CUSTOMER_AWS_ACCOUNT_ID"
    case licenseARN = "LICENSE_ARN"
    case dimension = "DIMENSION"
}

private struct EntitlementsInput: Encodable {
    let ProductCode: String
    let Filter: [String: [String]]?
    let NextToken: String?
    let MaxResults: Int
}
