internal import FoundationEssentials

/// `role_arn` of a profile, with the keys of `source_profile` or `credential_source`.
///
/// Source: AWS SDKs and Tools Reference, "Assume role credential provider".
struct ProfileRole: CredentialSource {
    let profile: String
    let places: CredentialPlaces

    var name: String { "role of profile \"\(profile)\"" }

    func lookUp(now: Date) throws -> CredentialLookup {
        guard Self.isRole(places.profiles[profile] ?? ProfileSettings()) else {
            return .absent("no role_arn")
        }
        return .found(try role(profile, visited: [profile], now: now))
    }

    // A web identity brings its own role_arn, and its own place in the chain.
    private static func isRole(_ settings: ProfileSettings) -> Bool {
        settings["role_arn"] != nil && settings["web_identity_token_file"] == nil
    }

    private static func hasKeys(_ settings: ProfileSettings) -> Bool {
        settings["aws_access_key_id"] != nil || settings["aws_secret_access_key"] != nil
    }

    private func role(_ name: String, visited: [String], now: Date) throws -> AWSCredentials {
        let settings = places.profiles[name] ?? ProfileSettings()
        let session = try session(settings, profile: name)
        let source: AWSCredentials
        switch (settings["source_profile"], settings["credential_source"]) {
        case (let other?, nil): source = try keys(of: other, for: name, visited, now: now)
        case (nil, let place?): source = try keys(from: place, for: name, now: now)
        case (_?, _?): throw failure(name, "has both source_profile and credential_source")
        case (nil, nil):
            throw failure(name, "has role_arn but neither source_profile nor credential_source")
        }
        return try places.sts().assumeRole(session, as: FixedCredentials(source), now: now)
    }

    private func session(_ settings: ProfileSettings, profile: String) throws -> RoleSession {
        if settings["mfa_serial"] != nil {
            throw failure(profile, "mfa_serial needs a person with a device; use another role")
        }
        let duration = settings["duration_seconds"].map(Int.init)
        if case .some(nil) = duration { throw failure(profile, "duration_seconds is no number") }
        return RoleSession(
            roleARN: settings["role_arn"] ?? "", sessionName: settings["role_session_name"],
            externalID: settings["external_id"], durationSeconds: duration ?? nil)
    }

    private func keys(
        of other: String, for name: String, _ visited: [String], now: Date
    ) throws -> AWSCredentials {
        guard let settings = places.profiles[other] else {
            throw failure(name, "source_profile \"\(other)\" does not exist")
        }
        // A profile may name itself: its own keys then take on its role.
        guard !visited.contains(other) || (other == name && Self.hasKeys(settings)) else {
            let loop = (visited + [other]).joined(separator: " -> ")
            throw failure(name, "source_profile goes round in a circle: \(loop)")
        }
        if Self.isRole(settings), !Self.hasKeys(settings) {
            return try role(other, visited: visited + [other], now: now)
        }
        var search = CredentialSearch()
        let sources = places.ofProfile(other, takingEnvironment: false)
        if let found = try search.first(of: sources, now: now) { return found }
        throw failure(name, "source_profile \"\(other)\" has no credentials")
    }

    private func keys(from place: String, for name: String, now: Date) throws -> AWSCredentials {
        guard let source = places.named(place) else {
            throw failure(
                name,
                "credential_source \"\(place)\" is not one of "
                    + "Environment, EcsContainer, Ec2InstanceMetadata")
        }
        switch try source.lookUp(now: now) {
        case .found(let credentials): return credentials
        case .absent(let reason):
            throw failure(name, "credential_source \(place) has no credentials: \(reason)")
        }
    }

    private func failure(_ profile: String, _ message: String) -> CredentialError {
        CredentialError(source: "profile \"\(profile)\"", message: message)
    }
}
