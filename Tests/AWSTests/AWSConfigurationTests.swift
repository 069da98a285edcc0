import Testing

@testable import AWS

@Suite struct AWSConfigurationTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        var environment: [String: String] = [:]
        var profile: [String: String] = [:]
        let url: String
    }

    static let endpoints = [
        Case(
            testDescription: "Amazon's own", environment: ["AWS_REGION": "eu-west-1"],
            url: "https://sqs.eu-west-1.amazonaws.com/"),
        Case(
            testDescription: "China", environment: ["AWS_DEFAULT_REGION": "cn-north-1"],
            url: "https://sqs.cn-north-1.amazonaws.com.cn/"),
        Case(
            testDescription: "for all services",
            environment: ["AWS_REGION": "r", "AWS_ENDPOINT_URL": "http://127.0.0.1:4566/"],
            url: "http://127.0.0.1:4566/"),
        Case(
            testDescription: "one service before all",
            environment: [
                "AWS_REGION": "r", "AWS_ENDPOINT_URL": "http://localhost:1",
                "AWS_ENDPOINT_URL_SQS": "https://proxy.example/aws",
            ], url: "https://proxy.example/aws/"),
        Case(
            testDescription: "profile",
            profile: ["region": "r", "endpoint_url": "http://[::1]:8080"],
            url: "http://[::1]:8080/"),
    ]

    @Test(arguments: endpoints)
    func endpointIsWhereTheSettingsSay(_ test: Case) throws {
        let configuration = try AWSConfiguration(
            environment: test.environment, profile: test.profile)
        let endpoint = try configuration.endpoint(of: .sqs)
        let request = HTTPRequest(
            method: "POST", scheme: endpoint.scheme, host: endpoint.host, port: endpoint.port,
            path: endpoint.path + "/")
        #expect(request.url == test.url)
    }

    @Test(
        arguments: [
            "http://example.com", "http://10.0.0.1:9000", "http://127.0.0.1.example.com",
            "http://128.0.0.1", "http://localhost.example", "ftp://localhost", "localhost:4566",
            "https://user:word@example.com", "", "https://",
        ].filter { !$0.isEmpty })
    func endpointThatWouldLeakIsRefused(_ url: String) {
        #expect(throws: AWSConfigurationError.self) {
            try AWSConfiguration(environment: ["AWS_REGION": "r", "AWS_ENDPOINT_URL": url])
        }
    }

    @Test func passwordInAnAddressIsNotRepeated() {
        let url = "https://user:word@example.com"
        do {
            _ = try AWSEndpoint(url: url, setting: "AWS_ENDPOINT_URL")
            Issue.record("accepted")
        } catch {
            #expect(!"\(error)".contains("word"))
        }
    }

    @Test func regionThatWouldLeadElsewhereIsRefused() {
        #expect(throws: AWSConfigurationError.self) {
            try AWSConfiguration(region: "evil.example/", environment: [:])
        }
    }

    @Test func missingRegionIsSaid() throws {
        let configuration = try AWSConfiguration(environment: [:])
        #expect(configuration.region == nil)
        let error = #expect(throws: AWSConfigurationError.self) {
            try configuration.endpoint(of: .sqs)
        }
        #expect(error?.description == "AWS_REGION: no region is set; set it, as in us-east-1")
    }

    @Test(arguments: [
        ("bucket", "https://bucket.s3.us-east-1.amazonaws.com/a%2Bb/%2E"),
        ("with.dots", "https://s3.us-east-1.amazonaws.com/with.dots/a%2Bb/%2E"),
        ("evil/", "https://s3.us-east-1.amazonaws.com/evil%2F/a%2Bb/%2E"),
    ])
    func bucketIsAHostUnlessItsNameHasDots(_ bucket: String, _ url: String) throws {
        let configuration = try AWSConfiguration(region: "us-east-1", environment: [:])
        let credentials = AWSCredentials(accessKeyID: "a", secretAccessKey: "b")
        let client = AWSClient(
            configuration: configuration, credentials: FixedCredentials(credentials))
        let request = try S3(client: client)
            .request("GET", bucket, "a+b/.", "us-east-1", owner: nil)
        #expect(request.url == url.replacing("%2E", with: "."))
    }
}
