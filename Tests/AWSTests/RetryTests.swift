import Foundation
import Support
import Synchronization
import Testing

@testable import AWS

@Suite struct RetryTests {
    /// A clock that stands still, and a sleep that only counts.
    final class Stopwatch: Sendable {
        let slept = Mutex<[Double]>([])
        func time(offsetSeconds: Double = 0) -> AWSTime {
            AWSTime(now: { Date().addingTimeInterval(offsetSeconds) }) { seconds in
                self.slept.withLock { $0.append(seconds) }
            }
        }
    }

    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let fault: HTTPFaultProxy.Fault
    }

    static let passing = [
        Case(testDescription: "503", fault: .answer(status: 503)),
        Case(testDescription: "SlowDown", fault: s3Error(503, "SlowDown")),
        Case(testDescription: "500", fault: s3Error(500, "InternalError")),
        Case(testDescription: "429", fault: .answer(status: 429)),
        Case(testDescription: "Throttling in a 400", fault: s3Error(400, "Throttling")),
        Case(testDescription: "RequestTimeout", fault: s3Error(400, "RequestTimeout")),
        Case(testDescription: "reset", fault: .reset),
    ]

    @Test(arguments: passing)
    func passingTroubleIsTriedAgain(_ test: Case) throws {
        let stored = try Stored([1, 2, 3])
        let proxy = try HTTPFaultProxy(to: .local(.ministack), faults: [test.fault, test.fault])
        let watch = Stopwatch()
        var clients = try TestClients.ministack.through(proxy)
        clients.time = watch.time()
        #expect(
            try clients.s3.bytes(bucket: stored.bucket, key: "k", version: stored.version)
                == [1, 2, 3])
        #expect(proxy.requests.count == 3)
        let slept = watch.slept.withLock { $0 }
        #expect(slept.count == 2 && slept[0] <= 0.2 && slept[1] <= 0.4)
    }

    static let lasting = [
        Case(testDescription: "403", fault: s3Error(403, "AccessDenied")),
        Case(testDescription: "404", fault: s3Error(404, "NoSuchKey")),
        Case(testDescription: "400", fault: s3Error(400, "InvalidArgument")),
        Case(testDescription: "redirect", fault: .answer(status: 302, headers: ["Location: /x"])),
    ]

    @Test(arguments: lasting)
    func lastingTroubleIsNot(_ test: Case) throws {
        let proxy = try HTTPFaultProxy(to: .nowhere, faults: [test.fault])
        let clients = try TestClients.rclone.through(proxy)
        #expect(throws: AWSError.self) { try clients.s3.listObjects(bucket: "b") { _ in } }
        #expect(proxy.requests.count == 1)
    }

    @Test func callIsGivenUpAfterFiveAttempts() throws {
        let proxy = try HTTPFaultProxy(
            to: .nowhere, faults: Array(repeating: .answer(status: 503), count: 9))
        let clients = try TestClients.rclone.through(proxy)
        let error = awsError { try clients.s3.listObjects(bucket: "b") { _ in } }
        #expect(error?.isThrottling == true)
        #expect(proxy.requests.count == 5)
    }

    @Test func retryAfterIsWaitedFor() throws {
        let proxy = try HTTPFaultProxy(
            to: .local(.ministack),
            faults: [.answer(status: 503, headers: ["Retry-After: 7"])])
        let watch = Stopwatch()
        var clients = try TestClients.ministack.through(proxy)
        clients.time = watch.time()
        _ = try clients.sqs.createQueue(name: uniqueName("q"))
        #expect(watch.slept.withLock { $0 } == [7])
    }

    @Test func stopEndsAPauseBetweenAttempts() throws {
        let proxy = try HTTPFaultProxy(
            to: .nowhere, faults: [.answer(status: 503, headers: ["Retry-After: 60"])])
        let watch = Stopwatch()
        var clients = try TestClients.rclone.through(proxy)
        clients.time = watch.time()
        let s3 = try clients.s3
        s3.stop = { watch.slept.withLock { $0.count } == 3 }
        let error = awsError { try s3.listObjects(bucket: "b") { _ in } }
        #expect(error?.isInterrupted == true)
        #expect(proxy.requests.count == 1)
    }

    @Test func wrongClockIsCorrectedByTheServersDate() throws {
        let right = try TestClients.rclone.s3
        let bucket = uniqueName("clock")
        try right.createBucket(bucket)
        try right.putObject(bucket: bucket, key: "k", body: .bytes([7]))
        let proxy = try HTTPFaultProxy(to: .local(.rclone), faults: [])
        var clients = try TestClients.rclone.through(proxy)
        clients.time = Stopwatch().time(offsetSeconds: -3600)
        let s3 = try clients.s3
        #expect(try s3.bytes(bucket: bucket, key: "k") == [7])
        #expect(proxy.requests.count == 3)  // HEAD refused, HEAD, GET
    }

    @Test func wrongSecretIsNotTakenForAWrongClock() throws {
        let clients = try TestClients.rclone.withWrongSecret()
        let error = awsError { try clients.s3.listObjects(bucket: "b") { _ in } }
        #expect(error?.code == "SignatureDoesNotMatch")
        #expect("\(try #require(error))".contains("Check the secret access key"))
    }

    final class Renewable: CredentialProvider {
        let renewals = Mutex(0)
        func credentials(now: Date) -> AWSCredentials {
            let number = renewals.withLock { $0 }
            return AWSCredentials(accessKeyID: "KEY\(number)", secretAccessKey: "s")
        }
        func invalidate() { renewals.withLock { $0 += 1 } }
    }

    @Test(arguments: [
        "ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId", "InvalidClientTokenId",
        "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidToken", "RequestExpired",
    ])
    func refusedKeysAreReadAgainOnce(_ code: String) throws {
        let expired = s3Error(400, code)
        let provider = Renewable()
        let proxy = try HTTPFaultProxy(to: .nowhere, faults: [expired, expired])
        var clients = try TestClients.rclone.through(proxy)
        clients.credentials = provider
        let error = awsError { try clients.s3.listObjects(bucket: "b") { _ in } }
        #expect(error?.code == code)
        #expect(provider.renewals.withLock { $0 } == 1)
        #expect(proxy.requests.map { $0.contains("Credential=KEY1") } == [false, true])
    }

    /// Keys that take on a role are refused by STS, when the session has to be renewed.
    @Test func refusedKeysOfARolesSourceAreReadAgain() throws {
        let answer = """
            <AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ROLE</AccessKeyId>\
            <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
            <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>\
            </AssumeRoleResponse>
            """
        let refusal = """
            <ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>m</Message></Error>\
            </ErrorResponse>
            """
        let sts = try HTTPFaultProxy(
            to: .nowhere,
            faults: [.answer(status: 403, body: refusal), .answer(status: 200, body: answer)])
        let source = Renewable()
        let role = AssumedRole(
            RoleSession(roleARN: "arn:aws:iam::111122223333:role/r"), source: source,
            configuration: try AWSConfiguration(environment: [
                "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": sts.endpoint,
            ]), settings: HTTPSettings(environment: [:]))
        #expect(try role.credentials(now: Date()).accessKeyID == "ROLE")
        #expect(source.renewals.withLock { $0 } == 1)
        #expect(sts.requests.map { $0.contains("Credential=KEY1") } == [false, true])
    }

    @Test func budgetRunsOutAndComesBackWithSuccess() {
        var budget = RetryBudget()
        var paid = 0
        while budget.spend(timeout: false) { paid += 1 }
        #expect(paid == 100)
        budget.succeed()
        let isBack = budget.spend(timeout: false)
        #expect(isBack)
    }
}
