internal import FoundationEssentials

/// The address of a service, and the region that a signature for it names.
package struct AWSEndpoint: Sendable, Equatable {
    /// `https`, or `http` for this machine.
    package let scheme: String
    /// An IPv6 address in brackets.
    package let host: String
    /// Nil for the scheme's own.
    package let port: Int?
    /// Without a slash at its end; empty for most.
    package let path: String
    /// What the signature names; of a global host not the one that was asked for.
    package var region: String
    /// False for Amazon's own hosts.
    package let isCustom: Bool

    /// Amazon's own host of that name.
    init(host: String, region: String) {
        scheme = "https"
        self.host = host
        port = nil
        path = ""
        self.region = region
        isCustom = false
    }

    /// True where a name may be one part of a host's, and can be nothing else.
    static func isHostLabel(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 63 && !name.hasPrefix("-") && !name.hasSuffix("-")
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
    }

    /// A configured address; `http` only if it cannot leave this machine.
    init(url: String, setting: String, region: String = "") throws(AWSConfigurationError) {
        guard let parts = URLComponents(string: url), let host = parts.encodedHost,
            let scheme = parts.scheme?.lowercased(), scheme == "https" || scheme == "http",
            !host.isEmpty, parts.user == nil, parts.query == nil
        else {
            throw AWSConfigurationError(
                setting: setting,
                message:
                    "\"\(Self.redacted(url))\" is not an address; write it as https://host[:port]")
        }
        guard scheme == "https" || isLoopback(host) else {
            throw AWSConfigurationError(
                setting: setting,
                message: "plain http is allowed only for addresses of this machine, "
                    + "not for \(host); use https")
        }
        self.scheme = scheme
        self.host = host
        port = parts.port
        path =
            parts.percentEncodedPath.hasSuffix("/")
            ? String(parts.percentEncodedPath.dropLast()) : parts.percentEncodedPath
        self.region = region
        isCustom = true
    }

    // An address with a user in it has a password in it.
    private static func redacted(_ url: String) -> String {
        guard let at = url.lastIndex(of: "@") else { return url }
        return "..." + url[at...]
    }
}
