/// A group of Amazon's regions that share accounts, ARNs and the ends of host names.
///
/// Source: AWS General Reference, "AWS service endpoints"; the table is that of the SDKs' public
/// `partitions.json`, with which a test compares what follows from it.
struct AWSPartition: Sendable, Equatable {
    /// As in `arn:<id>:sqs:...`.
    let id: String
    /// What the names of its regions begin with; empty for the one that has all others.
    let regionPrefix: String
    /// What host names end in.
    let suffix: String
    /// The same where the host has IPv6 addresses too.
    let dualStackSuffix: String
    /// False where no host has IPv6 addresses yet.
    let hasDualStack: Bool
    /// Where a call goes that belongs to no region.
    let homeRegion: String

    private init(
        _ id: String, _ regionPrefix: String, _ suffix: String, _ dualStackSuffix: String,
        home: String, hasDualStack: Bool = true
    ) {
        self.id = id
        self.regionPrefix = regionPrefix
        self.suffix = suffix
        self.dualStackSuffix = dualStackSuffix
        homeRegion = home
        self.hasDualStack = hasDualStack
    }

    static let standard = AWSPartition("aws", "", "amazonaws.com", "api.aws", home: "us-east-1")

    static let all = [
        AWSPartition(
            "aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn",
            home: "cn-northwest-1"),
        AWSPartition(
            "aws-us-gov", "us-gov-", "amazonaws.com", "api.aws", home: "us-gov-west-1"),
        AWSPartition(
            "aws-eusc", "eusc-", "amazonaws.eu", "api.amazonwebservices.eu",
            home: "eusc-de-east-1"),
        AWSPartition(
            "aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov", home: "us-iso-east-1"),
        AWSPartition(
            "aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud", home: "us-isob-east-1"),
        AWSPartition(
            "aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk",
            home: "eu-isoe-west-1", hasDualStack: false),
        AWSPartition(
            "aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov",
            home: "us-isof-south-1", hasDualStack: false),
        standard,
    ]

    /// The partition of a region; a region that nobody knows yet is one of the usual partition.
    static func of(region: String) -> AWSPartition {
        all.first { !$0.regionPrefix.isEmpty && region.hasPrefix($0.regionPrefix) } ?? standard
    }

    /// The partition that an ARN names; nil where the text is no ARN, or of none that is known.
    static func of(arn: String) -> AWSPartition? {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, parts[0] == "arn" else { return nil }
        return all.first { $0.id == parts[1] }
    }
}
