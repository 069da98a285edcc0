import Testing

@testable import AWS

/// Queues as people name them, and where a call about each goes.
@Suite struct QueueAddressTests {
    struct Case: CustomTestStringConvertible {
        /// The host, and what stands before it where that is not https.
        let place: String
        /// Where a call goes and what it is signed for; nil where none is sent.
        let sent: String?
        let region: String?
        var environment: [String: String] = [:]

        var url: String {
            (place.contains("://") ? place : "https://" + place) + "/111122223333/name"
        }
        var testDescription: String { "\(place) \(environment)" }
    }

    static let cases = [
        Case(
            place: "sqs.eu-west-1.amazonaws.com", sent: "sqs.eu-west-1.amazonaws.com",
            region: "eu-west-1"),
        Case(
            place: "SQS.EU-WEST-1.AMAZONAWS.COM", sent: "sqs.eu-west-1.amazonaws.com",
            region: "eu-west-1"),
        Case(
            place: "sqs.eu-west-1.amazonaws.com", sent: "sqs.eu-west-1.amazonaws.com",
            region: "eu-west-1", environment: ["AWS_REGION": "us-east-2"]),
        Case(
            place: "queue.amazonaws.com", sent: "sqs.us-east-1.amazonaws.com", region: "us-east-1"),
        Case(
            place: "us-west-2.queue.amazonaws.com", sent: "sqs.us-west-2.amazonaws.com",
            region: "us-west-2"),
        Case(
            place: "cn-north-1.queue.amazonaws.com.cn", sent: "sqs.cn-north-1.amazonaws.com.cn",
            region: "cn-north-1"),
        Case(
            place: "sqs.cn-north-1.amazonaws.com.cn", sent: "sqs.cn-north-1.amazonaws.com.cn",
            region: "cn-north-1"),
        Case(
            place: "sqs.us-gov-west-1.amazonaws.com", sent: "sqs.us-gov-west-1.amazonaws.com",
            region: "us-gov-west-1"),
        Case(
            place: "sqs.eusc-de-east-1.amazonaws.eu", sent: "sqs.eusc-de-east-1.amazonaws.eu",
            region: "eusc-de-east-1"),
        Case(
            place: "sqs.us-iso-east-1.c2s.ic.gov", sent: "sqs.us-iso-east-1.c2s.ic.gov",
            region: "us-iso-east-1"),
        Case(
            place: "vpce-0a1-2b3.sqs.us-east-1.vpce.amazonaws.com",
            sent: "vpce-0a1-2b3.sqs.us-east-1.vpce.amazonaws.com", region: "us-east-1"),
        Case(
            place: "sqs.us-east-1.api.aws", sent: "sqs.us-east-1.api.aws", region: "us-east-1"),
        Case(
            place: "sqs-fips.us-east-1.amazonaws.com", sent: "sqs-fips.us-east-1.amazonaws.com",
            region: "us-east-1"),
        Case(
            place: "sqs.us-east-1.amazonaws.com", sent: "sqs-fips.us-east-1.amazonaws.com",
            region: "us-east-1", environment: ["AWS_USE_FIPS_ENDPOINT": "true"]),
        Case(
            place: "sqs-fips.us-east-1.amazonaws.com", sent: "sqs-fips.us-east-1.amazonaws.com",
            region: "us-east-1", environment: ["AWS_USE_FIPS_ENDPOINT": "true"]),
        Case(
            place: "sqs.us-east-1.api.aws", sent: nil, region: "us-east-1",
            environment: ["AWS_USE_FIPS_ENDPOINT": "true"]),
        Case(
            place: "vpce-0a1.sqs.us-east-1.vpce.amazonaws.com", sent: nil, region: "us-east-1",
            environment: ["AWS_USE_DUALSTACK_ENDPOINT": "true"]),
        Case(
            place: "http://127.0.0.1:4566", sent: "127.0.0.1", region: nil,
            environment: ["AWS_REGION": "us-east-1"]),
        Case(
            place: "http://localhost:4566", sent: "proxy.example", region: nil,
            environment: ["AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "https://proxy.example"]),
        Case(
            place: "sqs.eu-west-1.amazonaws.com", sent: "proxy.example", region: "eu-west-1",
            environment: ["AWS_ENDPOINT_URL_SQS": "https://proxy.example"]),
    ]

    @Test(arguments: cases) func callGoesToTheQueuesOwnRegion(_ test: Case) throws {
        #expect(QueueAddress(test.url)?.region == test.region)
        let configuration = try AWSConfiguration(environment: test.environment)
        guard let sent = test.sent else {
            let error = #expect(throws: AWSConfigurationError.self) {
                try configuration.endpoint(ofQueue: test.url)
            }
            #expect(error.map { test.environment[$0.setting] != nil } == true)
            return
        }
        let endpoint = try configuration.endpoint(ofQueue: test.url)
        #expect(endpoint.host == sent)
        #expect(endpoint.region == test.region ?? "us-east-1")
    }

    /// Names that only look like Amazon's: what is signed must not reach them.
    @Test(arguments: [
        "sqs.us-east-1.amazonaws.com.evil.example", "sqs.us-east-1.evil-amazonaws.com",
        "evil.sqs.us-east-1.amazonaws.com", "sqs.evil.amazonaws.com", "s3.us-east-1.amazonaws.com",
        "sqs.cn-north-1.amazonaws.com", "sqs.us-east-1.amazonaws.com.cn",
        "x.execute-api.us-east-1.amazonaws.com", "vpce-1.s3.us-east-1.vpce.amazonaws.com",
        "sqs.us-east-1.localhost.localstack.cloud:4566", "10.0.0.1", "amazonaws.com", "api.aws",
    ])
    func foreignHostGetsNothing(_ host: String) throws {
        let url = "https://\(host)/111122223333/name"
        let configuration = try AWSConfiguration(environment: ["AWS_REGION": "us-east-1"])
        let error = #expect(throws: AWSConfigurationError.self) {
            try configuration.endpoint(ofQueue: url)
        }
        #expect(error?.description.contains("AWS_ENDPOINT_URL_SQS") == true)
        #expect(throws: QueueAddress.Misnamed.self) {
            try QueueAddress(text: url, isElsewhere: false)
        }
        #expect(try QueueAddress(text: url, isElsewhere: true).url == url)
    }

    @Test(arguments: [
        (
            "arn:aws:sqs:us-east-1:111122223333:name",
            "https://sqs.us-east-1.amazonaws.com/111122223333/name"
        ),
        (
            "arn:aws-cn:sqs:cn-north-1:111122223333:a.fifo",
            "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/a.fifo"
        ),
        (
            "arn:aws-eusc:sqs:eusc-de-east-1:111122223333:a_-1",
            "https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/a_-1"
        ),
        (
            "https://us-east-1.console.aws.amazon.com/sqs/v3/home?region=us-east-1#/queues/"
                + "https%3A%2F%2Fsqs.us-east-1.amazonaws.com%2F111122223333%2Fname",
            "https://sqs.us-east-1.amazonaws.com/111122223333/name"
        ),
        (
            "http://127.0.0.1:4566/000000000000/name", "http://127.0.0.1:4566/000000000000/name"
        ),
    ])
    func queueIsUnderstoodWhereItHasOneMeaning(_ text: String, _ url: String) throws {
        #expect(try QueueAddress(text: text, isElsewhere: false).url == url)
    }

    @Test(arguments: [
        "name", "111122223333/name", "arn:aws:sns:us-east-1:111122223333:topic",
        "arn:aws:sqs:us-east-1:111122223333", "arn:aws:sqs::111122223333:name",
        "arn:aws:sqs:cn-north-1:111122223333:name", "arn:aws:sqs:us-east-1:1:name",
        "https://sqs.us-east-1.amazonaws.com/", "https://sqs.us-east-1.amazonaws.com/1111/name",
        "https://sqs.us-east-1.amazonaws.com/111122223333/a b", "",
        "https://user:word@sqs.us-east-1.amazonaws.com/111122223333/name",
        "https://sqs.us-east-1.amazonaws.com/111122223333/name?Action=SendMessage",
        "https://us-east-1.console.aws.amazon.com/sqs/v3/home?region=us-east-1#/queues",
        "ftp://sqs.us-east-1.amazonaws.com/111122223333/name",
    ])
    func whatIsNoQueueIsRefusedWithTheRightForm(_ text: String) {
        let error = #expect(throws: QueueAddress.Misnamed.self) {
            try QueueAddress(text: text, isElsewhere: true)
        }
        #expect(error?.description.contains("https://sqs.us-east-1.amazonaws.com/") == true)
    }

    @Test func deadLettersAreAtTheSameHost() throws {
        let queue = try #require(
            QueueAddress("https://vpce-1.sqs.us-east-1.vpce.amazonaws.com/111122223333/name"))
        #expect(
            queue.sibling(named: "dead")
                == "https://vpce-1.sqs.us-east-1.vpce.amazonaws.com/111122223333/dead")
        #expect(queue.arn == "arn:aws:sqs:us-east-1:111122223333:name")
    }
}
