internal import Foundation

/// The endpoint that ECS and EKS give a container.
///
/// Source: AWS SDKs and Tools Reference, "Container credential provider".
struct ContainerCredentials: CredentialSource {
    let environment: AWSEnvironment
    // An agent that is busy or restarting; a second is what it takes.
    var attemptsMax = 3
    var pauseSeconds = 1.0

    let name = "container"
    private static let relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
    private static let full = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
    // The agents of ECS and EKS. They are link-local: what is said there stays on the host.
    private static let agents = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"]

    func lookUp(now: Date) throws -> CredentialLookup {
        guard let address = address() else {
            return .absent("neither \(Self.relative) nor \(Self.full) is set")
        }
        let endpoint = try MetadataEndpoint(address, source: name, environment: environment)
        try endpoint.throwIfPlain(beyond: Self.agents, setting: Self.full)
        return .found(try fetch(endpoint))
    }

    func address() -> String? {
        if let path = environment[Self.relative] { return "http://169.254.170.2\(path)" }
        return environment[Self.full]
    }

    private func fetch(_ endpoint: MetadataEndpoint) throws -> AWSCredentials {
        var attempt = 1
        while true {
            do {
                var request = endpoint.request("GET", path: endpoint.path)
                request.setHeader("Accept", "application/json")
                // Anew each time: the file's token is replaced while we run.
                if let token = try token() { request.setHeader("Authorization", token) }
                let answer = try endpoint.perform(request, timeoutSeconds: 2)
                return try CredentialDocument(answer.body, source: name).ofEndpoint(name)
            } catch let error as CredentialError where error.isTransient && attempt < attemptsMax {
                attempt += 1
                Thread.sleep(forTimeInterval: pauseSeconds)
            }
        }
    }

    private func token() throws -> String? {
        let variable = "AWS_CONTAINER_AUTHORIZATION_TOKEN"
        var token = environment[variable]
        if let file = environment["\(variable)_FILE"] {
            token = try readCredentialFile(file, setting: "\(variable)_FILE")
        }
        // A line end would let the value write headers of its own.
        guard token?.utf8.contains(where: { $0 == 10 || $0 == 13 }) != true else {
            throw CredentialError(source: name, message: "the authorization token has a line end")
        }
        return token
    }
}

/// A token's file, without the blanks at its end; the error names the setting and the file.
func readCredentialFile(_ path: String, setting: String) throws -> String {
    do {
        return try String(contentsOfFile: path, encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
        throw CredentialError(
            source: setting, message: "\(path) cannot be read: \(error.localizedDescription)")
    }
}
