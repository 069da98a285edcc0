internal import Crypto
package import FoundationEssentials

/// AWS Signature Version 4 in the `Authorization` header.
///
/// Pure: the date comes in, nothing is sent.
package struct SigV4: Sendable {
    /// What the signature says of the body.
    package enum Payload: Sendable {
        /// The lower-case hex SHA-256 of the body; see `body(_:)` and `empty`.
        case hash(String)
        /// The body is not covered. Only over TLS, and only where the service allows it.
        case unsigned

        /// A body that is at hand.
        package static func body(_ bytes: [UInt8]) -> Payload {
            .hash(hex(SHA256.hash(data: bytes)))
        }

        /// No body.
        package static var empty: Payload { body([]) }

        var text: String {
            switch self {
            case .hash(let hex): hex
            case .unsigned: "UNSIGNED-PAYLOAD"
            }
        }
    }

    private let credentials: AWSCredentials
    private let region: String
    private let service: String

    /// Signs for one region and one service, by the names the service's endpoints page gives.
    package init(credentials: AWSCredentials, region: String, service: String) {
        self.credentials = credentials
        self.region = region
        self.service = service
    }

    /// The request with date, token, payload hash where needed, and `Authorization` set.
    ///
    /// Headers of a former signature are replaced, so a retry signs the same request again.
    package func sign(_ request: HTTPRequest, payload: Payload, date: Date) -> HTTPRequest {
        let stamp = date.formatted(Self.stampStyle)
        var signed = request
        signed.headers = headers(of: request, payload: payload, stamp: stamp)
        let canonical = CanonicalRequest(signed, service: service, payloadHash: payload.text)
        signed.headers.append(
            (name: "Authorization", value: authorization(for: canonical, stamp: stamp)))
        return signed
    }

    private func headers(
        of request: HTTPRequest, payload: Payload, stamp: String
    ) -> [(name: String, value: String)] {
        var headers = request.headers.filter { !Self.ownHeaders.contains($0.name.lowercased()) }
        headers.append(("X-Amz-Date", stamp))
        if let token = credentials.sessionToken { headers.append(("X-Amz-Security-Token", token)) }
        if needsPayloadHeader(payload) { headers.append(("X-Amz-Content-SHA256", payload.text)) }
        return headers
    }

    // S3 wants it always; elsewhere the hash is implied by the body unless that is not covered.
    private func needsPayloadHeader(_ payload: Payload) -> Bool {
        if case .unsigned = payload { return true }
        return service == "s3"
    }

    private func authorization(for canonical: CanonicalRequest, stamp: String) -> String {
        let scope = "\(stamp.prefix(8))/\(region)/\(service)/aws4_request"
        let text = [
            "AWS4-HMAC-SHA256", stamp, scope, hex(SHA256.hash(data: Array(canonical.text.utf8))),
        ].joined(separator: "\n")
        let signature = hex(Self.hmac(text, key: signingKey(day: String(stamp.prefix(8)))))
        return "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope), "
            + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
    }

    private func signingKey(day: String) -> SymmetricKey {
        let first = SymmetricKey(data: Array("AWS4\(credentials.secretAccessKey)".utf8))
        return [day, region, service, "aws4_request"].reduce(first) { key, part in
            SymmetricKey(data: Self.hmac(part, key: key))
        }
    }

    private static func hmac(_ text: String, key: SymmetricKey) -> HMAC<SHA256>.MAC {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }

    private static let ownHeaders: Set<String> = [
        "authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256",
    ]

    // 20130524T000000Z
    private static let stampStyle = Date.ISO8601FormatStyle(
        dateSeparator: .omitted, timeSeparator: .omitted, timeZone: .gmt)
}

/// Bytes in lower-case hex.
func hex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
    return String(decoding: text, as: UTF8.self)
}
