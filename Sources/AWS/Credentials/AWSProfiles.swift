internal import Foundation

/// The profiles of the shared configuration and credentials files, and which one is chosen.
package struct AWSProfiles: Sendable {
    /// The chosen profile: `AWS_DEFAULT_PROFILE`, `AWS_PROFILE`, else `default`.
    package let chosen: String
    let configurationFile: String
    let credentialsFile: String
    private let configured: [String: ProfileSettings]
    private let credentialed: [String: ProfileSettings]

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
        configured = Self.profiles(try Self.sections(of: configurationFile))
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
    package var settings: [String: String] { self[chosen]?.values ?? [:] }

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
            } else if let words = shellWords(section.name), words.count == 2,
                words[0] == "profile"
            {
                profiles[words[1]] = section.settings
            }
        }
        return profiles
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
