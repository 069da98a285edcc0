/// Where the default chain looks, in the order of the AWS CLI.
///
/// Source: AWS CLI User Guide, "Configuration and credential precedence".
struct CredentialPlaces {
    let environment: AWSEnvironment
    let profiles: AWSProfiles
    /// Given by the program; nil to take it from the environment or the profile.
    let region: String?

    /// All places, the first one with credentials wins.
    var all: [any CredentialSource] {
        let profile = profiles.chosen
        return [
            EnvironmentCredentials(environment: environment),
            ProfileRole(profile: profile, places: self),
        ] + ofProfile(profile, takingEnvironment: true) + [
            ContainerCredentials(environment: environment),
            InstanceMetadata(environment: environment),
        ]
    }

    /// The places of one profile, which a role's `source_profile` has too.
    func ofProfile(_ name: String, takingEnvironment: Bool) -> [any CredentialSource] {
        let settings = profiles[name] ?? ProfileSettings()
        return [
            WebIdentityCredentials(
                profile: name, takingEnvironment: takingEnvironment, places: self),
            InteractiveProfile(
                profile: name, settings: settings, marks: ["sso_account_id", "sso_role_name"],
                way: "SSO"),
            ProfileKeys(
                profile: name, file: profiles.credentialsFile,
                settings: profiles.credentials(of: name)),
            InteractiveProfile(
                profile: name, settings: settings, marks: ["login_session"], way: "login"),
            ProcessCredentials(
                profile: name, command: settings["credential_process"], environment: environment),
            ProfileKeys(
                profile: name, file: profiles.configurationFile,
                settings: profiles.configuration(of: name)),
        ]
    }

    /// The place that a profile's `credential_source` names.
    func named(_ name: String) -> (any CredentialSource)? {
        switch name {
        case "Environment": EnvironmentCredentials(environment: environment)
        case "EcsContainer": ContainerCredentials(environment: environment)
        case "Ec2InstanceMetadata": InstanceMetadata(environment: environment)
        default: nil
        }
    }

    /// STS, with region, endpoint and authorities as the environment and the profile say.
    func sts() throws -> STS {
        let configuration = try AWSConfiguration(
            region: region, environment: environment.variables, profile: try profiles.settings)
        return STS(
            configuration: configuration,
            settings: HTTPSettings(environment: environment.variables))
    }
}
