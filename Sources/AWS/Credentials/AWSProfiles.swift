internal import Foundation

/// The profiles of the shared configuration and credentials files, and which one is chosen.
package struct AWSProfiles: Sendable {
    /// The chosen profile: `AWS_DEFAULT_PROFILE`, `AWS_PROFILE`, else `default`.
    package let chosen: String
    let configurationFile: String
    let credentialsFile: String
    private let configured: [String: ProfileSettings]
    private let credentialed: [String: ProfileSettings]
    // `[services name]`: addresses of single services, which profiles share.
    private let services: [String: ProfileSettings]

    /// Reads both files; one that is not there is empty.
    ///
    /// Throws `CredentialError` for a file that cannot be read or understood, and for a profile
    /// that was asked for by name and is in neither.
    package init(_ environment: AWSEnvironment) throws {
        configurationFile = environment.file("AWS_CONFIG_FILE", usual: "~/.aws/config")
        credentialsFile = environment.file(
            "AWS_SHARED_CREDENTIALS_FILE", usual: "~/.aws/credentials")
        let named = environment["AWS_DEFAULT_PROFILE"] ?? environment["AWS_PROFILE"]
        chosen = named ?? "default"
        let sections = try Self.sections(of: configurationFile)
        configured = Self.profiles(sections)
        services = Self.named("services", in: sections)
        credentialed = Dictionary(
            try Self.sections(of: credentialsFile).map { ($0.name, $0.settings) }
        ) { $1 }
        guard named == nil || self[chosen] != nil else {
            throw CredentialError(
                source: "profile \"\(chosen)\"",
                message: "AWS_PROFILE names it, but neither \(configurationFile) nor "
                    + "\(credentialsFile) has it")
        }
    }

    /// The settings of a profile from both files; the credentials file has the last word.
    subscript(name: String) -> ProfileSettings? {
        guard let base = configured[name] else { return credentialed[name] }
        return base.merging(credentials(of: name))
    }

    /// The settings of the chosen profile, such as `region`; none where there is no profile.
    ///
    /// Those of its services section are named `services.s3.endpoint_url`. Throws where the
    /// section that it names is not there.
    package var settings: [String: String] {
        get throws(CredentialError) {
            var settings = self[chosen]?.values ?? [:]
            guard let name = settings["services"] else { return settings }
            guard let section = services[name] else {
                throw CredentialError(
                    source: "profile \"\(chosen)\"",
                    message: "services names \"\(name)\", but \(configurationFile) has no "
                        + "[services \(name)]")
            }
            for (key, value) in section.values { settings["services.\(key)"] = value }
            return settings
        }
    }

    /// A profile's settings in the credentials file alone.
    func credentials(of name: String) -> ProfileSettings {
        credentialed[name] ?? ProfileSettings()
    }

    /// A profile's settings in the configuration file alone.
    func configuration(of name: String) -> ProfileSettings {
        configured[name] ?? ProfileSettings()
    }

    private static func sections(of path: String) throws -> [INIFile.Section] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
            !isFolder.boolValue
        else { return [] }
        do {
            return try INIFile(String(contentsOfFile: path, encoding: .utf8)).sections
        } catch let error as INIFile.SyntaxError {
            throw CredentialError(
                source: "\(path) line \(error.line)", message: "\(error.message); mend the file")
        } catch {
            throw CredentialError(
                source: path, message: "cannot be read as UTF-8: \(error.localizedDescription)")
        }
    }

    // `[default]` and `[profile name]`, the name perhaps in quotes; other sections are not
    // profiles. The later one stands where both [default] and [profile default] are there.
    private static func profiles(_ sections: [INIFile.Section]) -> [String: ProfileSettings] {
        var profiles: [String: ProfileSettings] = [:]
        for section in sections {
            if section.name == "default" {
                profiles["default"] = section.settings
            } else if let name = name(of: section, as: "profile") {
                profiles[name] = section.settings
            }
        }
        return profiles
    }

    private static func named(
        _ kind: String, in sections: [INIFile.Section]
    ) -> [String: ProfileSettings] {
        var named: [String: ProfileSettings] = [:]
        for section in sections {
            if let name = name(of: section, as: kind) { named[name] = section.settings }
        }
        return named
    }

    private static func name(of section: INIFile.Section, as kind: String) -> String? {
        guard let words = shellWords(section.name), words.count == 2, words[0] == kind else {
            return nil
        }
        return words[1]
    }
}

// Profiles hold keys.
extension AWSProfiles: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The names of the files and of the chosen profile.
    package var description: String {
        "AWSProfiles(\(chosen), \(configurationFile), \(credentialsFile))"
    }

    /// The same as `description`.
    package var debugDescription: String { description }

    /// A mirror without the settings.
    package var customMirror: Mirror { Mirror(self, children: ["chosen": chosen]) }
}
