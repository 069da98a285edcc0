import Foundation
import Support
import Testing

@testable import AWS

/// Every service in every partition, with every setting that AWS documents: host, path, region and
/// signing name must be botocore's, and what botocore refuses is refused.
@Suite struct EndpointDifferentialTests {
    struct Case: Encodable {
        var service: String
        var environment: [String: String] = [:]
        var config = ""
        var bucket = "bucket-one"

        /// A kind of host is asked for, and another host is configured.
        var asksInVain: Bool {
            environment["AWS_ENDPOINT_URL"] != nil
                && environment.contains {
                    $0.key.hasPrefix("AWS_USE_") && $0.value.lowercased() == "true"
                }
        }
    }

    struct Answer: Decodable, Equatable, CustomStringConvertible {
        var url: String?
        var region: String?
        var name: String?
        var error: String?

        var description: String { error ?? "\(url ?? "") as \(region ?? "")/\(name ?? "")" }
    }

    static let services: [(name: String, service: AWSService)] = [
        ("s3", .s3), ("sqs", .sqs), ("sns", .sns), ("sts", .sts),
        ("marketplacecommerceanalytics", .commerceAnalytics),
        ("marketplace-entitlement", .marketplaceEntitlements),
    ]
    static let regions = [
        "us-east-1", "us-east-2", "eu-central-1", "ap-southeast-7", "il-central-1", "mx-central-1",
        "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1", "eusc-de-east-1",
        "us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1", "us-isof-south-1", "xx-new-9",
    ]
    static let variants: [[String: String]] = [
        [:], ["AWS_USE_FIPS_ENDPOINT": "true"], ["AWS_USE_DUALSTACK_ENDPOINT": "TRUE"],
        ["AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"],
        ["AWS_USE_FIPS_ENDPOINT": "false", "AWS_ENDPOINT_URL": "https://all.example"],
        ["AWS_USE_FIPS_ENDPOINT": "true", "AWS_ENDPOINT_URL": "https://all.example"],
        ["AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_ENDPOINT_URL": "https://all.example"],
    ]

