import Foundation
import Support
import Testing

/// A seller's queue, a worker, and a Marketplace that answers GetEntitlements.
final class EventDesk {
    let cloud: SimulatedCloud
    let market: LocalMarketplace
    let product = "product-\(UInt64.random(in: 0...UInt64.max))"

    init(receiveCountMax: Int = 50, market: LocalMarketplace? = nil) throws {
        cloud = try SimulatedCloud(.none, receiveCountMax: receiveCountMax)
        self.market = try market ?? .shared
    }

    var database: ScratchDatabase { cloud.database }

    var environment: [String: String] {
        market.environment().merging(["SLUICE_RETRY_SECONDS": "1"]) { $1 }
    }

    /// What is held of the product from now on.
    func grant(_ entitlements: [[String: Any]], of product: String? = nil) throws {
        try market.control(
            "entitlements", ["products": [product ?? self.product: ["entitlements": entitlements]]])
    }

    func entitlement(
        _ customer: Int, _ dimension: String = "seats", _ value: Int, license: String? = nil
    ) -> [String: Any] {
        [
            "ProductCode": product, "CustomerIdentifier": "X0\(customer)",
            "CustomerAWSAccountId": "00000000000\(customer)", "Dimension": dimension,
            "LicenseArn": Self.arn(license ?? "l-\(customer)"), "Value": ["IntegerValue": value],
            "ExpirationDate": 4_102_444_800,
        ]
    }

    static func arn(_ license: String) -> String {
        "arn:aws:license-manager::294406891311:license:\(license)"
    }

    func notice(_ customer: Int) -> String {
        #"{"action":"entitlement-updated","customer-identifier":"X0\#(customer)","#
            + #""product-code":"\#(product)"}"#
    }

    func licenseEvent(
        _ change: String, _ license: String, customer: Int = 1, at time: Date = Date()
    ) throws -> String {
        let event: [String: Any] = [
            "version": "0", "id": UUID().uuidString, "source": "aws.agreement-marketplace",
            "detail-type": "License \(change) - Manufacturer",
            "time": time.ISO8601Format(),
            "detail": [
                "product": ["code": product], "license": ["arn": Self.arn(license)],
                "acceptor": ["accountId": "00000000000\(customer)"],
            ],
        ]
        return String(decoding: try JSONSerialization.data(withJSONObject: event), as: UTF8.self)
    }

    @discardableResult
    func drain(_ more: [String: String] = [:]) throws -> Finished {
        try cloud.drain(environment.merging(more) { $1 })
    }

    /// Runs the program; `says` is what it prints.
    func run(_ arguments: [String]) throws -> Finished {
        try Program().run(
            arguments + ["--database", database.conninfo],
            environment: cloud.aws.environment().merging(environment) { $1 })
    }

    /// What is held, as `customer dimension value`, sorted.
    func held() throws -> [String] {
        try database.psql(
            """
            select customer_identifier || ' ' || dimension || ' ' || integer_value
            from event.entitlement where valid_to = 'infinity' order by 1
            """
        ).split(separator: "\n").map(String.init)
    }

    /// What AWS was asked about the product: filters, one call a line.
    func questions() throws -> [String] {
        try market.read("calls").compactMap { call in
            guard let parameters = call["parameters"] as? [String: Any],
                parameters["ProductCode"] as? String == product
            else { return nil }
            let filters = parameters["Filter"] as? [String: [String]] ?? [:]
            return filters.map { "\($0.key)=\($0.value.joined(separator: ","))" }.sorted()
                .joined(separator: " ")
        }
    }
}
