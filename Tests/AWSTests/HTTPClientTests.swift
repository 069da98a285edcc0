import Foundation
import Support
import Testing

@testable import AWS

@Suite struct HTTPClientTests {
    private func request(_ proxy: HTTPFaultProxy) -> HTTPRequest {
        HTTPRequest(method: "GET", scheme: "http", host: "127.0.0.1", port: proxy.port)
    }

    @Test func answerLargerThanTheLimitIsRefused() throws {
        var settings = HTTPSettings(environment: [:])
        settings.bodyBytesMax = 9
        let http = HTTPClient(settings: settings)
        let fits = try HTTPFaultProxy(
            to: .nowhere, faults: [.answer(status: 200, body: "123456789")])
        #expect(try http.perform(request(fits)).body.count == 9)
        let large = try HTTPFaultProxy(
            to: .nowhere, faults: [.answer(status: 200, body: "1234567890")])
        let error = #expect(throws: HTTPError.self) { try http.perform(request(large)) }
        #expect(error?.kind == .tooLarge)
    }

    @Test func interimAnswerIsNotTheAnswer() throws {
        let text =
            "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nX-Late:  two  \r\nContent-Length: 1\r\n\r\nz"
        let proxy = try HTTPFaultProxy(to: .nowhere, faults: [.answerVerbatim(text)])
        let response = try HTTPClient().perform(request(proxy))
        #expect(response.headers["x-early"] == nil && response.headers["x-LATE"] == "two")
        #expect(response.body == Array("z".utf8))
    }

    @Test func redirectIsAnAnswerAndNotFollowed() throws {
        let proxy = try HTTPFaultProxy(
            to: .nowhere, faults: [.answer(status: 302, headers: ["Location: file:///etc/passwd"])])
        #expect(try HTTPClient().perform(request(proxy)).status == 302)
        #expect(proxy.requests.count == 1)
    }

    @Test func otherProtocolsAreRefused() {
        var request = HTTPRequest(method: "GET", scheme: "file", host: "")
        request.path = "/etc/hostname"
        let error = #expect(throws: HTTPError.self) { try HTTPClient().perform(request) }
        #expect(error?.curlCode == 1)
    }

    @Test func slowReaderIsNotTakenForAStalledServer() throws {
        let stored = try Stored(patternBytes(200_000))
        var clients = try TestClients.ministack
        clients.settings.stallSeconds = 1
        var pauses = 3
        var count = 0
        try clients.s3.getObject(
            bucket: stored.bucket, key: "k", version: stored.version
        ) { chunk in
            // The database may take its time; here the pause is what is tested.
            if pauses > 0 { usleep(1_500_000) }
            pauses -= 1
            count += chunk.byteCount
        }
        #expect(count == 200_000)
    }

    @Test func connectionIsKeptForTheNextRequest() throws {
        let proxy = try HTTPFaultProxy(to: .local(.ministack))
        let http = HTTPClient()
        for _ in 0..<2 { #expect(try http.perform(request(proxy)).status == 200) }
        #expect(proxy.requests.count == 2 && proxy.connections == 1)
    }

    @Test func errorNamesThePlaceButNotTheQuery() {
        var request = HTTPRequest(method: "GET", scheme: "http", host: "127.0.0.1", port: 1)
        request.query = [("X-Amz-Signature", "secret")]
        let error = #expect(throws: HTTPError.self) { try HTTPClient().perform(request) }
        #expect(error?.isTransient == true && error?.location == "http://127.0.0.1:1/")
        #expect(error.map { "\($0)".contains("secret") } == false)
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777.0 as Double?),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994", nil),
        ("Sunday, 06-Nov-94 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 08:49:37 CET", nil),
    ])
    func headerDateIsRead(_ text: String, _ seconds: Double?) {
        #expect(HTTPDate.parse(text)?.timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        ("a b", "a%20b"), ("é", "%C3%A9"), ("a+b=c&d", "a%2Bb%3Dc%26d"), ("-._~", "-._~"),
        ("a/b", "a%2Fb"), ("*'()!", "%2A%27%28%29%21"),
    ])
    func percentEncodingGoesBothWays(_ plain: String, _ encoded: String) {
        #expect(PercentEncoding.encode(plain) == encoded)
        #expect(PercentEncoding.decode(encoded) == plain)
    }

    @Test(arguments: ["%", "%4", "%zz", "%C3", "%ff"])
    func brokenPercentEncodingIsNotGuessedAt(_ text: String) {
        #expect(PercentEncoding.decode(text) == nil)
    }
}
