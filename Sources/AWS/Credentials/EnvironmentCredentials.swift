internal import FoundationEssentials

/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`.
struct EnvironmentCredentials: CredentialSource {
    let environment: AWSEnvironment
    let name = "environment"

    func lookUp(now: Date) throws -> CredentialLookup {
        guard let key = environment["AWS_ACCESS_KEY_ID"] else {
            return .absent("AWS_ACCESS_KEY_ID is not set")
        }
        guard let secret = environment["AWS_SECRET_ACCESS_KEY"] else {
            throw CredentialError(
                source: name,
                message: "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not; set both")
        }
        return .found(
            AWSCredentials(
                accessKeyID: key, secretAccessKey: secret,
                // The older name first, as the AWS CLI does.
                sessionToken: environment["AWS_SECURITY_TOKEN"] ?? environment["AWS_SESSION_TOKEN"],
                expiration: try expiration()))
    }

    private func expiration() throws -> Date? {
        guard let text = environment["AWS_CREDENTIAL_EXPIRATION"] else { return nil }
        guard let date = instant(text) else {
            throw CredentialError(
                source: name, message: "AWS_CREDENTIAL_EXPIRATION is not an ISO 8601 instant")
        }
        return date
    }
}
