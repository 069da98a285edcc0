package import FoundationEssentials

/// Where keys come from: fixed ones, a role's session, or the chain that looks for them.
package protocol CredentialProvider: Sendable {
    /// Keys that are valid at `now`; may block on a file, a process or a request.
    func credentials(now: Date) throws -> AWSCredentials

    /// Forgets what is remembered, because AWS has refused it: the next call looks again.
    func invalidate()
}

/// Keys that are simply given.
package struct FixedCredentials: CredentialProvider {
    private let value: AWSCredentials

    package init(_ value: AWSCredentials) { self.value = value }

    package func credentials(now: Date) -> AWSCredentials { value }

    package func invalidate() {}
}
