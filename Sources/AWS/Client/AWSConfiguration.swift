internal import FoundationEssentials

/// Which region is spoken to, and at which addresses: the one place that decides host, region
/// and signing name of a call.
package struct AWSConfiguration: Sendable {
    /// As in `us-east-1`; nil where nothing names one.
    package let region: String?
    private let settings: AWSEndpointSettings
    private let fips: Bool?

    /// Takes the region given, else `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's `region`,
    /// else `fallbackRegion`, which is what a queue's address says.
    ///
    /// `profile` holds the settings of the shared configuration file's chosen profile. Throws
    /// where a setting cannot be obeyed; that no region is named is an error of the call that
    /// needs one.
    package init(
        region: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        profile: [String: String] = [:], fallbackRegion: String? = nil
    ) throws(AWSConfigurationError) {
        settings = AWSEndpointSettings(environment: environment, profile: profile)
        let named: [(String, String?)] = [
            ("region", region), ("AWS_REGION", environment["AWS_REGION"]),
            ("AWS_DEFAULT_REGION", environment["AWS_DEFAULT_REGION"]),
            ("region of the profile", profile["region"]), ("queue", fallbackRegion),
        ]
        let first = named.lazy.compactMap { name, value in value.map { (name, $0) } }
            .first { !$0.1.isEmpty }
        // Names of regions as they were before there was a setting for it.
        let plain = first.map { Self.withoutFIPS($0.1) }
        self.region = plain
        fips = plain == first?.1 ? nil : true
        if let (setting, value) = first {
            guard AWSEndpoint.isHostLabel(plain ?? ""), !value.hasSuffix("-global") else {
                throw AWSConfigurationError(
                    setting: setting, message: "\"\(value)\" is not a region's name")
            }
        }
        try settings.check()
    }

    private static func withoutFIPS(_ region: String) -> String {
        if region.hasPrefix("fips-") { return String(region.dropFirst(5)) }
        return region.hasSuffix("-fips") ? String(region.dropLast(5)) : region
    }

    /// Where a service is: `AWS_ENDPOINT_URL_<id>`, `AWS_ENDPOINT_URL`, `endpoint_url` of the
    /// profile's services section, the profile's own, else Amazon's host in the region.
    ///
    /// `otherwise` is the region where none is named at all.
    /// Source: AWS SDKs and Tools Reference, "Service-specific endpoints" and "Dual-stack and
    /// FIPS endpoints".
    package func endpoint(
        of service: AWSService, region: String? = nil, otherwise: String? = nil
    ) throws(AWSConfigurationError) -> AWSEndpoint {
        guard let region = region ?? self.region ?? otherwise else {
            throw AWSConfigurationError(
                setting: "AWS_REGION", message: "no region is set; set it, as in us-east-1")
        }
        guard AWSEndpoint.isHostLabel(region) else {
            throw AWSConfigurationError(
                setting: "AWS_REGION", message: "\"\(region)\" is not a region's name")
        }
        let variant = try variant(of: service)
        if let custom = settings.url(of: service) {
            try settings.throwIfAsked(for: variant, of: service, why: custom.setting)
            return try AWSEndpoint(url: custom.value, setting: custom.setting, region: region)
        }
        let partition = AWSPartition.of(region: region)
        // S3 in China has no validated host, and some partitions have no IPv6.
        var missing = AWSEndpointVariant()
        missing.isFIPS = variant.isFIPS && service == .s3 && partition.id == "aws-cn"
        missing.isDualStack = variant.isDualStack && !partition.hasDualStack
        try settings.throwIfAsked(for: missing, of: service, why: "region \(region)")
        return service.endpoint(in: region, variant)
    }

    /// Where Marketplace's own services are: in the home region of whose partition we are.
    func marketplaceRegion() throws(AWSConfigurationError) -> String {
        let partition = region.map(AWSPartition.of) ?? .standard
        guard partition.id == "aws" || partition.id == "aws-cn" || partition.id == "aws-eusc"
        else {
            throw AWSConfigurationError(
                setting: "AWS_REGION",
                message: "AWS Marketplace is not asked in partition \(partition.id)")
        }
        return partition.homeRegion
    }

    /// Which kind of host the settings ask for.
    func variant(
        of service: AWSService
    ) throws(AWSConfigurationError) -> AWSEndpointVariant {
        var variant = try settings.variant(of: service)
        if let fips { variant.isFIPS = fips }
        return variant
    }

    /// True where the address of a service is configured and not Amazon's.
    func isCustom(_ service: AWSService) -> Bool { settings.url(of: service) != nil }

    /// Throws where the settings ask for a kind of host that an address of a queue is not.
    func throwUnlessObeyed(by host: String, isFIPS: Bool, isDualStack: Bool)
        throws(AWSConfigurationError)
    {
        var missing = try variant(of: .sqs)
        if isFIPS { missing.isFIPS = false }
        if isDualStack { missing.isDualStack = false }
        try settings.throwIfAsked(for: missing, of: .sqs, why: "the queue's host \(host)")
    }

    /// Whether a bucket's name goes into the path, and not into the host's name.
    ///
    /// Over TLS a name with dots matches no wildcard certificate, and a host of our own choice
    /// has no subdomains, unless the profile says so.
    func isPathStyle(
        bucket: String, at endpoint: AWSEndpoint
    ) throws(AWSConfigurationError) -> Bool {
        guard AWSEndpoint.isHostLabel(bucket), bucket.utf8.count >= 3 else { return true }
        switch settings.addressingStyle {
        case nil, "auto": return endpoint.isCustom
        case "path": return true
        case "virtual": return isNumeric(endpoint.host)
        case let other?:
            throw AWSConfigurationError(
                setting: "addressing_style",
                message: "\"\(other)\" is not one of auto, path, virtual")
        }
    }

    // An address has no subdomains.
    private func isNumeric(_ host: String) -> Bool {
        host.hasPrefix("[") || host.split(separator: ".").allSatisfy { UInt8($0) != nil }
    }
}

/// A setting that cannot be used.
package struct AWSConfigurationError: Error, Sendable, CustomStringConvertible {
    /// The variable or the profile's key.
    package let setting: String
    /// What is wrong with it and what to do.
    package let message: String

    /// The setting and what is wrong with it.
    package var description: String { "\(setting): \(message)" }
}
