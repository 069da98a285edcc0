import Foundation
import Support
import Synchronization
import Testing

@testable import AWS

@Suite struct S3DownloadTests {
    static let content = patternBytes(1_000_003)

    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let faults: [HTTPFaultProxy.Fault]
        let requests: Int
    }

    static let cases = [
        Case(testDescription: "no fault", faults: [.pass], requests: 1),
        Case(testDescription: "cut once", faults: [.cutReply(bodyBytes: 70_001)], requests: 2),
        Case(
            testDescription: "cut, refused, cut again",
            faults: [.cutReply(bodyBytes: 1), .reset, .cutReply(bodyBytes: 500_000)], requests: 4),
        Case(
            testDescription: "cut before the first byte", faults: [.cutReply(bodyBytes: 0)],
            requests: 2),
        Case(
            testDescription: "throttled while resuming",
            faults: [.cutReply(bodyBytes: 9), s3Error(503, "SlowDown")], requests: 3),
        Case(
            testDescription: "server without ranges",
            faults: [.cutReply(bodyBytes: 70_001), .withoutHeader("Range")], requests: 2),
    ]

    @Test(arguments: cases)
    func bytesAreThoseOfTheObjectWhateverHappensInBetween(_ test: Case) throws {
        let stored = try Stored(Self.content)
        let proxy = try HTTPFaultProxy(to: .local(.ministack), faults: test.faults)
        let s3 = try TestClients.ministack.through(proxy).s3
        #expect(
            try s3.bytes(bucket: stored.bucket, key: "k", version: stored.version)
                == Self.content)
        #expect(proxy.requests.count == test.requests)
        #expect(proxy.requests.allSatisfy { $0.contains("If-Match: \"\(stored.version.eTag)\"") })
    }

    @Test(arguments: [0, 1, 999_999, 1_000_002, 1_000_003])
    func readingFromAnOffsetLendsTheRest(_ offset: Int) throws {
        let stored = try Stored(Self.content)
        var bytes: [UInt8] = []
        try TestClients.ministack.s3.getObject(
            bucket: stored.bucket, key: "k", version: stored.version, from: Int64(offset)
        ) { chunk in chunk.withUnsafeBytes { bytes += $0 } }
        #expect(bytes == Array(Self.content[offset...]))
    }

    @Test func emptyObjectLendsNothing() throws {
        let stored = try Stored([])
        #expect(try TestClients.ministack.s3.bytes(bucket: stored.bucket, key: "k").isEmpty)
    }

    @Test func objectThatChangesWhileItIsReadIsNeverMixed() throws {
        let stored = try Stored(Self.content)
        let proxy = try HTTPFaultProxy(
            to: .local(.ministack), faults: [.cutReply(bodyBytes: 300_000)])
        let s3 = try TestClients.ministack.through(proxy).s3
        var count = 0
        #expect(
            throws: S3Error.versionChanged(
                bucket: stored.bucket, key: "k", eTag: stored.version.eTag)
        ) {
            try s3.getObject(bucket: stored.bucket, key: "k", version: stored.version) { chunk in
                if count == 0 { try stored.replace(with: patternBytes(1_000_004)) }
                count += chunk.byteCount
            }
        }
        #expect(count == 300_000)
    }

    @Test func otherVersionFromAServerThatIgnoresIfMatchIsNotLent() throws {
        let stored = try Stored(Self.content)
        try stored.replace(with: Self.content.reversed())
        let proxy = try HTTPFaultProxy(to: .local(.ministack), faults: [.withoutHeader("If-Match")])
        let s3 = try TestClients.ministack.through(proxy).s3
        var count = 0
        #expect(throws: S3Error.self) {
            try s3.getObject(bucket: stored.bucket, key: "k", version: stored.version) { chunk in
                count += chunk.byteCount
            }
        }
        #expect(count == 0)
    }

    @Test func connectionThatNeverYieldsAByteIsGivenUp() throws {
        let stored = try Stored(Self.content)
        let proxy = try HTTPFaultProxy(
            to: .local(.ministack),
            faults: Array(repeating: .cutReply(bodyBytes: 0), count: 100))
        let error = awsError {
            _ = try TestClients.ministack.through(proxy).s3
                .bytes(bucket: stored.bucket, key: "k", version: stored.version)
        }
        #expect(error?.curlCode == 18)
        #expect(proxy.requests.count == 11)
    }

    @Test func stalledConnectionIsResumed() throws {
        let stored = try Stored(Self.content)
        let proxy = try HTTPFaultProxy(
            to: .local(.ministack), faults: [.stallReply(bodyBytes: 200_000)])
        var clients = try TestClients.ministack.through(proxy)
        clients.settings.stallSeconds = 1
        #expect(
            try clients.s3.bytes(bucket: stored.bucket, key: "k", version: stored.version)
                == Self.content)
        #expect(proxy.requests.last?.contains("Range: bytes=200000-") == true)
    }

    @Test func wrongRangeInTheAnswerIsAnError() throws {
        let stored = try Stored(Self.content)
        let wrong = HTTPFaultProxy.Fault.answer(
            status: 206, headers: ["Content-Range: bytes 10-19/1000003"], body: "0123456789")
        let proxy = try HTTPFaultProxy(
            to: .local(.ministack), faults: [.cutReply(bodyBytes: 100), wrong])
        let error = awsError {
            _ = try TestClients.ministack.through(proxy).s3
                .bytes(bucket: stored.bucket, key: "k", version: stored.version)
        }
        #expect(error?.code == "ContentRangeMismatch")
    }

    struct Refusal: Error, Equatable {}

    @Test func errorOfTheReaderComesBackUnchangedAndEndsTheTransfer() throws {
        let stored = try Stored(Self.content)
        let proxy = try HTTPFaultProxy(to: .local(.ministack), faults: [])
        #expect(throws: Refusal()) {
            try TestClients.ministack.through(proxy).s3.getObject(
                bucket: stored.bucket, key: "k", version: stored.version
            ) { _ in throw Refusal() }
        }
        #expect(proxy.requests.count == 1)
    }

    @Test func readersOwnTroubleWithAWSIsNotTakenForOurs() throws {
        let stored = try Stored(Self.content)
        let other = awsError {
            let s3 = try TestClients.ministack.s3
            var request = try s3.request("GET", stored.bucket, "k", "us-east-1", owner: nil)
            request.setHeader("If-Match", "\"other\"")
            _ = try s3.client.perform(
                AWSCall(.s3, "GetObject", resource: "other", region: "us-east-1", request: request))
        }
        #expect(other?.httpStatus == 412)
        let caught = awsError {
            try TestClients.ministack.s3.getObject(
                bucket: stored.bucket, key: "k", version: stored.version
            ) { _ in throw try #require(other) }
        }
        #expect(caught?.resource == "other")
    }

    @Test func stopEndsAStalledTransfer() throws {
        let stored = try Stored(Self.content)
        let proxy = try HTTPFaultProxy(to: .local(.ministack), faults: [.stallReply(bodyBytes: 10)])
        let s3 = try TestClients.ministack.through(proxy).s3
        var hasBytes = false
        s3.stop = { hasBytes }
        let error = awsError {
            try s3.getObject(bucket: stored.bucket, key: "k", version: stored.version) { _ in
                hasBytes = true
            }
        }
        #expect(error?.isInterrupted == true)
        #expect(proxy.requests.count == 1)
    }
}

/// An object `k` in a bucket of its own.
struct Stored {
    let bucket: String
    let version: S3Object

    init(_ content: [UInt8], region: String = "us-east-1") throws {
        var clients = try TestClients.ministack
        clients.region = region
        let s3 = try clients.s3
        bucket = uniqueName("stored")
        try s3.createBucket(bucket)
        try s3.putObject(bucket: bucket, key: "k", body: .bytes(content))
        version = try s3.headObject(bucket: bucket, key: "k")
    }

    func replace(with content: [UInt8]) throws {
        try TestClients.ministack.s3.putObject(bucket: bucket, key: "k", body: .bytes(content))
    }
}
