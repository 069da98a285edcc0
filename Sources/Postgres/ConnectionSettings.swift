internal import CPostgres
internal import Glibc

/// A connection string with our few defaults around it.
struct ConnectionSettings {
    /// Without a limit libpq waits as long as TCP does, which is minutes for a dead host.
    private static let connectTimeoutSeconds = "10"

    private var keywords: [String] = []
    private var values: [String] = []

    /// Reads a connection string.
    ///
    /// - Throws: `PostgresError` that quotes nothing of a string that could hold a password.
    init(_ conninfo: String, applicationName: String) throws(PostgresError) {
        let given = try Self.givenKeywords(conninfo)
        if given.isDisjoint(with: ["connect_timeout", "service"]), !Self.environmentHasTimeout {
            add("connect_timeout", Self.connectTimeoutSeconds)
        }
        add("fallback_application_name", applicationName)
        add("dbname", conninfo)
        add("client_encoding", "UTF8")
    }

    /// Opens a connection, which may have failed: its status tells; nil is lack of memory.
    func connect() -> OpaquePointer? {
        withCStrings(keywords) { keywords in
            withCStrings(values) { values in PQconnectdbParams(keywords, values, 1) }
        }
    }

    private mutating func add(_ keyword: String, _ value: String) {
        keywords.append(keyword)
        values.append(value)
    }

    private static var environmentHasTimeout: Bool {
        getenv("PGCONNECT_TIMEOUT") != nil || getenv("PGSERVICE") != nil
    }

    /// The keywords that a connection string sets.
    private static func givenKeywords(_ conninfo: String) throws(PostgresError) -> Set<String> {
        let isURI = ["postgresql://", "postgres://"].contains { conninfo.hasPrefix($0) }
        guard isURI || conninfo.contains("=") else { return [] }
        var complaint: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(conninfo, &complaint)
        // libpq quotes the string, password and all, so its words are dropped.
        PQfreemem(complaint)
        guard let options, !(isURI && hasStrayAtSign(conninfo)) else {
            throw PostgresError(
                "the connection string is malformed",
                hint: "percent-encode special characters of a URI, quote values with spaces")
        }
        defer { PQconninfoFree(options) }
        return setKeywords(options)
    }

    private static func setKeywords(_ options: UnsafePointer<PQconninfoOption>) -> Set<String> {
        var set: Set<String> = []
        var option = options
        while let keyword = option.pointee.keyword {
            if option.pointee.val != nil { set.insert(String(cString: keyword)) }
            option += 1
        }
        return set
    }

    /// Whether a password that is not percent-encoded may have been read as host, port or path.
    ///
    /// libpq would quote that part in its message.
    private static func hasStrayAtSign(_ uri: String) -> Bool {
        let rest = uri.drop { $0 != "/" }.dropFirst(2)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let signs = authority.count { $0 == "@" }
        return signs > 1 || (signs == 0 && rest.contains("@"))
    }
}

/// Lends strings as the null-terminated array of C strings that libpq wants.
private func withCStrings<R>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> R
) -> R {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    let pointers = copies.map { UnsafePointer($0) } + [nil]
    return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
}
