import Foundation
import Testing

@testable import AWS

/// Several hundred requests, signed by us and by botocore: every header must be the same.
@Suite struct SigV4DifferentialTests {
    struct Case: Encodable {
        var method = "GET"
        var scheme = "https"
        var host = "bucket.s3.eu-central-1.amazonaws.com"
        var port: Int?
        var path: String
        var query: [[String]] = []
        var headers: [[String]] = []
        var body = ""
        var unsigned = false
        var service: String
        var region = "eu-central-1"
        var key = "AKIDEXAMPLE"
        var secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
        var token: String?
        var date = 1_772_366_400

        var signed: HTTPRequest {
            var request = HTTPRequest(
                method: method, scheme: scheme, host: host, port: port,
                path: PercentEncoding.encode(path, keepingSlash: true))
            request.query = query.map { ($0[0], $0[1]) }
            request.headers = headers.map { ($0[0], $0[1]) }
            let credentials = AWSCredentials(
                accessKeyID: key, secretAccessKey: secret, sessionToken: token)
            return SigV4(credentials: credentials, region: region, service: service).sign(
                request, payload: unsigned ? .unsigned : .body(Array(body.utf8)),
                date: Date(timeIntervalSince1970: Double(date)))
        }
    }

    struct Answer: Decodable {
        let url: String
        let authorization: String
    }

    static let keys = [
        "/", "/plain.csv", "/with space.csv", "/a+b", "/a=b/c=d", "/100%", "/%20", "/%2F", "//lead",
        "/a//b", "/a/./b", "/a/../b", "/../..", "/trailing/", "/trailing//", "/.", "/..", "/é",
        "/日本語/キー.csv", "/🦆", "/e\u{301}", "/a'b(c)!*~", "/a&b?c#d", "/a:b@c,d;e$f", "/\"<>\\^`{|}",
        "/tab\there", "/line\nend", "/~user/-._", "/a%b/../c", "/...", "/a/.../b", "/./a", "/a/.",
        "/a/..",
    ]
    static let queries: [[[String]]] = [
        [], [["acl", ""]], [["list-type", "2"], ["prefix", "in/x y+z"]],
        [["prefix", "x"], ["list-type", "2"]], [["a", "2"], ["a", "1"], ["a", ""]],
        [["b", "1"], ["a", "2"], ["B", "3"], ["A", "4"]],
        [["versionId", "3/L4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo=="]],
        [["k", "é=&%20"]], [["é", "1"], ["z", "2"], ["~", "3"], ["-", "4"]],
        [["a-b", "1"], ["a", "2"], ["a.b", "3"], ["ab", "4"], ["a_b", "5"]],
        [["x", "2"], ["x", "10"], ["x", " "], ["x", "/"]], [["", "v"], ["n", ""]],
    ]
    static let headerSets: [[[String]]] = [
        [], [["Range", "bytes=0-9"], ["If-Match", "\"abc\""]],
        [["X-Amz-Meta", "  two   spaces\tand a tab "]],
        [
            ["Content-Type", "application/x-amz-json-1.0"],
            ["X-Amz-Target", "AmazonSQS.ReceiveMessage"],
        ],
        [["User-Agent", "sluice"], ["Expect", ""], ["Accept", "*/*"], ["TE", "trailers"]],
        [["x-amz-b", "2"], ["X-Amz-A", "1"], ["x-amz-b", " 1 "]], [["Empty", ""]],
    ]
    static let services = [
        "sqs", "sns", "sts", "entitlement", "aws-marketplace", "marketplacecommerceanalytics",
    ]

    static var cases: [Case] {
        var cases: [Case] = []
        for path in keys {
            for (index, query) in queries.enumerated() {
                var item = Case(path: path, query: query, service: "s3")
                item.headers = headerSets[index % headerSets.count]
                item.unsigned = index % 3 == 0
                item.token = index % 2 == 0 ? "IQoJ/b3JpZ2lu+//token==" : nil
                cases.append(item)
            }
            for service in services {
                var item = Case(path: path, service: service)
                item.host = "\(service).us-east-1.amazonaws.com"
                item.region = "us-east-1"
                item.query = queries[cases.count % queries.count]
                item.headers = headerSets[cases.count % headerSets.count]
                item.token = cases.count % 3 == 0 ? "token+/=" : nil
                cases.append(item)
            }
        }
        return cases + posts
    }

    static var posts: [Case] {
        services.flatMap { service in
            [("http", 4566), ("https", 443), ("http", 80), ("https", 8443), ("https", nil)].map {
                (scheme: String, port: Int?) in
                var item = Case(path: "/", service: service)
                item.method = "POST"
                item.scheme = scheme
                item.port = port
                item.host = "localhost"
                item.headers = headerSets[3]
                item.body = "{\"QueueUrl\":\"http://localhost/é\"}"
                item.date = 1_772_366_400 + (port ?? 0)
                return item
            }
        }
    }

    @Test func everySignatureIsBotocores() throws {
        let cases = Self.cases
        #expect(cases.count > 500)
        let answers = try JSONDecoder().decode(
            [Answer].self,
            from: AWSFixture.run(
                "sigv4_botocore.py", input: try JSONEncoder().encode(cases)))
        try #require(answers.count == cases.count)
        for (item, answer) in zip(cases, answers) {
            let signed = item.signed
            #expect(signed.header("Authorization") == answer.authorization, "\(answer.url)")
        }
    }

    // The path and query that are sent are those that were compared.
    @Test func theAddressSentIsTheOneSigned() throws {
        let cases = Self.cases.filter { $0.port == nil }
        let answers = try JSONDecoder().decode(
            [Answer].self,
            from: AWSFixture.run(
                "sigv4_botocore.py", input: try JSONEncoder().encode(cases)))
        for (item, answer) in zip(cases, answers) { #expect(item.signed.url == answer.url) }
    }
}
