/// What environment and profile say of addresses, by the names that AWS's SDKs document.
///
/// Only these settings are kept: the environment holds secrets, and values get printed.
struct AWSEndpointSettings: Sendable {
    private let environment: [String: String]
    private let profile: [String: String]

    private static let fips = ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
    private static let dualStack = ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
    private static let ignoring = (
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"
    )
    private static let stsRegional = ("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints")
    private static let s3Regional = (
        "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "s3.us_east_1_regional_endpoint"
    )

    /// Nested settings of a profile come as `s3.use_dualstack_endpoint`, and those of its services
    /// section as `services.s3.endpoint_url`.
    init(environment: [String: String], profile: [String: String]) {
        self.environment = environment.filter { $0.key.hasPrefix("AWS_") && !$0.value.isEmpty }
            .filter { name, _ in
                name.contains("ENDPOINT") && !name.hasPrefix("AWS_EC2_")
            }
        self.profile = profile.filter { name, value in
            !value.isEmpty
                && (name.contains("endpoint") || name.hasPrefix("s3.")
                    || name.hasPrefix("services."))
        }
    }

    /// Throws where a setting is not one that can be obeyed, whichever service it is for.
    func check() throws(AWSConfigurationError) {
        for service in AWSService.all {
            _ = try variant(of: service)
            guard let url = url(of: service) else { continue }
            _ = try AWSEndpoint(url: url.value, setting: url.setting)
        }
        _ = try flag(Self.ignoring)
        guard profile["s3.use_accelerate_endpoint"]?.lowercased() != "true" else {
            throw AWSConfigurationError(
                setting: "s3 use_accelerate_endpoint",
                message: "transfer acceleration is not supported; remove it from the profile")
        }
    }

    /// The address that is configured for a service, and which setting it is from.
    func url(of service: AWSService) -> (setting: String, value: String)? {
        // Checked once, in `check`; a word that is neither true nor false ends there.
        if (try? flag(Self.ignoring)) == true { return nil }
        for setting in ["AWS_ENDPOINT_URL_\(service.id)", "AWS_ENDPOINT_URL"] {
            if let value = environment[setting] { return (setting, value) }
        }
        for setting in ["services.\(service.id.lowercased()).endpoint_url", "endpoint_url"] {
            if let value = profile[setting] { return (setting, value) }
        }
        return nil
    }

    /// Which of a service's hosts is asked for.
    func variant(of service: AWSService) throws(AWSConfigurationError) -> AWSEndpointVariant {
        var variant = AWSEndpointVariant()
        variant.isFIPS = try flag(Self.fips) ?? false
        variant.isDualStack = try flag(Self.dualStack) ?? false
        switch service {
        case .s3:
            if let ofS3 = try flag(("", "s3.use_dualstack_endpoint")) {
                variant.isDualStack = ofS3
            }
            variant.isGlobal = try isLegacy(Self.s3Regional)
        case .sts: variant.isGlobal = try isLegacy(Self.stsRegional)
        default: break
        }
        return variant
    }

    /// `auto`, `path` or `virtual`, as the profile says; nil where it says nothing.
    var addressingStyle: String? { profile["s3.addressing_style"] }

    /// An error that names the setting which asks for what is not to be had.
    func throwIfAsked(
        for variant: AWSEndpointVariant, of service: AWSService, why: String
    ) throws(AWSConfigurationError) {
        guard variant.isFIPS || variant.isDualStack else { return }
        let kind = variant.isFIPS ? "FIPS" : "dual-stack"
        let names = variant.isFIPS ? Self.fips : Self.dualStack
        let isVariable = environment[names.0] != nil
        throw AWSConfigurationError(
            setting: isVariable ? names.0 : names.1,
            message: "a \(kind) endpoint cannot be had together with \(why), for \(service.id); "
                + "remove one of the two settings")
    }

    private func value(_ names: (variable: String, key: String)) -> (String, String)? {
        if let value = environment[names.variable] { return (names.variable, value) }
        return profile[names.key].map { (names.key, $0) }
    }

    private func flag(_ names: (String, String)) throws(AWSConfigurationError) -> Bool? {
        guard let (setting, value) = value(names) else { return nil }
        switch value.lowercased() {
        case "true": return true
        case "false": return false
        default:
            throw AWSConfigurationError(
                setting: setting, message: "\"\(value)\" is neither true nor false")
        }
    }

    private func isLegacy(_ names: (String, String)) throws(AWSConfigurationError) -> Bool {
        guard let (setting, value) = value(names) else { return false }
        switch value.lowercased() {
        case "legacy": return true
        case "regional": return false
        default:
            throw AWSConfigurationError(
                setting: setting, message: "\"\(value)\" is neither legacy nor regional")
        }
    }
}
