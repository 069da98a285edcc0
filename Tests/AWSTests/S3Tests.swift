import Foundation
import Support
import Testing

@testable import AWS

@Suite struct S3Tests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let fault: HTTPFaultProxy.Fault
    }

    static let redirects = [
        Case(testDescription: "the emulator's own", fault: .pass),
        Case(
            testDescription: "301 with a header",
            fault: .answer(status: 301, headers: ["x-amz-bucket-region: eu-west-1"])),
        Case(
            testDescription: "400 with a region in the document",
            fault: s3Error(
                400, "AuthorizationHeaderMalformed",
                extra: "<Region>eu-west-1</Region>")),
    ]

    @Test(arguments: redirects)
    func bucketIsFoundInItsRegionAndStaysKnown(_ test: Case) throws {
        let stored = try Stored([1], region: "eu-west-1")
        let proxy = try HTTPFaultProxy(to: .local(.ministack), faults: [test.fault])
        let s3 = try TestClients.ministack.through(proxy).s3
        try s3.listObjects(bucket: stored.bucket) { _ in }
        try s3.listObjects(bucket: stored.bucket) { _ in }
        let regions = proxy.requests.map { $0.contains("/eu-west-1/s3/") }
        #expect(regions == [false, true, true])
    }

    @Test func headOfABucketElsewhereIsAskedThere() throws {
        let stored = try Stored([1], region: "eu-west-1")
        let moved = HTTPFaultProxy.Fault.answer(
            status: 400, headers: ["x-amz-bucket-region: eu-west-1"])
        let proxy = try HTTPFaultProxy(to: .local(.ministack), faults: [moved])
        let s3 = try TestClients.ministack.through(proxy).s3
        #expect(try s3.headObject(bucket: stored.bucket, key: "k") == stored.version)
        #expect(proxy.requests.count == 2)
    }

    @Test func missingBucketAndMissingKeyAreToldApart() throws {
        let stored = try Stored([1])
        let s3 = try TestClients.ministack.s3
        let key = awsError { _ = try s3.headObject(bucket: stored.bucket, key: "none") }
        let bucket = awsError { _ = try s3.headObject(bucket: uniqueName("none"), key: "k") }
        #expect(key?.code == "NoSuchKey" && key?.isNotFound == true)
        #expect(bucket?.code == "NoSuchBucket" && bucket?.isNotFound == true)
    }

    @Test func bucketOwnerIsInsistedOnInEveryCall() throws {
        let stored = try Stored([1])
        let proxy = try HTTPFaultProxy(to: .local(.ministack), faults: [])
        let s3 = try TestClients.ministack.through(proxy).s3
        let owner = "000000000000"
        _ = try s3.headObject(bucket: stored.bucket, key: "k", expectedBucketOwner: owner)
        try s3.getObject(
            bucket: stored.bucket, key: "k", version: stored.version, expectedBucketOwner: owner
        ) { _ in }
        try s3.listObjects(bucket: stored.bucket, expectedBucketOwner: owner) { _ in }
        #expect(proxy.requests.count == 3)
        for request in proxy.requests {
            #expect(request.contains("x-amz-expected-bucket-owner: \(owner)"))
            #expect(request.contains(";x-amz-expected-bucket-owner"))
        }
    }

    @Test func listingGoesOnOverPages() throws {
        let s3 = try TestClients.ministack.s3
        let bucket = uniqueName("pages")
        try s3.createBucket(bucket)
        let keys = (0..<1005).map { "in/\(10_000 + $0)" }
        for key in keys { try s3.putObject(bucket: bucket, key: key, body: .empty) }
        try s3.putObject(bucket: bucket, key: "out", body: .bytes([1, 2]))
        var listed: [S3ListedObject] = []
        try s3.listObjects(bucket: bucket, prefix: "in/") { listed.append($0) }
        #expect(listed.map(\.key) == keys)
        listed = []
        try s3.listObjects(bucket: bucket, startAfter: "in/11003") { listed.append($0) }
        #expect(listed.map(\.key) == ["in/11004", "out"])
        let head = try s3.headObject(bucket: bucket, key: "out")
        #expect(listed.last?.eTag == head.eTag && listed.last?.size == 2)
    }

    @Test func versionedBucketNamesItsVersions() throws {
        let s3 = try TestClients.ministack.s3
        let bucket = uniqueName("versions")
        try s3.createBucket(bucket)
        try s3.enableVersioning(ofBucket: bucket)
        try s3.putObject(bucket: bucket, key: "k", body: .bytes([1]))
        let first = try s3.headObject(bucket: bucket, key: "k")
        try s3.putObject(bucket: bucket, key: "k", body: .bytes([2]))
        let second = try s3.headObject(bucket: bucket, key: "k")
        #expect(first.versionID != nil && first.versionID != second.versionID)
    }

    @Test func fileIsStoredWithoutBeingHeldInMemory() throws {
        let s3 = try TestClients.rclone.s3
        let bucket = uniqueName("file")
        try s3.createBucket(bucket)
        let content = patternBytes(300_001)
        let folder = try ScratchDirectory()
        let path = folder.path + "/content"
        try Data(content).write(to: URL(fileURLWithPath: path))
        try s3.putObject(
            bucket: bucket, key: "k", body: .file(path: path, size: Int64(content.count)))
        #expect(try s3.bytes(bucket: bucket, key: "k") == content)
    }
}
