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
}

/// Which of a service's hosts in a region is meant.
struct AWSEndpointVariant: Sendable, Equatable {
    /// One whose cryptography is validated after FIPS 140.
    var isFIPS = false
    /// One with IPv6 addresses too.
    var isDualStack = false
    /// The host without a region, as STS and S3 had it first.
    var isGlobal = false
}

extension AWSService {
    /// Amazon's own host of the service in a region.
    ///
    /// Source: the endpoint rule sets that AWS publishes with its SDKs, one a service; a test
    /// compares all that follows from this page with them.
    func endpoint(in region: String, _ variant: AWSEndpointVariant) -> AWSEndpoint {
        let partition = AWSPartition.of(region: region)
        if variant.isGlobal, !variant.isFIPS, !variant.isDualStack, let global = global(region) {
            return global
        }
        let name = hostName(in: partition, region, variant)
        let suffix =
            variant.isDualStack && self != .s3 ? partition.dualStackSuffix : partition.suffix
        return AWSEndpoint(host: "\(name).\(region).\(suffix)", region: region)
    }

    private func hostName(
        in partition: AWSPartition, _ region: String, _ variant: AWSEndpointVariant
    ) -> String {
        if self == .s3 {
            return (variant.isFIPS ? "s3-fips" : "s3") + (variant.isDualStack ? ".dualstack" : "")
        }
        if self == .marketplaceEntitlements, !variant.isFIPS,
            Self.hasNewName(partition, variant)
        {
            return "entitlement-marketplace"
        }
        guard variant.isFIPS else { return hostPrefix }
        // In GovCloud the usual hosts of these three are the validated ones.
        let isValidatedAnyway =
            partition.id == "aws-us-gov" && !variant.isDualStack
            && [.sqs, .sns, .sts].contains(self)
        return isValidatedAnyway ? hostPrefix : hostPrefix + "-fips"
    }

    private static func hasNewName(
        _ partition: AWSPartition, _ variant: AWSEndpointVariant
    ) -> Bool {
        switch partition.id {
        case "aws": variant.isDualStack
        case "aws-cn": true
        case "aws-eusc": !variant.isDualStack
        default: false
        }
    }

    private func global(_ region: String) -> AWSEndpoint? {
        switch self {
        case .s3 where region == "us-east-1":
            AWSEndpoint(host: "s3.amazonaws.com", region: region)
        case .sts where Self.regionsBeforeRegionalSTS.contains(region):
            AWSEndpoint(host: "sts.amazonaws.com", region: "us-east-1")
        default: nil
        }
    }

    // AWS SDKs and Tools Reference, "AWS STS Regional endpoints": what `legacy` is for.
    private static let regionsBeforeRegionalSTS: Set<String> = [
        "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
        "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
        "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    ]
}
