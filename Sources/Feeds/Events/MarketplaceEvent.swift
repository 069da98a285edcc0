/// Whom and what an event about a subscription, an entitlement, a licence or an agreement concerns.
///
/// Such events carry no quantities, dates or money; those are asked for or come with the feeds.
/// AWS Marketplace Seller Guide, "Amazon SNS notifications for SaaS products".
package struct MarketplaceEvent: Sendable, Equatable {
    /// `entitlement-updated`, `subscribe-success` and so on, or the detail type of an EventBridge
    /// event.
    package var action: String
    /// Code of the product, as metering and entitlements know it.
    package var productCode: String?
    /// Opaque customer identifier of the metering and entitlement services.
    package var customerIdentifier: String?
    /// AWS account number of the buyer, with leading zeros.
    package var customerAccountID: String?
    /// ARN of the licence; some publishers leave out `arn:`, so the part from `l-` on is what
    /// compares.
    package var licenseARN: String?
    /// Id of the agreement.
    package var agreementID: String?
    /// Id of the offer.
    package var offerID: String?
    /// Whether the agreement has a free trial; nil when the event does not say.
    package var isFreeTrial: Bool?

    /// An event of which only the action is known yet.
    package init(action: String) { self.action = action }
}

extension MarketplaceEvent {
    /// The parties of an agreement or licence event.
    init(_ type: String, detail: JSONObject) {
        self.init(action: type)
        productCode = detail.members("product").word("code")
        customerAccountID = detail.members("acceptor").word("accountId")
        licenseARN = detail.members("license").word("arn")
        agreementID = detail.members("agreement").word("id")
        offerID = detail.members("offer").word("id")
    }

    /// A message of a product's SNS topic, or nil when the body is not one.
    ///
    /// Samples of AWS pad values with blanks, and older ones spell the names without dashes.
    static func notification(_ body: JSONObject) -> Notification? {
        guard body.has("action"), body.has("product-code") || body.has("ProductCode") else {
            return nil
        }
        guard let action = body.word("action"), let code = body.word("product-code", "ProductCode")
        else { return .unknown("action or product code of a Marketplace message is not text") }
        var event = MarketplaceEvent(action: action)
        event.productCode = code
        event.customerIdentifier = body.word("customer-identifier", "CustomerIdentifier")
        event.customerAccountID = body.word("customer-aws-account-id", "CustomerAWSAccountId")
        event.licenseARN = body.word("license-arn", "LicenseArn")
        event.offerID = body.word("offer-identifier", "OfferIdentifier")
        event.isFreeTrial = body["isFreeTrialTermPresent"]?.truth
        let customer = event.customerIdentifier ?? event.customerAccountID ?? "without a customer"
        var notification = Notification(
            .marketplaceEvent, "\(action): product \(code), \(customer)")
        notification.event = event
        notification.content = EventContent(
            source: EventContent.productTopic, type: action, id: nil, timePath: nil, body: body)
        return notification
    }
}
