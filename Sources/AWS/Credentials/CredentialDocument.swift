internal import FoundationEssentials

/// Keys as JSON, as a credential process prints them and a metadata endpoint answers them.
struct CredentialDocument: Decodable {
    private let version: Int?
    private let accessKeyID: String?
    private let secretAccessKey: String?
    private let sessionToken: String?
    private let token: String?
    private let expiration: String?
    /// What an endpoint says instead of keys.
    private let code: String?
    private let message: String?

    private enum CodingKeys: String, CodingKey {
        case version = "Version"
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case sessionToken = "SessionToken"
        case token = "Token"
        case expiration = "Expiration"
        case code = "Code"
        case message = "Message"
    }

    /// Reads the bytes; `source` is who is named when they are no such document.
    init(_ bytes: [UInt8], source: String) throws {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            // The decoder's own words may quote a key.
            throw CredentialError(
                source: source, message: "what it gave is not a JSON object of credentials")
        }
    }

    /// The keys of a process: version 1, all but token and expiration required.
    func ofProcess(_ source: String) throws -> AWSCredentials {
        guard version == 1 else {
            let found = version.map(String.init) ?? "none"
            throw CredentialError(
                source: source, message: "\"Version\" is \(found); only 1 is known")
        }
        return try credentials(token: sessionToken, source: source)
    }

    /// The keys of a metadata endpoint: token and expiration are required too.
    func ofEndpoint(_ source: String) throws -> AWSCredentials {
        if accessKeyID == nil, let code {
            throw CredentialError(source: source, message: "\(code) \(message ?? "")")
        }
        guard let token, expiration != nil else {
            throw CredentialError(source: source, message: "\"Token\" or \"Expiration\" is missing")
        }
        return try credentials(token: token, source: source)
    }

    private func credentials(token: String?, source: String) throws -> AWSCredentials {
        guard let accessKeyID, let secretAccessKey else {
            throw CredentialError(
                source: source, message: "\"AccessKeyId\" or \"SecretAccessKey\" is missing")
        }
        let end = expiration.flatMap(instant)
        guard end != nil || expiration == nil else {
            throw CredentialError(
                source: source, message: "\"Expiration\" is not an ISO 8601 instant")
        }
        return AWSCredentials(
            accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: token,
            expiration: end)
    }
}
