package import FoundationEssentials

/// The keys of a role, taken on with the keys of another provider.
///
/// Wrap it in `CachedCredentials`: each call here asks STS.
package struct AssumedRole: CredentialProvider {
    private let session: RoleSession
    private let source: any CredentialProvider
    private let sts: STS

    package init(
        _ session: RoleSession, source: any CredentialProvider, configuration: AWSConfiguration,
        settings: HTTPSettings = HTTPSettings()
    ) {
        self.session = session
        self.source = source
        sts = STS(configuration: configuration, settings: settings)
    }

    /// A new session of the role; throws `AWSError`, or what the source throws.
    package func credentials(now: Date) throws -> AWSCredentials {
        try sts.assumeRole(session, as: source, now: now)
    }

    /// Passed on: a session that AWS no longer takes may come from keys it no longer takes.
    package func invalidate() { source.invalidate() }
}
