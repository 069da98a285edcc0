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
        let address = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254"
        let endpoint = try MetadataEndpoint(address, source: name, environment: environment)
        do {
            let token = try text(endpoint, "PUT", "/latest/api/token") {
                // Six hours: any time would do, as each look takes a new one.
                $0.setHeader("X-aws-ec2-metadata-token-ttl-seconds", "21600")
            }
            let role =
                try text(endpoint, "GET", Self.roles, token: token)
                .split(separator: "\n").first.map(String.init) ?? ""
            let body = try ask(endpoint, "GET", Self.roles + role, token: token)
            return .found(try CredentialDocument(body, source: name).ofEndpoint(name))
        } catch let error as CredentialError {
            // The last place of all: whatever is wrong here, nothing is found, and the list of
            // places tells why.
            return .absent(error.message)
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
