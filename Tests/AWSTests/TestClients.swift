import Foundation
import Support

@testable import AWS

/// Clients of the emulators, with one call to change what a test is about.
struct TestClients {
    var port: Int
    var scheme = "http"
    var host = "127.0.0.1"
    var region = "us-east-1"
    var credentials: any CredentialProvider
    var settings = HTTPSettings(environment: [:])
    var policy = RetryPolicy()
    var time = AWSTime(now: { Date() }, sleep: { _ in })

    private init(port: Int, credentials: any CredentialProvider) {
        self.port = port
        self.credentials = credentials
    }

    /// Clients of an emulator, with the right key.
    init(_ kind: LocalAWS.Kind) throws {
        let aws = try LocalAWS.shared(kind)
        port = aws.port
        credentials = FixedCredentials(
            AWSCredentials(accessKeyID: aws.accessKey, secretAccessKey: aws.secretKey))
    }

    /// Clients of AWS Marketplace's own services, with the right key.
    static var marketplace: TestClients {
        get throws {
            let market = try LocalMarketplace.shared
            return TestClients(
                port: market.port,
                credentials: FixedCredentials(
                    AWSCredentials(
                        accessKeyID: market.accessKey, secretAccessKey: market.secretKey)))
        }
    }

    static var ministack: TestClients { get throws { try TestClients(.ministack) } }
    static var rclone: TestClients { get throws { try TestClients(.rclone) } }

    /// The same with another secret, which is wrong.
    func withWrongSecret() throws -> TestClients {
        var clients = self
        clients.credentials = FixedCredentials(
            AWSCredentials(
                accessKeyID: try credentials.credentials(now: Date()).accessKeyID,
                secretAccessKey: "wrong"))
        return clients
    }

    /// The same, through another port.
    func through(_ proxy: HTTPFaultProxy) -> TestClients {
        var clients = self
        clients.port = proxy.port
        return clients
    }

    var aws: AWSClient {
        get throws {
            let configuration = try AWSConfiguration(environment: [
                "AWS_REGION": region, "AWS_ENDPOINT_URL": "\(scheme)://\(host):\(port)",
            ])
            return AWSClient(
                configuration: configuration, credentials: credentials,
                http: HTTPClient(settings: settings), policy: policy, time: time)
        }
    }

    var s3: S3 { get throws { S3(client: try aws) } }
    var sqs: SQS { get throws { SQS(client: try aws) } }
    var sns: SNS { get throws { SNS(client: try aws) } }
}

extension Endpoint {
    /// An emulator.
    static func local(_ kind: LocalAWS.Kind) throws -> Endpoint {
        .tcp(port: try LocalAWS.shared(kind).port)
    }

    /// Where no server is, for a proxy that answers everything itself.
    static var nowhere: Endpoint { .tcp(port: 9) }
}

/// A name that no other test uses.
func uniqueName(_ word: String) -> String {
    "\(word)-\(UInt64.random(in: 0...UInt64.max))"
}

/// Bytes that repeat after no short while, so that a slip of any length shows.
func patternBytes(_ count: Int) -> [UInt8] {
    var state: UInt32 = 1
    return (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(state >> 24)
    }
}

extension S3 {
    /// The whole object, for tests that compare.
    func bytes(bucket: String, key: String, version: S3Object? = nil) throws -> [UInt8] {
        let version = try version ?? headObject(bucket: bucket, key: key)
        var bytes: [UInt8] = []
        try getObject(bucket: bucket, key: key, version: version) { chunk in
            chunk.withUnsafeBytes { bytes += $0 }
        }
        return bytes
    }
}
