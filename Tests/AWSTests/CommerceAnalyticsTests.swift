import Foundation
import Support
import Testing

@testable import AWS

@Suite struct CommerceAnalyticsTests {
    private let clients: TestClients
    private let market: LocalMarketplace
    // What limits a fault, and a look at the calls, to one test.
    private let bucket = uniqueName("cas")

    init() throws {
        market = try .shared
        clients = try .marketplace
    }

    private var delivery: DataSetDelivery {
        DataSetDelivery(
            roleARN: "arn:aws:iam::111122223333:role/MarketplaceCommerceAnalyticsRole",
            bucket: bucket, prefix: "cas/é b", topicARN: "arn:aws:sns:us-east-1:111122223333:t",
            tags: ["sluice": "17", "with space": "é"])
    }

    private func generate(_ clients: TestClients? = nil, type: String = "daily_business_fees")
        throws -> String
    {
        let day = Date(timeIntervalSince1970: 1_789_430_400)  // 2026-09-15
        return try CommerceAnalytics(client: (clients ?? self.clients).aws)
            .generateDataSet(type, publicationDate: day, to: delivery)
    }

    private var calls: [[String: Any]] {
        get throws {
            try market.read("calls").filter {
                ($0["parameters"] as? [String: Any])?["destinationS3BucketName"] as? String
                    == bucket
            }
        }
    }

    private func fault(_ kind: String, times: Int = 1, _ more: [String: Any] = [:]) throws {
        let wish: [String: Any] = ["fault": kind, "times": times, "subject": bucket]
        try market.control("faults", wish.merging(more) { $1 })
    }

    @Test func requestIsWhatTheModelAsksForAndAnswersAnID() throws {
        let id = try generate()
        #expect(UUID(uuidString: id) != nil)
        let parameters = try #require(try calls.first?["parameters"] as? [String: Any])
        #expect(parameters["dataSetType"] as? String == "daily_business_fees")
        #expect(parameters["dataSetPublicationDate"] as? Int == 1_789_430_400)
        #expect(parameters["destinationS3Prefix"] as? String == "cas/é b")
        #expect(
            parameters["customerDefinedValues"] as? [String: String]
                == ["sluice": "17", "with space": "é"])
    }

    @Test func whatIsNotSaidIsLeftOut() throws {
        let bare = DataSetDelivery(roleARN: "r", bucket: bucket, topicARN: "t")
        _ = try CommerceAnalytics(client: clients.aws)
            .generateDataSet("daily_business_fees", publicationDate: Date(), to: bare)
        let parameters = try #require(try calls.first?["parameters"] as? [String: Any])
        #expect(parameters["destinationS3Prefix"] == nil)
        #expect(parameters["customerDefinedValues"] == nil)
    }

    @Test func supportExportHasADateToStartFrom() throws {
        let start = Date(timeIntervalSince1970: 1_600_000_000.75)
        let id = try CommerceAnalytics(client: clients.aws).startSupportDataExport(
            "customer_support_contacts_data", from: start, to: delivery)
        #expect(UUID(uuidString: id) != nil)
        let call = try #require(try calls.first)
        #expect(call["operation"] as? String == "StartSupportDataExport")
        #expect((call["parameters"] as? [String: Any])?["fromDate"] as? Int == 1_600_000_000)
    }

    @Test func sellersRegionDoesNotMatter() throws {
        var elsewhere = clients
        elsewhere.region = "eu-central-1"
        #expect(throws: Never.self) { try generate(elsewhere) }
    }

    @Test func wrongSecretIsRefused() throws {
        let error = awsError { _ = try generate(clients.withWrongSecret()) }
        #expect(error?.code == "InvalidSignatureException")
    }

    struct Passing: CustomTestStringConvertible {
        let testDescription: String
        let calls: Int
        var more: [String: String] = [:]
        init(_ fault: String, calls: Int) { (testDescription, self.calls) = (fault, calls) }
    }

    @Test(
        arguments: [
            Passing("throttle", calls: 3), Passing("error", calls: 3),
            Passing("unavailable", calls: 3), Passing("drop-answer", calls: 3),
        ])
    func passingTroubleIsTriedAgain(_ test: Passing) throws {
        try fault(test.testDescription, times: 2)
        #expect(UUID(uuidString: try generate()) != nil)
        #expect(try calls.count == test.calls)
    }

    struct Lasting: CustomTestStringConvertible {
        let testDescription: String
        let code: String
        let says: String
        let holds: @Sendable (AWSError) -> Bool
    }

    @Test(
        arguments: [
            Lasting(
                testDescription: "denied", code: "AccessDeniedException",
                says: "Allow marketplacecommerceanalytics:GenerateDataSet", holds: \.isAccessDenied),
            Lasting(
                testDescription: "invalid", code: "ValidationException", says: "not as it must",
                holds: \.isInvalid),
            Lasting(
                testDescription: "malformed", code: "InvalidResponse",
                says: "daily_business_fees: GenerateDataSet", holds: { !$0.isTransient }),
            Lasting(
                testDescription: "empty", code: "InvalidResponse", says: "dataSetRequestId",
                holds: { !$0.isTransient }),
        ])
    func lastingTroubleIsNot(_ test: Lasting) throws {
        try fault(test.testDescription)
        let error = try #require(awsError { _ = try generate() })
        #expect(error.code == test.code && test.holds(error))
        #expect("\(error)".contains(test.says))
        #expect(try calls.count == 1)
    }

    @Test func throttlingThatLastsIsToldAsSuch() throws {
        try fault("throttle", times: 100)
        let error = try #require(awsError { _ = try generate() })
        #expect(error.isThrottling && error.code == "ThrottlingException")
        #expect(try calls.count == clients.policy.attemptsMax)
    }

    @Test func silenceEndsWithATimeout() throws {
        try fault("timeout", times: 1, ["seconds": 60])
        var impatient = clients
        impatient.settings.stallSeconds = 1
        impatient.policy.attemptsMax = 1
        let error = try #require(awsError { _ = try generate(impatient) })
        #expect(error.curlCode == 28 && error.isTransient)
    }

    @Test func unknownDataSetIsRefusedByTheModel() throws {
        let error = try #require(awsError { _ = try generate(type: "no_such_data_set") })
        #expect(error.isInvalid && error.message.contains("no_such_data_set"))
    }
}
