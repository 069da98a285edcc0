import Foundation
import Support
import Synchronization
import Testing

@testable import AWS

/// Numbers, options and addresses that are not what they should be: errors, never a trap and never
/// a request that is weaker than it was meant to be.
@Suite struct HostileAnswerTests {
    @Test(arguments: [
        "-1", "-9223372036854775808", "9223372036854775808", "1e3", "0x10", "", "1,2", "NaN",
    ])
    func lengthThatIsNoneIsAnError(_ length: String) {
        var headers = HTTPHeaders()
        headers.append(line: "ETag: \"abc\"")
        headers.append(line: "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT")
        headers.append(line: "Content-Length: \(length)")
        #expect(S3Object(headers) == nil)
    }

    /// As it comes over the wire, through libcurl.
    @Test(arguments: ["-5", "99999999999999999999", "abc"])
    func objectOfNoLengthIsRefusedByItsName(_ length: String) throws {
        let server = try AnsweringServer(
            "HTTP/1.1 200 OK\r\nETag: \"abc\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                + "Content-Length: \(length)\r\nConnection: close\r\n\r\n")
        let error = #expect(throws: AWSError.self) {
            let object = try server.s3.headObject(bucket: "bucket", key: "key")
            try server.s3.getObject(bucket: "bucket", key: "key", version: object) { _ in }
        }
        #expect(error?.description.contains("s3://bucket/key") == true)
    }

    @Test(arguments: ["-1", "99999999999999999999", "1.5", ""])
    func listedSizeThatIsNoneIsAnError(_ size: String) throws {
        let body = """
            <ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>k</Key>\
            <ETag>"e"</ETag><Size>\(size)</Size><LastModified>2026-01-01T00:00:00Z</LastModified>\
            </Contents></ListBucketResult>
            """
        let server = try AnsweringServer(
            "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let error = #expect(throws: AWSError.self) {
            try server.s3.listObjects(bucket: "bucket") { _ in }
        }
        #expect(error?.code == AWSErrorCode.invalidResponse)
    }

    /// A page that names itself would be asked for without end.
    @Test func listingThatNeverEndsIsAnError() throws {
        let body = """
            <ListBucketResult><IsTruncated>true</IsTruncated>\
            <NextContinuationToken>again</NextContinuationToken></ListBucketResult>
            """
        let server = try AnsweringServer(
            "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let error = #expect(throws: AWSError.self) {
            try server.s3.listObjects(bucket: "bucket") { _ in }
        }
        #expect(error?.message == "a NextContinuationToken came twice: the pages have no end")
    }

    @Test(arguments: ["nan", "inf", "1e400", "-1", "-inf", "99999999999999999999"])
    func pauseThatIsNoneIsNotWaitedFor(_ seconds: String) throws {
        let server = try AnsweringServer(
            "HTTP/1.1 503 Busy\r\nRetry-After: \(seconds)\r\nContent-Length: 0\r\n"
                + "Connection: close\r\n\r\n")
        let error = #expect(throws: AWSError.self) {
            try server.s3.listObjects(bucket: "bucket") { _ in }
        }
        #expect(error?.isThrottling == true)
        #expect(server.pauses.allSatisfy { $0.isFinite && (0...60).contains($0) })
    }

    /// libcurl takes no text of more than eight million characters: the authorities would not be
    /// the ones that were named.
    @Test func optionThatLibcurlRefusesIsAnError() throws {
        let server = try AnsweringServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        var settings = HTTPSettings(environment: [:])
        settings.authoritiesFile = String(repeating: "a", count: 8_000_001)
        let request = HTTPRequest(
            method: "GET", scheme: "http", host: "127.0.0.1", port: server.port)
        let error = #expect(throws: HTTPError.self) {
            try HTTPClient(settings: settings).perform(request)
        }
        #expect(error?.message.contains("does not take CURLOPT_CAINFO") == true)
        #expect(server.connections == 0)
        settings.authoritiesFile = nil
        #expect(try HTTPClient(settings: settings).perform(request).status == 200)
    }

    @Test(arguments: [
        ("http://169.254.169.254", true), ("http://[fd00:ec2::254]", true),
        ("http://127.0.0.1:1", true), ("http://localhost:1", true), ("http://[::1]:1", true),
        ("https://metadata.example:1", true), ("http://metadata.example", false),
        ("http://10.0.0.1", false), ("http://169.254.169.254.example", false),
        ("http://169.254.170.2", false), ("http://[fd00:ec2::255]", false),
    ])
    func metadataIsAskedOverPlainHTTPOnlyWhereItBelongs(
        _ address: String, _ isAllowed: Bool
    ) throws {
        let environment = AWSEnvironment(
            variables: ["AWS_EC2_METADATA_SERVICE_ENDPOINT": address], home: "/nonexistent")
        let endpoint = try MetadataEndpoint(address, source: "test", environment: environment)
        let allow = {
            try endpoint.throwIfPlain(
                beyond: ["169.254.169.254", "[fd00:ec2::254]"],
                setting: "AWS_EC2_METADATA_SERVICE_ENDPOINT")
        }
        if isAllowed {
            try allow()
        } else {
            #expect(throws: CredentialError.self) { try allow() }
            // By the whole chain, and before anything is sent.
            let error = #expect(throws: CredentialError.self) {
                try CredentialChain(environment: environment, region: "us-east-1")
                    .credentials(now: Date())
            }
            #expect(error?.message.contains("AWS_EC2_METADATA_SERVICE_ENDPOINT") == true)
        }
    }

    @Test(arguments: [
        ("sluice-acme", "sluice-acme"), ("sluice-" + String(repeating: "a", count: 57), nil),
        ("sluice-" + String(repeating: "a", count: 63), nil), ("a b/é", nil),
    ])
    func sessionNameIsOneThatSTSTakes(_ text: String, _ same: String?) {
        let name = RoleSession.sessionName(text)
        #expect(name.wholeMatch(of: /[a-zA-Z0-9_+=,.@-]{2,64}/) != nil)
        if let same { #expect(name == same) }
        #expect(name == RoleSession.sessionName(text))
        #expect(name != RoleSession.sessionName(text + "b"))
    }
}

/// A server that gives every request the same answer, and clients of it that do not wait.
private struct AnsweringServer {
    private let proxy: HTTPFaultProxy
    private let watch = RetryTests.Stopwatch()

    init(_ answer: String) throws {
        proxy = try HTTPFaultProxy(
            to: .nowhere, faults: Array(repeating: .answerVerbatim(answer), count: 100))
    }

    var port: Int { proxy.port }
    var connections: Int { proxy.connections }
    var pauses: [Double] { watch.slept.withLock { $0 } }

    var s3: S3 {
        get throws {
            var clients = try TestClients.rclone.through(proxy)
            clients.time = watch.time()
            return try clients.s3
        }
    }
}
