package import FoundationEssentials
internal import Synchronization

/// Remembers a provider's credentials until shortly before they expire.
///
/// For any number of threads: one renews, the others go on with what is still valid.
package final class CachedCredentials: CredentialProvider {
    private struct Kept {
        var credentials: AWSCredentials
        /// When to look for new ones; nil if these do not expire.
        var renewal: Date?
        /// Set where AWS has refused them: they serve only if there are no others.
        var isRefused = false

        func isValid(at now: Date) -> Bool { credentials.expiration.map { now < $0 } ?? true }
        func isFresh(at now: Date) -> Bool { renewal.map { now < $0 } ?? true }
    }

    private let provider: any CredentialProvider
    private let jitter: @Sendable () -> Double
    private let onFailedRenewal: @Sendable (any Error) -> Void
    private let kept = Mutex<Kept?>(nil)
    // Held while the provider is asked, `kept` only for a moment: readers do not wait.
    private let renewing = Mutex(())

    private static let marginSeconds = 300.0
    // So that a fleet started together does not renew together.
    private static let marginJitterSeconds = 300.0
    // After a renewal that failed; in between the old ones serve.
    private static let retrySeconds = 30.0

    /// Nothing is asked for yet.
    ///
    /// `onFailedRenewal` hears of a renewal that failed while the old credentials still serve.
    /// `jitter` is from 0 to 1, anew for each set of credentials.
    package init(
        _ provider: any CredentialProvider,
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        onFailedRenewal: @escaping @Sendable (any Error) -> Void
    ) {
        self.provider = provider
        self.jitter = jitter
        self.onFailedRenewal = onFailedRenewal
    }

    /// Credentials valid at `now`; asks the provider where there are none or they expire soon.
    package func credentials(now: Date) throws -> AWSCredentials {
        guard let current = kept.withLock({ $0 }), current.isValid(at: now), !current.isRefused
        else {
            return try renewing.withLock { _ in try firstOrNext(now: now) }
        }
        guard !current.isFresh(at: now) else { return current.credentials }
        let renewed = renewing.withLockIfAvailable { _ in renewedOrStillValid(now: now) }
        return (renewed ?? nil) ?? current.credentials
    }

    /// Has the next call look for others, and the provider forget what it remembers.
    ///
    /// Where there are no others to be had, because what gives them out is away, those that were
    /// refused serve on: AWS's own refusal then says what is wrong.
    package func invalidate() {
        kept.withLock { $0?.isRefused = true }
        provider.invalidate()
    }

    // Another thread may have been here while this one waited.
    private func firstOrNext(now: Date) throws -> AWSCredentials {
        guard let current = kept.withLock({ $0 }), current.isValid(at: now) else {
            return try renew(now: now)
        }
        guard current.isRefused else { return current.credentials }
        do {
            return try renew(now: now)
        } catch {
            onFailedRenewal(error)
            return current.credentials
        }
    }

    private func renewedOrStillValid(now: Date) -> AWSCredentials? {
        if let current = kept.withLock({ $0 }), current.isFresh(at: now) {
            return current.credentials
        }
        do {
            return try renew(now: now)
        } catch {
            kept.withLock { $0?.renewal = now.addingTimeInterval(Self.retrySeconds) }
            onFailedRenewal(error)
            return nil
        }
    }

    private func renew(now: Date) throws -> AWSCredentials {
        let credentials = try provider.credentials(now: now)
        let next = Kept(credentials: credentials, renewal: renewal(of: credentials, now: now))
        guard next.isValid(at: now) else {
            throw CredentialError(
                source: "renewal",
                message: "the new credentials have expired already; check this machine's clock "
                    + "and the source of the credentials",
                isTransient: true)
        }
        kept.withLock { $0 = next }
        return credentials
    }

    // Five to ten minutes before the end; of a short life, not more than its last third.
    private func renewal(of credentials: AWSCredentials, now: Date) -> Date? {
        guard let end = credentials.expiration else { return nil }
        let margin = Self.marginSeconds + jitter() * Self.marginJitterSeconds
        return end.addingTimeInterval(-min(margin, end.timeIntervalSince(now) / 3))
    }
}

// A mutex cannot be mirrored, and what is in these must not be.
extension CachedCredentials: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The type alone.
    package var description: String { "CachedCredentials" }

    /// The same as `description`.
    package var debugDescription: String { description }

    /// A mirror without the credentials.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
