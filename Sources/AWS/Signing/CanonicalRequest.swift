/// A request written the one way both sides can write it: the text whose hash is signed.
///
/// Source: "Create a signed AWS API request", step 1, and for S3 "Authenticating Requests:
/// Using the Authorization Header".
struct CanonicalRequest {
    let text: String
    let signedHeaders: String

    /// Describes `request` with the headers it has now; `payloadHash` is hex or the word that
    /// stands for an unsigned payload.
    init(_ request: HTTPRequest, service: String, payloadHash: String) {
        let headers = Self.headers(of: request)
        signedHeaders = headers.map(\.name).joined(separator: ";")
        text = [
            request.method,
            Self.path(request.path, service: service),
            Self.query(request.query),
            headers.map { "\($0.name):\($0.value)\n" }.joined(),
            signedHeaders,
            payloadHash,
        ].joined(separator: "\n")
    }

    // S3 takes a key as it stands: `a//b` and `a/../b` are names there. Everyone else
    // normalises the path and encodes once more what is already encoded.
    static func path(_ path: String, service: String) -> String {
        guard service != "s3" else { return path.isEmpty ? "/" : path }
        return PercentEncoding.encode(normalised(path), keepingSlash: true)
    }

    // RFC 3986 §5.2.4, and runs of slashes count as one.
    private static func normalised(_ path: String) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") where segment != "." {
            if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
        }
        let tail = path.hasSuffix("/") && !segments.isEmpty ? "/" : ""
        return "/" + segments.joined(separator: "/") + tail
    }

    // By encoded name, then by encoded value: both are ASCII, so this is the order of bytes.
    private static func query(_ query: [(name: String, value: String)]) -> String {
        let encoded = query.map { item in
            (PercentEncoding.encode(item.name), PercentEncoding.encode(item.value))
        }
        return encoded.sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&")
    }

    private static func headers(of request: HTTPRequest) -> [(name: String, value: String)] {
        var values: [String: [String]] = [:]
        for (name, value) in request.headers where !changedOnTheWay.contains(name.lowercased()) {
            values[name.lowercased(), default: []].append(collapsed(value))
        }
        if values["host"] == nil { values["host"] = [request.authority] }
        return values.map { ($0.key, $0.value.joined(separator: ",")) }.sorted { $0.0 < $1.0 }
    }

    private static func collapsed(_ value: String) -> String {
        value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    }

    // Proxies and HTTP libraries own these; signing them would break honest requests.
    private static let changedOnTheWay: Set<String> = [
        "authorization", "connection", "expect", "keep-alive", "proxy-authenticate",
        "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade", "user-agent",
        "x-amzn-trace-id",
    ]
}
