internal import FoundationEssentials

/// The role of the EC2 instance, from its metadata service, version 2 only.
///
/// Source: EC2 User Guide, "Use the Instance Metadata Service". Version 1 answers whoever can
/// make this machine send a GET, so it is never asked.
struct InstanceMetadata: CredentialSource {
    let environment: AWSEnvironment
    let name = "instance metadata"

    private static let roles = "/latest/meta-data/iam/security-credentials/"
    // Elsewhere than on EC2 nothing answers, so silence must be noticed quickly.
    private static let timeoutSeconds = 1
    private static let attemptsMax = 2

    func lookUp(now: Date) throws -> CredentialLookup {
        guard environment["AWS_EC2_METADATA_DISABLED"]?.lowercased() != "true" else {
            return .absent("AWS_EC2_METADATA_DISABLED is true")
        }
        let setting = "AWS_EC2_METADATA_SERVICE_ENDPOINT"
        let endpoint = try MetadataEndpoint(
            environment[setting] ?? usualAddress(), source: name, environment: environment)
        try endpoint.throwIfPlain(
            beyond: ["169.254.169.254", "[fd00:ec2::254]"], setting: setting)
        do {
            let token = try text(endpoint, "PUT", "/latest/api/token") {
                // Six hours: any time would do, as each look takes a new one.
                $0.setHeader("X-aws-ec2-metadata-token-ttl-seconds", "21600")
            }
            let role =
                try text(endpoint, "GET", Self.roles, token: token)
                .split(separator: "\n").first.map(String.init) ?? ""
            let body = try ask(endpoint, "GET", Self.roles + role, token: token)
            let found = try CredentialDocument(body, source: name).ofEndpoint(name)
            return .found(found.extended(at: now))
        } catch let error as CredentialError {
            // The last place of all: whatever is wrong here, nothing is found, and the list of
            // places tells why.
            return .absent(error.message)
        }
    }

    // Two settings lead to the service; the address has the last word.
    private func usualAddress() throws -> String {
        let setting = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"
        switch environment[setting]?.lowercased() {
        case nil, "ipv4": return "http://169.254.169.254"
        case "ipv6": return "http://[fd00:ec2::254]"
        case let other?:
            throw CredentialError(
                source: name, message: "\(setting) is \"\(other)\", not IPv4 or IPv6")
        }
    }

    private func text(
        _ endpoint: MetadataEndpoint, _ method: String, _ path: String, token: String? = nil,
        _ prepare: (inout HTTPRequest) -> Void = { _ in }
    ) throws -> String {
        String(
            decoding: try ask(endpoint, method, path, token: token, prepare), as: UTF8.self)
    }

    private func ask(
        _ endpoint: MetadataEndpoint, _ method: String, _ path: String, token: String?,
        _ prepare: (inout HTTPRequest) -> Void = { _ in }
    ) throws -> [UInt8] {
        let prefix = endpoint.path.hasSuffix("/") ? String(endpoint.path.dropLast()) : endpoint.path
        var request = endpoint.request(method, path: prefix + path)
        if let token { request.setHeader("X-aws-ec2-metadata-token", token) }
        prepare(&request)
        var attempt = 1
        while true {
            do {
                return try endpoint.perform(request, timeoutSeconds: Self.timeoutSeconds).body
            } catch let error as CredentialError
                where error.isTransient && attempt < Self.attemptsMax
            {
                attempt += 1
            }
        }
    }
}

extension AWSCredentials {
    // As long as AWS asks for before the service is asked again.
    private static let extensionSeconds = 600.0

    /// The same for ten minutes more, where they have run out.
    ///
    /// AWS calls it static stability: while the service cannot make new keys it hands out the old
    /// ones, and AWS goes on to take them. Source: the SDKs' credential refresh of EC2 instances.
    fileprivate func extended(at now: Date) -> AWSCredentials {
        guard let expiration, expiration <= now else { return self }
        return AWSCredentials(
            accessKeyID: accessKeyID, secretAccessKey: secretAccessKey, sessionToken: sessionToken,
            expiration: now.addingTimeInterval(Self.extensionSeconds))
    }
}
