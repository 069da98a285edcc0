/// One HTTP request, ready to be signed and sent.
///
/// The path is kept percent-encoded because S3 signs it byte for byte; the query is
/// kept plain because the signature wants it sorted and encoded in its own way.
package struct HTTPRequest: Sendable {
    /// In capitals, as in `GET`.
    package var method: String
    /// `https` or `http`.
    package var scheme: String
    /// Host name or address, an IPv6 one in brackets.
    package var host: String
    /// Nil for the scheme's own port.
    package var port: Int?
    /// Begins with `/`, percent-encoded already.
    package var path: String
    /// Names and values, not encoded, in the order in which they are sent.
    package var query: [(name: String, value: String)]
    /// In the order in which they are sent; `Host` is libcurl's.
    package var headers: [(name: String, value: String)]
    /// What is sent after the headers.
    package var body: HTTPBody
    /// How long nothing at all may arrive before the transfer counts as stalled.
    ///
    /// Nil for the client's own setting. A long poll needs more than it waits.
    package var stallSeconds: Int?
    /// True for addresses that only this machine can reach, such as instance metadata.
    package var bypassesProxy: Bool

    /// A request for `scheme://host[:port]path`; everything not given is empty.
    package init(
        method: String, scheme: String = "https", host: String, port: Int? = nil,
        path: String = "/", body: HTTPBody = .empty
    ) {
        self.method = method
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.body = body
        query = []
        headers = []
        stallSeconds = nil
        bypassesProxy = false
    }

    /// What the `Host` header says: the port only where it is not the scheme's own.
    package var authority: String {
        guard let port, port != (scheme == "http" ? 80 : 443) else { return host }
        return "\(host):\(port)"
    }

    /// The whole address, with the query percent-encoded.
    package var url: String {
        guard !query.isEmpty else { return "\(scheme)://\(authority)\(path)" }
        let encoded = query.map {
            "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))"
        }
        return "\(scheme)://\(authority)\(path)?\(encoded.joined(separator: "&"))"
    }

    /// The value of the first header of that name, in any letter case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Sets a header, in place of one of the same name.
    package mutating func setHeader(_ name: String, _ value: String) {
        headers.removeAll { $0.name.lowercased() == name.lowercased() }
        headers.append((name, value))
    }
}

extension HTTPRequest: CustomStringConvertible {
    /// Method and place: headers and query may carry a token or a signature.
    package var description: String { "\(method) \(scheme)://\(authority)\(path)" }
}

/// What a request carries.
package enum HTTPBody: Sendable {
    case empty
    case bytes([UInt8])
    /// A file of this machine and how many bytes of it are sent.
    case file(path: String, size: Int64)
}
