internal import FoundationEssentials

/// A role taken on with a token in a file, as EKS and CI systems give it.
///
/// Source: AWS SDKs and Tools Reference, "Assume role credential provider", web identity. Each
/// setting comes from its variable, else from the profile.
struct WebIdentityCredentials: CredentialSource {
    let profile: String
    let takingEnvironment: Bool
    let places: CredentialPlaces

    var name: String { "web identity" }

    func lookUp(now: Date) throws -> CredentialLookup {
        guard let file = setting("web_identity_token_file", "AWS_WEB_IDENTITY_TOKEN_FILE") else {
            return .absent(
                "neither AWS_WEB_IDENTITY_TOKEN_FILE nor web_identity_token_file in profile "
                    + "\"\(profile)\" is set")
        }
        guard let role = setting("role_arn", "AWS_ROLE_ARN") else {
            throw CredentialError(
                source: name,
                message:
                    "a token file is set but no role; set AWS_ROLE_ARN or the profile's role_arn")
        }
        // Anew each time: the file is replaced while we run.
        let token = try readCredentialFile(file, setting: name)
        let session = RoleSession(
            roleARN: role, sessionName: setting("role_session_name", "AWS_ROLE_SESSION_NAME"))
        return .found(try places.sts().assumeRole(session, webIdentityToken: token))
    }

    private func setting(_ key: String, _ variable: String) -> String? {
        if takingEnvironment, let value = places.environment[variable] { return value }
        return places.profiles[profile]?[key]
    }
}
