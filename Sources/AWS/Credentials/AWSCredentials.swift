package import FoundationEssentials

/// One set of AWS keys.
///
/// Whatever prints it, dumps it or mirrors it sees no secret.
package struct AWSCredentials: Sendable, Equatable {
    /// The key's public name, as CloudTrail shows it.
    package let accessKeyID: String
    /// The key that signs; it never leaves this process.
    package let secretAccessKey: String
    /// The token that goes with a session's keys, and is absent for a user's.
    package let sessionToken: String?
    /// When AWS stops accepting the keys; nil for keys that do not expire.
    package let expiration: Date?

    package init(
        accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil,
        expiration: Date? = nil
    ) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
        self.expiration = expiration
    }
}

extension AWSCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The last four characters of the key's name: enough to tell two keys apart.
    package var description: String { "AWSCredentials(…\(accessKeyID.suffix(4)))" }

    /// The same as `description`, so that no debugger or assertion shows more.
    package var debugDescription: String { description }

    /// A mirror without the fields: `dump` and `String(reflecting:)` walk mirrors.
    package var customMirror: Mirror { Mirror(self, children: ["key": description]) }
}
