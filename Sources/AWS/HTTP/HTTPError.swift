/// A request that got no answer, or not a whole one.
package struct HTTPError: Error, Sendable, CustomStringConvertible {
    /// What a caller must tell apart.
    package enum Kind: Sendable {
        /// libcurl gave up: `curlCode` says why.
        case transport
        /// The caller's `stop` said so.
        case interrupted
        /// The answer is larger than `HTTPSettings.bodyBytesMax`.
        case tooLarge
    }

    /// Which of the three it is.
    package let kind: Kind
    /// A `CURLcode`, from libcurl's "libcurl-errors" page; 0 if it was not libcurl's doing.
    package let curlCode: Int
    /// libcurl's own words.
    package let message: String
    /// Scheme, host and path; never the query, which may carry a signature.
    package let location: String

    /// True where the same request may well succeed a little later.
    package var isTransient: Bool { kind == .transport && Self.transientCodes.contains(curlCode) }

    /// True where the server was silent for too long.
    package var isTimeout: Bool { kind == .transport && curlCode == 28 }

    // libcurl-errors: 5, 6 name not resolved; 7 not connected; 18 cut short; 28 timed out or
    // stalled; 35 TLS handshake broken off; 52 nothing came; 55, 56 lost while sending or
    // receiving; 65 could not be rewound for a reused connection.
    private static let transientCodes: Set<Int> = [5, 6, 7, 18, 28, 35, 52, 55, 56, 65]

    /// Where, what, and what to do about it.
    package var description: String {
        "\(location): \(message)\(curlCode == 0 ? "" : " (curl \(curlCode))")\(hint)"
    }

    private var hint: String {
        switch curlCode {
        case 6: ". Check the endpoint's name and the resolver"
        case 7: ". Check that the endpoint is up and reachable from here"
        case 60, 77:
            ". The server's certificate is not trusted: set AWS_CA_BUNDLE to the PEM file of "
                + "its authority"
        default: ""
        }
    }
}
