import Foundation

@testable import AWS

/// Clients of the emulators, with one call to change what a test is about.
struct TestClients {
    var port: UInt16
    var scheme = "http"
    var host = "127.0.0.1"
    var region = "us-east-1"
    var credentials: any CredentialProvider = FixedCredentials(
        AWSCredentials(accessKeyID: "test", secretAccessKey: "test"))
    var settings = HTTPSettings(environment: [:])
    var policy = RetryPolicy()
    var time = AWSTime(now: { Date() }, sleep: { _ in })

    init(_ port: UInt16) { self.port = port }

    /// A client of ministack.
    static var ministack: TestClients { TestClients(Emulator.ministack.port) }

    /// A client of rclone, with the right key.
    static var rclone: TestClients {
        var clients = TestClients(Emulator.rclone.port)
        clients.credentials = FixedCredentials(
            AWSCredentials(
                accessKeyID: Emulator.rcloneKey, secretAccessKey: Emulator.rcloneSecret))
        return clients
    }

    /// The same, through another port.
    func through(_ proxy: FaultProxy) -> TestClients {
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
