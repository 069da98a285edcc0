internal import FoundationEssentials

/// The limits of an HTTP client and where it finds the authorities it trusts.
///
/// There is no setting that turns the verification of certificates off.
package struct HTTPSettings: Sendable {
    /// How long a connection may take, TLS included.
    package var connectTimeoutSeconds: Int
    /// How long nothing at all may arrive before a transfer is given up.
    package var stallSeconds: Int
    /// Most bytes of an answer that is held in memory.
    package var bodyBytesMax: Int
    /// PEM file of trusted authorities; nil for the ones libcurl was built with.
    package var authoritiesFile: String?

    /// The defaults; the authorities file from `AWS_CA_BUNDLE`, `CURL_CA_BUNDLE` or
    /// `SSL_CERT_FILE`, whichever comes first.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        connectTimeoutSeconds = 10
        stallSeconds = 30
        bodyBytesMax = 16 << 20  // a listing of 1,000 keys is below 2 MiB
        authoritiesFile = ["AWS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"]
            .lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
}
