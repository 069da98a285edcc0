import Foundation
import Support
import Synchronization
import Testing

@testable import AWS

/// The metadata service goes away, or hands out keys that have run out.
@Suite struct MetadataOutageTests {
    private static let start = Date(timeIntervalSince1970: 1_790_000_000)

    private static func answers(expiration: Date) -> [HTTPFaultProxy.Fault] {
        let end = expiration.formatted(.iso8601)
        let document =
            #"{"Code":"Success","AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"s","#
            + #""Token":"t","Expiration":"\#(end)"}"#
        return ["token", "role", document].map { .answer(status: 200, body: $0) }
    }

    private static func chain(_ service: HTTPFaultProxy) -> CredentialChain {
        CredentialChain(
            environment: AWSEnvironment(
                variables: ["AWS_EC2_METADATA_SERVICE_ENDPOINT": service.endpoint],
                home: "/nonexistent"), region: "us-east-1")
    }

    @Test func lastKeysServeWhileTheyAreGood() throws {
        let service = try HTTPFaultProxy(
            to: .nowhere, faults: Self.answers(expiration: Self.start.addingTimeInterval(3600)))
        let failures = Mutex(0)
        let cached = CachedCredentials(Self.chain(service), jitter: { 0 }) { _ in
            failures.withLock { $0 += 1 }
        }
        #expect(try cached.credentials(now: Self.start).accessKeyID == "ASIAEXAMPLE")
        service.stop()
        // Due for renewal, and every half minute after that until the end.
        let due = Self.start.addingTimeInterval(3400)
        #expect(try cached.credentials(now: due).accessKeyID == "ASIAEXAMPLE")
        #expect(failures.withLock { $0 } == 1)
        // AWS has refused them, for whatever reason: there are no others.
        cached.invalidate()
        #expect(try cached.credentials(now: due).accessKeyID == "ASIAEXAMPLE")
        #expect(failures.withLock { $0 } == 2)
        #expect(throws: CredentialError.self) {
            try cached.credentials(now: Self.start.addingTimeInterval(3601))
        }
    }

    @Test func keysThatAreHandedOutAfterTheirEndServeOn() throws {
        let service = try HTTPFaultProxy(
            to: .nowhere, faults: Self.answers(expiration: Self.start.addingTimeInterval(-60)))
        let keys = try Self.chain(service).credentials(now: Self.start)
        #expect(keys.accessKeyID == "ASIAEXAMPLE")
        #expect(keys.expiration == Self.start.addingTimeInterval(600))
    }
}
