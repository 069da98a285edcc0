internal import CPostgres
internal import Glibc

/// What connection string, service file and environment come to, and what of it somebody named.
struct ConnectionOptions {
    /// As libpq would use them, its own defaults among them; empty where libpq cannot tell.
    private let values: [String: String]
    private let named: Set<String>

    /// Resolves a connection string that is well formed, without connecting; `given` are the
    /// keywords that it sets.
    init(_ conninfo: String, given: Set<String>) {
        // libpq resolves everything, finds this value wrong, and never gets to the network. The
        // password only keeps it from looking for one.
        let probe = withCStrings(["dbname", "password", "channel_binding"]) { keywords in
            withCStrings([conninfo, "none", "not of libpq's"]) { values in
                PQconnectStartParams(keywords, values, 1)
            }
        }
        defer { PQfinish(probe) }
        let options = PQconninfo(probe)
        defer { PQconninfoFree(options) }
        var values: [String: String] = [:]
        var named = given
        var option = options
        while let current = option?.pointee, let keyword = current.keyword {
            let name = String(cString: keyword)
            let value = current.val.map { String(cString: $0) }
            values[name] = value
            let isInEnvironment = current.envvar.map { getenv($0) != nil } ?? false
            let isDefault = value == current.compiled.map { String(cString: $0) }
            if isInEnvironment || !isDefault { named.insert(name) }
            option = option?.advanced(by: 1)
        }
        if let service = Self.service(conninfo, isGiven: given.contains("service")) {
            named.formUnion(ServiceFile.keywords(of: service))
        }
        // The older way to ask for encryption ("PostgreSQL: Environment Variables").
        if getenv("PGREQUIRESSL") != nil { named.insert("sslmode") }
        self.values = values
        self.named = named
    }

    subscript(keyword: String) -> String? { values[keyword] }

    /// Whether string, service or environment set the keyword, perhaps to libpq's own default.
    func names(_ keyword: String) -> Bool { named.contains(keyword) }

    /// Whether every server of the connection is this machine: a socket or a loopback address.
    var isLocal: Bool {
        let names = Self.list(values["host"])
        let addresses = Self.list(values["hostaddr"])
        // An address goes before the name beside it; nothing at all is a socket.
        let places = (0..<max(names.count, addresses.count)).map { index in
            let address = index < addresses.count ? addresses[index] : ""
            return address.isEmpty ? (index < names.count ? names[index] : "") : address
        }
        return places.allSatisfy(Self.isLocal)
    }

    private static func isLocal(_ place: String) -> Bool {
        let name = place.lowercased()
        if name.isEmpty || name.hasPrefix("/") || name.hasPrefix("@") { return true }
        if name == "localhost" || name == "localhost." { return true }
        // RFC 1122, 3.2.1.3: 127.0.0.0/8 never leaves the machine; RFC 4291, 2.5.3: nor does ::1.
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, name, &bytes) == 1 { return bytes[0] == 127 }
        return inet_pton(AF_INET6, name, &bytes) == 1
            && (bytes == [UInt8](repeating: 0, count: 15) + [1]
                || bytes.prefix(13) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 127])
    }

    private static func list(_ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    private static func service(_ conninfo: String, isGiven: Bool) -> String? {
        guard isGiven else { return getenv("PGSERVICE").map { String(cString: $0) } }
        guard let options = PQconninfoParse(conninfo, nil) else { return nil }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if String(cString: keyword) == "service" {
                return option.pointee.val.map { String(cString: $0) }
            }
            option += 1
        }
        return nil
    }
}

/// Lends strings as the null-terminated array of C strings that libpq wants.
func withCStrings<R>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R
) -> R {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    let pointers = copies.map { UnsafePointer($0) } + [nil]
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
}
