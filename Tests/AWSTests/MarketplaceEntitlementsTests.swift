import Foundation
import Support
import Testing

@testable import AWS

@Suite struct MarketplaceEntitlementsTests {
    private let market: LocalMarketplace
    private let clients: TestClients
    private let product = uniqueName("product")

    init() throws {
        market = try .shared
        clients = try .marketplace
    }

    private var service: MarketplaceEntitlements {
        get throws { MarketplaceEntitlements(client: try clients.aws) }
    }

    private func sell(_ entitlements: [[String: Any]], account: String? = nil) throws {
        let document: [String: Any] = [
            "entitlements": entitlements, "account": account ?? market.account,
        ]
        try market.control("entitlements", ["products": [product: document]])
    }

    private func entitlement(_ number: Int) -> [String: Any] {
        [
            "ProductCode": product, "CustomerIdentifier": "customer-\(number % 4)",
            "CustomerAWSAccountId": "00000000000\(number % 4)", "Dimension": "seats-\(number % 3)",
            "LicenseArn": "arn:aws:license-manager::1:license:l-\(number)",
            "Value": ["IntegerValue": number], "ExpirationDate": 1_789_430_400 + number,
        ]
    }

    private func all(_ filters: [EntitlementFilter: [String]] = [:]) throws -> [Entitlement] {
        var all: [Entitlement] = []
        try service.pages(productCode: product, filters: filters) { all += $0 }
        return all
    }

    private var calls: [[String: Any]] {
        get throws {
            try market.read("calls").filter {
                ($0["parameters"] as? [String: Any])?["ProductCode"] as? String == product
            }
        }
    }

    struct Value: CustomTestStringConvertible {
        let testDescription: String
        let json: String
        let value: EntitlementValue?
    }

    @Test(
        arguments: [
            Value(testDescription: "integer", json: #"{"IntegerValue":7}"#, value: .integer(7)),
            Value(testDescription: "none", json: #"{"IntegerValue":0}"#, value: .integer(0)),
            Value(testDescription: "double", json: #"{"DoubleValue":0.1}"#, value: .double(0.1)),
            Value(testDescription: "no", json: #"{"BooleanValue":false}"#, value: .boolean(false)),
            Value(testDescription: "text", json: #"{"StringValue":""}"#, value: .string("")),
            Value(testDescription: "unset", json: "{}", value: nil),
        ])
    func eachKindOfValueIsRead(_ test: Value) throws {
        var wanted = entitlement(1)
        wanted["Value"] = try JSONSerialization.jsonObject(with: Data(test.json.utf8))
        try sell([wanted])
        #expect(try all().map(\.value) == [test.value])
    }

    @Test func everyMemberIsReadAndMayBeMissing() throws {
        var dated = entitlement(1)
        dated["ExpirationDate"] = 1_789_430_400.25
        try sell([dated, ["ProductCode": product]])
        let found = try all()
        let expected = Entitlement(
            productCode: product, dimension: "seats-1", customerIdentifier: "customer-1",
            customerAccountID: "000000000001",
            licenseARN: "arn:aws:license-manager::1:license:l-1", value: .integer(1),
            expiration: Date(timeIntervalSince1970: 1_789_430_400.25))
        #expect(found.first == expected)
        #expect(found.last?.dimension == nil && found.last?.expiration == nil)
    }

    @Test(arguments: [0, 1, 24, 25, 26, 50, 51, 130])
    func allPagesAreRead(count: Int) throws {
        try sell((0..<count).map(entitlement))
        #expect(try all().map(\.value) == (0..<count).map { .integer(Int64($0)) })
        #expect(try calls.count == max(1, (count + 24) / 25))
        let first = try calls.first?["parameters"] as? [String: Any]
        #expect(first?["MaxResults"] as? Int == 25 && first?["NextToken"] == nil)
    }

    @Test func emptyPageWithATokenIsNotTheLast() throws {
        let own = try LocalMarketplace()
        try own.control(
            "entitlements",
            [
                "products": [product: ["entitlements": (0..<30).map(entitlement)]],
                "page_size": 10, "empty_pages": 2,
            ])
        var elsewhere = clients
        elsewhere.port = own.port
        var sizes: [Int] = []
        let pages = try MarketplaceEntitlements(client: elsewhere.aws)
            .pages(productCode: product) { sizes.append($0.count) }
        #expect(pages == 9 && sizes == [0, 0, 10, 0, 0, 10, 0, 0, 10])
    }

    @Test func circleOfTokensIsAnError() throws {
        let page = #"{"Entitlements":[],"NextToken":"again"}"#
        let proxy = try HTTPFaultProxy(
            to: .nowhere,
            faults: [.answer(status: 200, body: page), .answer(status: 200, body: page)])
        let error = awsError {
            try MarketplaceEntitlements(client: clients.through(proxy).aws)
                .pages(productCode: product) { _ in }
        }
        #expect(error?.code == "InvalidResponse" && proxy.requests.count == 2)
    }

    struct Filtered: CustomTestStringConvertible {
        let testDescription: String
        let filters: [EntitlementFilter: [String]]
        let expected: [Int64]
    }

    @Test(
        arguments: [
            Filtered(
                testDescription: "customer", filters: [.customerIdentifier: ["customer-1"]],
                expected: [1, 5, 9]),
            Filtered(
                testDescription: "one of two", filters: [.dimension: ["seats-0", "seats-1"]],
                expected: [0, 1, 3, 4, 6, 7, 9, 10]),
            Filtered(
                testDescription: "both filters",
                filters: [.customerAccountID: ["000000000001"], .dimension: ["seats-0"]],
                expected: [9]),
            Filtered(
                testDescription: "licence",
                filters: [.licenseARN: ["arn:aws:license-manager::1:license:l-3"]], expected: [3]),
        ])
    func filtersNarrow(_ test: Filtered) throws {
        try sell((0..<12).map(entitlement))
        #expect(try all(test.filters).map(\.value) == test.expected.map { .integer($0) })
    }

    @Test func filtersThatExcludeEachOtherAreRefused() throws {
        try sell([])
        let error = awsError {
            _ = try all([.customerAccountID: ["1"], .customerIdentifier: ["c"]])
        }
        #expect(error?.code == "InvalidParameterException" && error?.isInvalid == true)
    }

    @Test func unknownProductIsNotTriedAgain() throws {
        let error = try #require(awsError { _ = try all() })
        #expect(error.code == "InvalidParameterException" && error.isInvalid)
        #expect(!error.isTransient && error.message.contains(product))
        #expect(try calls.count == 1)
    }

    @Test func productOfAnotherSellerIsUnknown() throws {
        try sell([entitlement(1)], account: "999988887777")
        #expect(awsError { _ = try all() }?.isInvalid == true)
    }

    @Test(arguments: ["throttle", "error", "unavailable", "drop-answer"])
    func passingTroubleIsTriedAgain(fault: String) throws {
        try sell((0..<30).map(entitlement))
        try market.control("faults", ["fault": fault, "times": 2, "subject": product])
        #expect(try all().count == 30)
        #expect(try calls.count == 4)
    }

    @Test func accessDeniedNamesThePermission() throws {
        try market.control("faults", ["fault": "denied", "subject": product])
        let error = try #require(awsError { _ = try all() })
        #expect(error.isAccessDenied && "\(error)".contains("aws-marketplace:GetEntitlements"))
    }
}
