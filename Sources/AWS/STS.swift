internal import Crypto
package import FoundationEssentials

/// Which role to take on, and under what conditions.
package struct RoleSession: Sendable, Equatable {
    package var roleARN: String
    /// What CloudTrail calls the session.
    package var sessionName: String
    /// The word the role's trust policy asks of whoever takes it on for someone else.
    package var externalID: String?
    /// How long the session lasts; nil for the service's hour.
    package var durationSeconds: Int?
    /// JSON text of what the session may do at most, whatever the role may; nil for all of that.
    package var policy: String?

    package init(
        roleARN: String, sessionName: String? = nil, externalID: String? = nil,
        durationSeconds: Int? = nil, policy: String? = nil
    ) {
        self.roleARN = roleARN
        self.sessionName = sessionName ?? "sluice"
        self.externalID = externalID
        self.durationSeconds = durationSeconds
        self.policy = policy
    }

    fileprivate var parameters: [(name: String, value: String)] {
        var parameters = [(name: "RoleArn", value: roleARN), ("RoleSessionName", sessionName)]
        if let externalID { parameters.append(("ExternalId", externalID)) }
        if let durationSeconds { parameters.append(("DurationSeconds", "\(durationSeconds)")) }
        if let policy { parameters.append(("Policy", policy)) }
        return parameters
    }

    // STS API Reference, "AssumeRole": RoleSessionName has 2 to 64 of these characters.
    private static let sessionNameMax = 64

    /// A session's name made of a text: as it is where STS takes it, else cut, with a part of its
    /// hash at the end, so that two texts never come to one name.
    package static func sessionName(_ text: String) -> String {
        let plain = String(
            text.unicodeScalars.map { scalar in
                Self.isNameCharacter(scalar) ? Character(scalar) : "-"
            })
        guard plain != text || plain.count > sessionNameMax else { return plain }
        let hash = SHA256.hash(data: Data(text.utf8)).prefix(6)
            .map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        return "\(plain.prefix(sessionNameMax - hash.count - 1))-\(hash)"
    }

    private static func isNameCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "+", "=", ",", ".", "@", "-": true
        default: false
        }
    }
}

/// The Security Token Service: keys of a role for an hour or so.
///
/// Source: AWS Security Token Service API Reference, version 2011-06-15. The endpoint is that
/// of the region, so that no other region's trouble becomes ours.
package struct STS: Sendable {
    private let configuration: AWSConfiguration
    private let settings: HTTPSettings

    package init(configuration: AWSConfiguration, settings: HTTPSettings = HTTPSettings()) {
        self.configuration = configuration
        self.settings = settings
    }

    /// `AssumeRole`, signed with the keys of `source`.
    ///
    /// Throws `AWSError`, or what `source` throws. Blocks during requests and retries.
    package func assumeRole(
        _ session: RoleSession, as source: any CredentialProvider, now: Date
    ) throws -> AWSCredentials {
        let call = try call("AssumeRole", session, session.parameters)
        return try answer(to: call, as: source, time: .starting(at: now))
    }

    /// `AssumeRoleWithWebIdentity`: the token is the proof, so nothing is signed.
    ///
    /// Throws `AWSError`.
    package func assumeRole(_ session: RoleSession, webIdentityToken: String) throws
        -> AWSCredentials
    {
        let proof = (name: "WebIdentityToken", value: webIdentityToken)
        let call = try call("AssumeRoleWithWebIdentity", session, session.parameters + [proof])
        return try answer(to: call, as: nil, time: .system)
    }

    private func call(
        _ operation: String, _ session: RoleSession, _ parameters: [(name: String, value: String)]
    ) throws -> AWSCall {
        let endpoint = try configuration.endpoint(
            of: .sts,
            otherwise: (AWSPartition.of(arn: session.roleARN) ?? .standard).homeRegion)
        let form = [(name: "Action", value: operation), ("Version", "2011-06-15")] + parameters
        let body = form.map {
            "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))"
        }
        var request = HTTPRequest(
            method: "POST", scheme: endpoint.scheme, host: endpoint.host, port: endpoint.port,
            path: endpoint.path + "/", body: .bytes(Array(body.joined(separator: "&").utf8)))
        request.setHeader("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        return AWSCall(
            .sts, operation, resource: session.roleARN, region: endpoint.region,
            request: request)
    }

    private func answer(
        to call: AWSCall, as source: (any CredentialProvider)?, time: AWSTime
    ) throws -> AWSCredentials {
        let client = AWSClient(
            configuration: configuration, credentials: source,
            http: HTTPClient(settings: settings), time: time)
        return try Self.credentials(from: client.perform(call), of: call)
    }

    private static func credentials(
        from answer: HTTPResponse, of call: AWSCall
    ) throws -> AWSCredentials {
        let result = XMLElementNode(parsing: answer.body)?["\(call.operation)Result"]
        guard let keys = result?["Credentials"], let key = keys["AccessKeyId"]?.text,
            let secret = keys["SecretAccessKey"]?.text, let token = keys["SessionToken"]?.text,
            let end = keys["Expiration"].flatMap({ instant($0.text) })
        else {
            throw AWSError(
                call, code: AWSErrorCode.invalidResponse, "the answer has no credentials in it",
                response: answer)
        }
        return AWSCredentials(
            accessKeyID: key, secretAccessKey: secret, sessionToken: token, expiration: end)
    }
}

extension AWSTime {
    // The caller's clock, moved on by the time that passes here.
    fileprivate static func starting(at now: Date) -> AWSTime {
        let ahead = now.timeIntervalSinceNow
        return AWSTime(now: { Date().addingTimeInterval(ahead) }, sleep: AWSTime.system.sleep)
    }
}
