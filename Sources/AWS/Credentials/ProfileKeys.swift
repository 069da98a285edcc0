internal import FoundationEssentials

/// `aws_access_key_id` and its companions in one of the two shared files.
struct ProfileKeys: CredentialSource {
    let profile: String
    let file: String
    let settings: ProfileSettings

    var name: String { "keys of profile \"\(profile)\" in \(file)" }

    func lookUp(now: Date) throws -> CredentialLookup {
        guard let key = settings["aws_access_key_id"] else {
            return .absent("no aws_access_key_id")
        }
        guard let secret = settings["aws_secret_access_key"] else {
            throw CredentialError(
                source: name, message: "aws_access_key_id without aws_secret_access_key")
        }
        return .found(
            AWSCredentials(
                accessKeyID: key, secretAccessKey: secret,
                sessionToken: settings["aws_security_token"] ?? settings["aws_session_token"]))
    }
}

/// Ways to sign in that need a person at a browser.
///
/// A service has none: it says so by name.
struct InteractiveProfile: CredentialSource {
    let profile: String
    let settings: ProfileSettings
    /// Settings any of which asks for this way.
    let marks: [String]
    /// What AWS calls it.
    let way: String

    var name: String { "\(way) of profile \"\(profile)\"" }

    func lookUp(now: Date) throws -> CredentialLookup {
        guard let mark = marks.first(where: { settings[$0] != nil }) else {
            return .absent("no \(marks.joined(separator: " or "))")
        }
        throw CredentialError(
            source: "profile \"\(profile)\"",
            message: "\(mark): \(way) profiles are not supported, as they need a person to sign "
                + "in; use a role, or `credential_process = aws configure export-credentials`")
    }
}
