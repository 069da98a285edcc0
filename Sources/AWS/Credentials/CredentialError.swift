/// A source of credentials that is configured but cannot be used, or a chain that found none.
///
/// It names settings, files and addresses, never a key or a token.
package struct CredentialError: Error, Sendable, CustomStringConvertible {
    /// Which source, as in `environment`, `profile "x"` or `container`.
    package let source: String
    /// What is wrong there and what to do about it.
    package let message: String
    /// True where the same look may well succeed a little later.
    package let isTransient: Bool

    init(source: String, message: String, isTransient: Bool = false) {
        self.source = source
        self.message = message
        self.isTransient = isTransient
    }

    package var description: String { "AWS credentials, \(source): \(message)" }
}
