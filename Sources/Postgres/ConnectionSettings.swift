internal import CPostgres
internal import Glibc

/// A connection string with our few defaults around it.
struct ConnectionSettings {
    /// What libpq lacks unless string, service or environment say otherwise.
    ///
    /// Without a limit libpq waits for a dead host as long as TCP does, which is minutes; and for
    /// the answer of one that is gone without a word (power, network) for two hours.
    private static let defaults = [
        ("connect_timeout", "10"),
        ("keepalives_idle", "30"), ("keepalives_interval", "10"), ("keepalives_count", "3"),
        ("tcp_user_timeout", "60000"),
    ]
    /// The first libpq that knows `sslrootcert=system`.
    private static let systemCertificates = 160_000

    private var keywords: [String] = []
    private var values: [String] = []
    private var isModeOurs = false

    /// Reads a connection string.
    ///
    /// - Throws: `PostgresError` that quotes nothing of a string that could hold a password.
    init(
        _ conninfo: String, applicationName: String, for purpose: SessionPurpose
    ) throws(PostgresError) {
        let given = try Self.givenKeywords(conninfo)
        let options = ConnectionOptions(conninfo, given: given)
        for (keyword, value) in Self.defaults where !options.names(keyword) { add(keyword, value) }
        // A replica, or a server that only reads just now, is no place for work.
        if purpose == .work, !options.names("target_session_attrs") {
            add("target_session_attrs", "read-write")
        }
        if !options.names("sslmode"), !options.isLocal { try verifyServer(options) }
        add("fallback_application_name", applicationName)
        add("dbname", conninfo)
        add("client_encoding", "UTF8")
    }

    /// Uses this password, whatever else names one.
    mutating func set(password: String) { add("password", password) }

    /// libpq by itself takes any server, and plain text where that has no TLS.
    private mutating func verifyServer(_ options: ConnectionOptions) throws(PostgresError) {
        isModeOurs = true
        add("sslmode", "verify-full")
        guard !options.names("sslrootcert"), !Self.hasOwnCertificates else { return }
        guard PQlibVersion() < Self.systemCertificates else { return add("sslrootcert", "system") }
        throw PostgresError(
            "the server is not on this machine, so its certificate must be checked "
                + "(sslmode=verify-full), and there are no certificates to check it by",
            hint: "add to the connection string sslrootcert=/etc/ssl/certs/ca-certificates.crt, or "
                + "the file of your database's own authority; or name another sslmode")
    }

    /// libpq's own default file.
    private static var hasOwnCertificates: Bool {
        let home = getenv("HOME").map { String(cString: $0) } ?? ServiceFile.homeFolder ?? ""
        return access(home + "/.postgresql/root.crt", R_OK) == 0
    }

    /// What to do about a connection that failed, where our own defaults may be the cause.
    func advice(on complaint: String) -> String? {
        if complaint.contains("session is read-only") || complaint.contains("server is in hot") {
            return "work needs a server that can be written to; a connection string with "
                + "target_session_attrs=any takes this one"
        }
        // libpq asks so whoever does not report it by itself, as PostgreSQL 14 and newer do.
        if complaint.contains("SHOW transaction_read_only") {
            return "the server seems to be no PostgreSQL that Sluice can work with; name a "
                + "PostgreSQL 15 or newer"
        }
        if isModeOurs, complaint.contains("SSL") || complaint.contains("certificate") {
            return "without an sslmode a server that is not on this machine is asked for "
                + "sslmode=verify-full; name its authority by sslrootcert, or another sslmode"
        }
        return nil
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