    // Settings of a profile, and variables beside them.
    static let settings: [(environment: [String: String], config: String)] = [
        ([:], "[default]\nregion = eu-west-1\n"),
        (["AWS_DEFAULT_REGION": "eu-west-2"], "[default]\nregion = eu-west-1\n"),
        ([:], ""),
        (["AWS_DEFAULT_REGION": "fips-us-east-1"], ""),
        (["AWS_DEFAULT_REGION": "us-gov-west-1-fips"], ""),
        ([:], "[default]\nregion = eu-west-1\nendpoint_url = https://profile.example/base\n"),
        (
            ["AWS_ENDPOINT_URL": "https://all.example"],
            "[default]\nregion = eu-west-1\nendpoint_url = https://profile.example\n"
        ),
        (
            [
                "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
                "AWS_ENDPOINT_URL": "https://a.example",
            ],
            "[default]\nregion = eu-west-1\n"
        ),
        (
            [:],
            "[default]\nregion = eu-west-1\nignore_configured_endpoint_urls = true\n"
                + "endpoint_url = https://profile.example\n"
        ),
        (
            [:],
            "[default]\nregion = eu-west-1\nservices = mine\nendpoint_url = https://p.example\n"
                + "[services mine]\ns3 =\n  endpoint_url = https://s3.example\nsqs =\n"
                + "  endpoint_url = https://sqs.example:8443\nmarketplace_entitlement_service =\n"
                + "  endpoint_url = https://entitlement.example\n"
        ),
        (
            ["AWS_ENDPOINT_URL": "https://all.example"],
            "[default]\nregion = eu-west-1\nservices = mine\n[services mine]\n"
                + "s3 =\n  endpoint_url = https://s3.example\n"
        ),
        ([:], "[default]\nregion = eu-west-1\nservices = nowhere\n"),
        (
            ["AWS_PROFILE": "work"],
            "[default]\nregion = us-east-2\n[profile work]\nregion = ap-south-1\n"
                + "use_fips_endpoint = true\n"
        ),
        ([:], "[default]\nregion = eu-west-1\nuse_dualstack_endpoint = true\n"),
        ([:], "[default]\nregion = eu-west-1\ns3 =\n  use_dualstack_endpoint = true\n"),
        ([:], "[default]\nregion = eu-west-1\ns3 =\n  addressing_style = path\n"),
        ([:], "[default]\nregion = eu-west-1\ns3 =\n  addressing_style = virtual\n"),
        (
            ["AWS_ENDPOINT_URL_S3": "https://s3.example"],
            "[default]\nregion = eu-west-1\ns3 =\n  addressing_style = virtual\n"
        ),
        ([:], "[default]\nregion = us-east-1\nsts_regional_endpoints = legacy\n"),
        (["AWS_STS_REGIONAL_ENDPOINTS": "legacy"], "[default]\nregion = eu-west-3\n"),
        (["AWS_STS_REGIONAL_ENDPOINTS": "legacy"], "[default]\nregion = ap-southeast-7\n"),
        (
            ["AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "legacy"], "[default]\nregion = us-east-1\n"
        ),
    ]

    static var cases: [Case] {
        var cases: [Case] = []
        for (name, service) in services {
            for region in regions {
                for variant in variants {
                    let place = ["AWS_DEFAULT_REGION": region]
                    cases.append(Case(service: name, environment: place.merging(variant) { $1 }))
                }
            }
            // Without any region S3 and STS are ours to begin somewhere.
            let isFree = service == .s3 || service == .sts
            for setting in settings
            where !isFree || !setting.config.isEmpty
                || setting.environment["AWS_DEFAULT_REGION"] != nil
            {
                cases.append(
                    Case(service: name, environment: setting.environment, config: setting.config))
            }
            cases.append(
                Case(
                    service: name,
                    environment: [
                        "AWS_DEFAULT_REGION": "eu-west-1",
                        "AWS_ENDPOINT_URL": "https://all.example",
                        "AWS_ENDPOINT_URL_\(service.id)": "https://one.example/x",
                    ]))
        }
        for bucket in ["with.dots", "Upper", "a_b", "ab", "0-9", "-ends-"] {
            cases.append(
                Case(
                    service: "s3", environment: ["AWS_DEFAULT_REGION": "us-east-2"],
                    bucket: bucket))
        }
        return cases.map { item in
            // What AWS recommends, and botocore alone does not do by itself.
            var item = item
            item.environment.merge(["AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "regional"]) { $1 }
            if let own = settings.first(where: { $0.config == item.config })?.environment {
                item.environment.merge(own) { $1 }
            }
            return item
        }
    }

    @Test func everyCallGoesWhereBotocoreSendsIt() throws {
        let cases = Self.cases
        #expect(cases.count > 700)
        let answers = try JSONDecoder().decode(
            [Answer].self,
            from: AWSFixture.run(
                "endpoints_botocore.py", input: try JSONEncoder().encode(cases)))
        try #require(answers.count == cases.count)
        #expect(answers.contains { $0.error != nil })
        for (item, theirs) in zip(cases, answers) {
            let ours = Self.answer(to: item)
            if item.asksInVain {
                // botocore goes on without a word, where its own rules call it an error.
                #expect(ours.error?.contains("AWS_USE_") == true, "\(item)")
            } else if theirs.error != nil || ours.error != nil {
                #expect(
                    (theirs.error == nil) == (ours.error == nil),
                    "\(item): botocore \(theirs), ours \(ours)")
            } else {
                #expect(ours == theirs, "\(item)")
            }
        }
    }

    private static func answer(to item: Case) -> Answer {
        do {
            let home = try ScratchDirectory()
            try item.config.write(
                toFile: home.path + "/config", atomically: true, encoding: .utf8)
            let variables = item.environment.merging([
                "AWS_CONFIG_FILE": home.path + "/config",
                "AWS_SHARED_CREDENTIALS_FILE": home.path + "/none",
            ]) { $1 }
            let profiles = try AWSProfiles(
                AWSEnvironment(variables: variables, home: home.path))
            let configuration = try AWSConfiguration(
                environment: variables, profile: profiles.settings)
            let service = try #require(services.first { $0.name == item.service }).service
            let endpoint = try configuration.endpoint(of: service)
            // Below a path of the endpoint's botocore leaves out the last slash.
            var request = HTTPRequest(
                method: "POST", scheme: endpoint.scheme, host: endpoint.host, port: endpoint.port,
                path: endpoint.path.isEmpty ? "/" : endpoint.path)
            if service == .s3 {
                let client = AWSClient(configuration: configuration, credentials: nil)
                request = try S3(client: client).request(
                    "HEAD", item.bucket, "a/b.csv", endpoint.region, owner: nil)
            }
            return Answer(
                url: request.url, region: endpoint.region, name: service.signingName)
        } catch {
            return Answer(error: "\(error)")
        }
    }
}
