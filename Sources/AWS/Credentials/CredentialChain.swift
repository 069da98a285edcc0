package import FoundationEssentials

/// The default chain: whatever credentials the machine, the container or the user has set up.
///
/// Files, variables and endpoints are looked at anew by each call, so keys that were rotated in
/// a file are found after `invalidate`. Wrap it in `CachedCredentials`.
package struct CredentialChain: CredentialProvider {
    private let environment: AWSEnvironment
    private let region: String?

    /// `region` is that of STS, if a role must be taken on; nil to look it up too.
    package init(environment: AWSEnvironment = .current(), region: String? = nil) {
        self.environment = environment
        self.region = region
    }

    /// The first credentials found.
    ///
    /// Throws `CredentialError` or `AWSError` for a place that is set up but broken, and a `CredentialError` that lists every place where none has any.
    package func credentials(now: Date) throws -> AWSCredentials {
        let places = CredentialPlaces(
            environment: environment, profiles: try AWSProfiles(environment), region: region)
        var search = CredentialSearch()
        if let found = try search.first(of: places.all, now: now) { return found }
        throw CredentialError(
            source: "default chain",
            message: "none found. Set up one of these:\n"
                + search.reasons.map { "  \($0)" }.joined(separator: "\n"))
    }

    /// Nothing is remembered, so there is nothing to forget.
    package func invalidate() {}
}
