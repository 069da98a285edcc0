internal import FoundationEssentials

/// Which region is spoken to, and at which addresses.
package struct AWSConfiguration: Sendable {
    /// As in `us-east-1`.
    package let region: String
    // Only these settings: the environment holds secrets, and values get printed.
    private let endpoints: [String: String]

    /// Takes the region given, else `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's `region`.
    ///
    /// `profile` holds the settings of the shared configuration file's chosen profile. Throws
    /// where no region is named, or a configured endpoint is not one we may speak to.
    package init(
        region: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        profile: [String: String] = [:]
    ) throws(AWSConfigurationError) {
        let named = [
            region, environment["AWS_REGION"], environment["AWS_DEFAULT_REGION"],
            profile["region"],
        ]
        guard let region = named.lazy.compactMap({ $0 }).first(where: { !$0.isEmpty }) else {
            throw AWSConfigurationError(
                setting: "AWS_REGION", message: "no region is set; set it, as in us-east-1")
        }
        self.region = region
        endpoints = environment.merging(profile) { variable, _ in variable }
            .filter { $0.key.hasPrefix("AWS_ENDPOINT_URL") || $0.key == "endpoint_url" }
        for service in AWSService.all { _ = try endpoint(of: service) }
    }

    /// Where a service is: `AWS_ENDPOINT_URL_<id>`, `AWS_ENDPOINT_URL`, the profile's
    /// `endpoint_url`, else Amazon's own host in the region.
    ///
    /// Source: AWS SDKs and Tools Reference, "Service-specific endpoints".
    package func endpoint(
        of service: AWSService, region: String? = nil
    ) throws(AWSConfigurationError) -> AWSEndpoint {
        for setting in ["AWS_ENDPOINT_URL_\(service.id)", "AWS_ENDPOINT_URL", "endpoint_url"] {
            guard let url = endpoints[setting], !url.isEmpty else { continue }
            return try AWSEndpoint(url: url, setting: setting)
        }
        let region = region ?? self.region
        guard AWSEndpoint.isHostLabel(region) else {
            throw AWSConfigurationError(
                setting: "AWS_REGION", message: "\"\(region)\" is not a region's name")
        }
        return AWSEndpoint(service: service, region: region)
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
