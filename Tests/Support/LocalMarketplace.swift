import Foundation

/// AWS Marketplace's own services on a free loopback port: `scripts/local_marketplace`.
///
/// It checks signatures and the shape of requests. What it knows and what goes wrong is told to
/// it by `control`; its program says how.
package final class LocalMarketplace: Sendable {
    package let port: Int
    package let accessKey = "AKIDMARKETPLACE"
    // With the characters that secrets have and that go wrong when one forgets to encode.
    package let secretKey = "market/place+key"
    /// The account that the key belongs to.
    package let account = "111122223333"
    private let server: GuardedServer

    private static let started = Result { try LocalMarketplace() }

    /// The one that the tests of this process share: for calls whose subject is their own.
    package static var shared: LocalMarketplace { get throws { try started.get() } }

    /// Starts one; data sets come from the folder `source` and go to `aws`.
    package init(aws: LocalAWS? = nil, source: String = "/nonexistent") throws {
        let directory = try ScratchDirectory()
        let arguments = [
            "-B", "\(Program.packageRoot)/scripts/local_marketplace", "--source", source,
            "--aws", aws?.endpoint ?? "http://127.0.0.1:9", "--account", account,
            "--key", "\(accessKey):\(secretKey)",
        ]
        let kept = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") }
        let command = Command(
            "\(LocalAWS.virtualEnvironment)/bin/python", arguments, environment: kept,
            directory: directory.path)
        let server = try GuardedServer(command, directory: directory, stopSignal: "TERM")
        try server.waitUntil { server.standardOutput.hasSuffix("\n") }
        guard let port = Int(server.standardOutput.split(separator: "\n").first ?? "") else {
            throw SystemError("read the port of the local marketplace", code: EPROTO)
        }
        self.server = server
        self.port = port
    }

    /// Where to send requests.
    package var endpoint: String { "http://127.0.0.1:\(port)" }

    /// The variables that point an AWS client's calls of these services at it, and its key.
    ///
    /// With `roles` AssumeRole is asked here too, so that the calls tell whose they were.
    package func environment(roles: Bool = false) -> [String: String] {
        var variables = [
            "AWS_ENDPOINT_URL_MARKETPLACE_COMMERCE_ANALYTICS": endpoint,
            "AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE": endpoint,
            "AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey,
        ]
        if roles { variables["AWS_ENDPOINT_URL_STS"] = endpoint }
        return variables
    }

    /// Tells it something: `faults`, `entitlements`, `roles`, `datasets`, `release`, `reset`.
    package func control(_ name: String, _ document: [String: Any] = [:]) throws {
        let body = try JSONSerialization.data(withJSONObject: document)
        _ = try exchange("POST /control/\(name)", body)
    }

    /// Asks it something: `requests`, those `pending` delivery, `calls`, `faults` that are left.
    package func read(_ name: String) throws -> [[String: Any]] {
        let answer = try exchange("GET /control/\(name)", Data())
        let document = try JSONSerialization.jsonObject(with: answer)
        return document as? [[String: Any]] ?? []
    }

    /// Stops it now.
    package func stop() { server.stop() }

    // HTTP/1.0: the answer ends with the connection.
    private func exchange(_ line: String, _ body: Data) throws -> Data {
        let socket = try Socket.connect(to: .tcp(port: port))
        defer { socket.close() }
        let head = "\(line) HTTP/1.0\r\nContent-Length: \(body.count)\r\n\r\n"
        _ = socket.send(Array(head.utf8) + body)
        var answer = Data()
        while true {
            let bytes = socket.receive()
            if bytes.isEmpty { break }
            answer += bytes
        }
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)),
            answer.starts(with: Data("HTTP/1.1 200".utf8))
        else {
            throw SystemError("\(line): \(String(decoding: answer, as: UTF8.self))", code: EPROTO)
        }
        return answer[end.upperBound...]
    }
}
