internal import CPostgres

extension PostgresConnection {
    /// A connection string without its passwords, for a person to read or to paste.
    ///
    /// Only libpq knows where a password ends: quotes, backslashes and percent signs are all ways
    /// to write one. A string that it cannot read is left out whole.
    package static func withoutPasswords(_ conninfo: String) -> String {
        let isURI = ["postgresql://", "postgres://"].contains { conninfo.hasPrefix($0) }
        // Anything else is the name of a database.
        guard isURI || conninfo.contains("=") else { return conninfo }
        var complaint: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(conninfo, &complaint)
        // libpq quotes the string, password and all.
        PQfreemem(complaint)
        guard let options else { return "" }
        defer { PQconninfoFree(options) }
        var plain: [String] = []
        var hasSecret = false
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                // libpq, "PQconndefaults": a star marks what a screen is not to show.
                if option.pointee.dispchar.pointee == CChar(UInt8(ascii: "*")) {
                    hasSecret = true
                } else {
                    plain.append(
                        String(cString: keyword) + "=" + quoteConninfo(String(cString: value)))
                }
            }
            option += 1
        }
        return hasSecret ? plain.joined(separator: " ") : conninfo
    }
}
