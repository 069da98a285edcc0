internal import Foundation

/// An address near this machine that hands out credentials over plain HTTP.
struct MetadataEndpoint {
    let scheme: String
    /// An IPv6 one in brackets.
    let host: String
    let port: Int?
    /// Path and query, as they are sent.
    let path: String
    private let query: [(name: String, value: String)]
    private let source: String
    private let environment: AWSEnvironment

    init(_ address: String, source: String, environment: AWSEnvironment) throws {
        self.environment = environment
        guard let parts = URLComponents(string: address), let host = parts.encodedHost,
            let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme),
            !host.isEmpty, parts.user == nil
        else {
            throw CredentialError(source: source, message: "its address is not an http(s) one")
        }
        self.scheme = scheme
        self.host = host.lowercased()
        self.source = source
        port = parts.port
        path = parts.percentEncodedPath
        query = (parts.queryItems ?? []).map { ($0.name, $0.value ?? "") }
    }

    /// Plain http hands keys and tokens to whoever listens on the way: it belongs to this machine
    /// and to the addresses that no packet leaves the host for.
    func throwIfPlain(beyond agents: [String], setting: String) throws {
        guard scheme != "https", !isLoopback(host), !agents.contains(host) else { return }
        throw CredentialError(
            source: source,
            message: "\(setting) names \(host): plain http is allowed only for this "
                + "machine and the agents \(agents.joined(separator: ", ")); use https")
    }

    func request(_ method: String, path: String) -> HTTPRequest {
        var request = HTTPRequest(
            method: method, scheme: scheme, host: host, port: port, path: path.isEmpty ? "/" : path)
        request.query = query
        // A proxy has no business with these keys, and cannot reach the address anyway.
        request.bypassesProxy = true
        return request
    }

    /// The answer to a request that succeeded; everything else is a `CredentialError`, transient
    /// where another attempt makes sense.
    func perform(_ request: HTTPRequest, timeoutSeconds: Int) throws -> HTTPResponse {
        var settings = HTTPSettings(environment: environment.variables)
        settings.connectTimeoutSeconds = timeoutSeconds
        settings.stallSeconds = timeoutSeconds
        settings.bodyBytesMax = 64 << 10  // a document of keys is about 1 KiB
        let answer: HTTPResponse
        do {
            answer = try HTTPClient(settings: settings).perform(request)
        } catch {
            throw CredentialError(
                source: source, message: "\(error)", isTransient: error.isTransient)
        }
        guard answer.status == 200 else {
            throw CredentialError(
                source: source,
                message: "\(scheme)://\(request.authority)\(request.path) answered "
                    + "\(answer.status)",
                isTransient: answer.status == 429 || answer.status >= 500)
        }
        return answer
    }
}
