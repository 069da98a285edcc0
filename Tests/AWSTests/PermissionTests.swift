import Foundation
import Support
import Testing

@testable import AWS

/// A user of the emulator that checks permissions: it may do all but what the tests want denied.
enum RestrictedUser {
    /// Its keys.
    static let credentials = Result {
        let policy = """
            {"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","Action":"*","Resource":"*"},
            {"Effect":"Deny","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::*/secret"},
            {"Effect":"Deny","Action":["sqs:DeleteMessage*"],"Resource":"*"}]}
            """
        let client = try TestClients(.moto).aws
        _ = try call(client, "CreateUser", [])
        _ = try call(
            client, "PutUserPolicy", [("PolicyName", "p"), ("PolicyDocument", policy)])
        let key = try call(client, "CreateAccessKey", [])["CreateAccessKeyResult"]?["AccessKey"]
        return AWSCredentials(
            accessKeyID: try #require(key?["AccessKeyId"]?.text),
            secretAccessKey: try #require(key?["SecretAccessKey"]?.text))
    }

    static var clients: TestClients {
        get throws {
            var clients = try TestClients(.moto)
            clients.credentials = FixedCredentials(try credentials.get())
            return clients
        }
    }

    private static func call(
        _ client: AWSClient, _ action: String, _ fields: [(String, String)]
    ) throws -> XMLElementNode {
        let all = [("Action", action), ("Version", "2010-05-08"), ("UserName", "u")] + fields
        let form = all.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        var request = HTTPRequest(
            method: "POST", scheme: "http", host: "127.0.0.1",
            port: try LocalAWS.shared(.moto).port, body: .bytes(Array(form.utf8)))
        request.setHeader("Content-Type", "application/x-www-form-urlencoded")
        let iam = AWSService(id: "IAM", hostPrefix: "iam")
        let response = try client.perform(
            AWSCall(iam, action, resource: "", region: "us-east-1", request: request))
        return try #require(XMLElementNode(parsing: response.body))
    }
}

@Suite struct PermissionTests {
    @Test func deniedObjectNamesThePermissionThatIsMissing() throws {
        let s3 = try RestrictedUser.clients.s3
        let bucket = uniqueName("denied")
        try s3.createBucket(bucket)
        try s3.putObject(bucket: bucket, key: "open", body: .bytes([1]))
        try s3.putObject(bucket: bucket, key: "secret", body: .bytes([1]))
        #expect(try s3.bytes(bucket: bucket, key: "open") == [1])
        let error = awsError { _ = try s3.headObject(bucket: bucket, key: "secret") }
        #expect(error?.isAccessDenied == true && error?.httpStatus == 403)
        #expect("\(try #require(error))".contains("Allow s3:GetObject"))
        #expect("\(try #require(error))".hasPrefix("s3://\(bucket)/secret: "))
    }

    @Test func signedQueueCallsAreAcceptedAndDeniedOnesSaySo() throws {
        let sqs = try RestrictedUser.clients.sqs
        let queue = try sqs.createQueue(name: uniqueName("denied"))
        _ = try sqs.sendMessages(queueURL: queue, bodies: ["a"])
        let received = try sqs.receiveMessages(queueURL: queue, waitSeconds: 0)
        #expect(received.map(\.body) == ["a"])
        let error = awsError {
            _ = try sqs.deleteMessages(
                queueURL: queue, receiptHandles: received.map(\.receiptHandle))
        }
        #expect(error?.isAccessDenied == true)
        #expect("\(try #require(error))".contains("Allow sqs:DeleteMessage"))
    }

    @Test func wrongSecretIsNamed() throws {
        let s3 = try RestrictedUser.clients.withWrongSecret().s3
        let error = awsError { try s3.listObjects(bucket: "any") { _ in } }
        #expect(error?.code == "SignatureDoesNotMatch")
    }
}
