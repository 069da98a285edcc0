import Foundation
import Synchronization
import Testing

@testable import AWS

/// Gives out numbered credentials, or throws, as the test says.
private final class Scripted: CredentialProvider {
    struct Failure: Error {}

    private let state = Mutex((calls: 0, invalidations: 0, isFailing: false))
    private let lifetime: Double?
    private let before: @Sendable (Int) -> Void

    init(lifetime: Double?, before: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.lifetime = lifetime
        self.before = before
    }

    var calls: Int { state.withLock { $0.calls } }
    var invalidations: Int { state.withLock { $0.invalidations } }
    func fail(_ isFailing: Bool) { state.withLock { $0.isFailing = isFailing } }

    func credentials(now: Date) throws -> AWSCredentials {
        let (number, isFailing) = state.withLock { state in
            state.calls += 1
            return (state.calls, state.isFailing)
        }
        before(number)
        if isFailing { throw Failure() }
        return AWSCredentials(
            accessKeyID: "\(number)", secretAccessKey: "s",
            expiration: lifetime.map { now.addingTimeInterval($0) })
    }

    func invalidate() { state.withLock { $0.invalidations += 1 } }
}

@Suite struct CredentialCacheTests {
    private static let start = Date(timeIntervalSince1970: 1_772_366_400)
    private static func after(_ seconds: Double) -> Date { start.addingTimeInterval(seconds) }

    /// jitter, then the first second of an hour's life at which new ones are asked for.
    @Test(arguments: [(0.0, 3300.0), (0.5, 3150), (1, 3000)])
    func renewalIsFiveToTenMinutesBeforeTheEnd(jitter: Double, second: Double) throws {
        let provider = Scripted(lifetime: 3600)
        let cached = CachedCredentials(provider, jitter: { jitter }) { _ in }
        #expect(try cached.credentials(now: Self.start).accessKeyID == "1")
        #expect(try cached.credentials(now: Self.after(second - 1)).accessKeyID == "1")
        #expect(try cached.credentials(now: Self.after(second)).accessKeyID == "2")
        #expect(provider.calls == 2)
    }

    @Test func shortLifeIsNotRenewedAtEveryCall() throws {
        let provider = Scripted(lifetime: 300)
        let cached = CachedCredentials(provider, jitter: { 1 }) { _ in }
        for second in 0..<200 { _ = try cached.credentials(now: Self.after(Double(second))) }
        #expect(provider.calls == 1)
        #expect(try cached.credentials(now: Self.after(200)).accessKeyID == "2")
    }

    @Test func keysWithoutAnEndAreKept() throws {
        let provider = Scripted(lifetime: nil)
        let cached = CachedCredentials(provider) { _ in }
        for year in 0..<10 {
            _ = try cached.credentials(now: Self.after(Double(year) * 31_536_000))
        }
        #expect(provider.calls == 1)
    }

    @Test func failedRenewalIsToldAndTheOldOnesServeUntilTheyEnd() throws {
        let provider = Scripted(lifetime: 3600)
        let told = Mutex(0)
        let cached = CachedCredentials(provider, jitter: { 0 }) { error in
            #expect(error is Scripted.Failure)
            told.withLock { $0 += 1 }
        }
        _ = try cached.credentials(now: Self.start)
        provider.fail(true)
        #expect(try cached.credentials(now: Self.after(3300)).accessKeyID == "1")
        // Not again at once, but half a minute later.
        #expect(try cached.credentials(now: Self.after(3329)).accessKeyID == "1")
        #expect(told.withLock { $0 } == 1)
        #expect(try cached.credentials(now: Self.after(3330)).accessKeyID == "1")
        #expect(told.withLock { $0 } == 2)
        #expect(throws: Scripted.Failure.self) { try cached.credentials(now: Self.after(3600)) }
        provider.fail(false)
        #expect(try cached.credentials(now: Self.after(3601)).accessKeyID == "5")
    }

    @Test func newOnesThatHaveExpiredAreAnError() throws {
        let cached = CachedCredentials(Scripted(lifetime: -1)) { _ in }
        let error = try #require(throws: CredentialError.self) {
            try cached.credentials(now: Self.start)
        }
        #expect(error.message.contains("clock"))
    }

    @Test func invalidationIsPassedOnAndAsksAgain() throws {
        let provider = Scripted(lifetime: 3600)
        let cached = CachedCredentials(provider) { _ in }
        _ = try cached.credentials(now: Self.start)
        cached.invalidate()
        #expect(provider.invalidations == 1)
        #expect(try cached.credentials(now: Self.start).accessKeyID == "2")
    }

    @Test func manyThreadsAskOnce() throws {
        let provider = Scripted(lifetime: 3600)
        let cached = CachedCredentials(provider) { _ in }
        let seen = Mutex(Set<String>())
        DispatchQueue.concurrentPerform(iterations: 32) { _ in
            // `try?`: one that threw is missing from the set, which is then not {1}.
            let key = (try? cached.credentials(now: Self.start))?.accessKeyID ?? "none"
            seen.withLock { _ = $0.insert(key) }
        }
        #expect(seen.withLock { $0 } == ["1"])
        #expect(provider.calls == 1)
    }

    @Test func othersGoOnWhileOneRenews() throws {
        let entered = DispatchSemaphore(value: 0)
        let mayLeave = DispatchSemaphore(value: 0)
        let provider = Scripted(lifetime: 3600) { number in
            guard number == 2 else { return }
            entered.signal()
            mayLeave.wait()
        }
        let cached = CachedCredentials(provider, jitter: { 0 }) { _ in }
        _ = try cached.credentials(now: Self.start)
        let renewed = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            #expect(throws: Never.self) { try cached.credentials(now: Self.after(3400)) }
            renewed.signal()
        }
        entered.wait()
        #expect(try cached.credentials(now: Self.after(3400)).accessKeyID == "1")
        mayLeave.signal()
        renewed.wait()
        #expect(try cached.credentials(now: Self.after(3400)).accessKeyID == "2")
    }
}
