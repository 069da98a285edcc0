/// One of Amazon's services: how its host, its signature and its settings name it.
package struct AWSService: Sendable, Hashable {
    /// As in `AWS_ENDPOINT_URL_<id>`.
    package let id: String
    /// As in `<hostPrefix>.<region>.amazonaws.com`.
    package let hostPrefix: String
    /// As in the credential scope of a signature.
    package let signingName: String

    /// A service whose signing name is that of its host unless told otherwise.
    package init(id: String, hostPrefix: String, signingName: String? = nil) {
        self.id = id
        self.hostPrefix = hostPrefix
        self.signingName = signingName ?? hostPrefix
    }

    /// Simple Storage Service.
    package static let s3 = AWSService(id: "S3", hostPrefix: "s3")
    /// Simple Queue Service.
    package static let sqs = AWSService(id: "SQS", hostPrefix: "sqs")
    /// Simple Notification Service.
    package static let sns = AWSService(id: "SNS", hostPrefix: "sns")
    /// Security Token Service, at its regional endpoints.
    package static let sts = AWSService(id: "STS", hostPrefix: "sts")
    /// AWS Marketplace Commerce Analytics.
    package static let commerceAnalytics = AWSService(
        id: "MARKETPLACE_COMMERCE_ANALYTICS", hostPrefix: "marketplacecommerceanalytics")
    /// The AWS Marketplace Entitlement Service.
    package static let marketplaceEntitlements = AWSService(
        id: "MARKETPLACE_ENTITLEMENT_SERVICE", hostPrefix: "entitlement.marketplace",
        signingName: "aws-marketplace")

    /// Those that Sluice speaks to.
    static let all = [s3, sqs, sns, sts, commerceAnalytics, marketplaceEntitlements]

    /// The region that AWS Marketplace's own services are asked in.
    package static let marketplaceRegion = "us-east-1"
}
