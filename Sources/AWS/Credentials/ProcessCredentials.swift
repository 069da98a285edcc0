internal import FoundationEssentials

/// `credential_process`: a command of the operator's that prints keys as JSON.
///
/// Source: AWS SDKs and Tools Reference, "Process credential provider". The command is run
/// without a shell; what it prints to standard output is never shown.
struct ProcessCredentials: CredentialSource {
    let profile: String
    let command: String?
    let environment: AWSEnvironment

    var name: String { "credential_process of profile \"\(profile)\"" }

    func lookUp(now: Date) throws -> CredentialLookup {
        guard let command else { return .absent("no credential_process") }
        guard let words = shellWords(command), !words.isEmpty else {
            throw CredentialError(
                source: name, message: "the command is empty or a quote in it is left open")
        }
        let output = try CredentialCommand(source: name, environment: environment).run(words)
        return .found(try CredentialDocument(output, source: name).ofProcess(name))
    }
}
