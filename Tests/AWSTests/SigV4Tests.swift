import Foundation
import Testing

@testable import AWS

/// A worked example of AWS's documentation: a request and the whole header it must get.
struct SigV4Example: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let request: HTTPRequest
    let payload: SigV4.Payload
    let service: String
    let date: String
    let secret: String
    let authorization: String
}

/// "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)", Amazon S3
/// API Reference, all four examples; and ListUsers of "Examples of the complete Signature Version
/// 4 signing process".
@Suite struct SigV4Tests {
    static let key = "AKIAIOSFODNN7EXAMPLE"

    static let examples: [SigV4Example] = [
        s3(
            "S3 GET Object", get("/test.txt", headers: [("Range", "bytes=0-9")]),
            signs: "host;range;x-amz-content-sha256;x-amz-date",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        s3(
            "S3 PUT Object",
            put(
                "/test%24file.text",
                headers: [
                    ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                    ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
                ]),
            payload: .body(Array("Welcome to Amazon S3.".utf8)),
            signs: "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        s3(
            "S3 GET Bucket Lifecycle", get("/", query: [("lifecycle", "")]),
            signs: "host;x-amz-content-sha256;x-amz-date",
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        s3(
            "S3 Get Bucket (List Objects)",
            get("/", query: [("max-keys", "2"), ("prefix", "J")]),
            signs: "host;x-amz-content-sha256;x-amz-date",
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
        SigV4Example(
            testDescription: "IAM ListUsers",
            request: {
                var request = HTTPRequest(method: "GET", host: "iam.amazonaws.com")
                request.query = [("Action", "ListUsers"), ("Version", "2010-05-08")]
                request.headers = [
                    ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                ]
                return request
            }(), payload: .empty, service: "iam", date: "2015-08-30T12:36:00Z",
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            authorization: "AWS4-HMAC-SHA256 "
                + "Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                + "SignedHeaders=content-type;host;x-amz-date, Signature="
                + "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"),
    ]

    @Test(arguments: examples) func publishedExample(_ example: SigV4Example) throws {
        let credentials = AWSCredentials(
            accessKeyID: example.service == "iam" ? "AKIDEXAMPLE" : Self.key,
            secretAccessKey: example.secret)
        let signed = SigV4(
            credentials: credentials, region: "us-east-1", service: example.service
        ).sign(
            example.request, payload: example.payload, date: try #require(instant(example.date)))
        #expect(signed.header("Authorization") == example.authorization)
    }

    @Test func signingTwiceReplacesTheFirstSignature() throws {
        let signer = SigV4(
            credentials: AWSCredentials(
                accessKeyID: Self.key, secretAccessKey: "s", sessionToken: "t"),
            region: "eu-west-1", service: "s3")
        let date = try #require(instant("2026-03-01T00:00:00Z"))
        let once = signer.sign(Self.get("/k"), payload: .unsigned, date: date)
        let twice = signer.sign(once, payload: .unsigned, date: date)
        #expect(once.headers.map(\.name) == twice.headers.map(\.name))
        #expect(once.header("Authorization") == twice.header("Authorization"))
        #expect(once.header("x-amz-content-sha256") == "UNSIGNED-PAYLOAD")
        #expect(once.header("x-amz-security-token") == "t")
    }

    @Test func fractionOfASecondIsDropped() {
        let date = Date(timeIntervalSince1970: 1_440_938_160.999)
        let signed = SigV4(
            credentials: AWSCredentials(accessKeyID: "k", secretAccessKey: "s"),
            region: "us-east-1", service: "sts"
        ).sign(Self.get("/"), payload: .empty, date: date)
        #expect(signed.header("X-Amz-Date") == "20150830T123600Z")
    }

    static func s3(
        _ name: String, _ request: HTTPRequest, payload: SigV4.Payload = .empty, signs: String,
        _ signature: String
    ) -> SigV4Example {
        SigV4Example(
            testDescription: name, request: request, payload: payload, service: "s3",
            date: "2013-05-24T00:00:00Z", secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            authorization: "AWS4-HMAC-SHA256 Credential=\(key)/20130524/us-east-1/s3/aws4_request, "
                + "SignedHeaders=\(signs), Signature=\(signature)")
    }

    static func get(
        _ path: String, query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = []
    ) -> HTTPRequest {
        var request = HTTPRequest(
            method: "GET", host: "examplebucket.s3.amazonaws.com", path: path)
        request.query = query
        request.headers = headers
        return request
    }

    static func put(_ path: String, headers: [(name: String, value: String)]) -> HTTPRequest {
        var request = get(path, headers: headers)
        request.method = "PUT"
        return request
    }
}
