extension PostgresConnection {
    /// A name as SQL writes it: in double quotes, whatever it contains.
    package static func quoteIdentifier(_ name: String) -> String {
        quoted(name, by: "\"")
    }

    /// A text as SQL writes it, for statements that take no parameters.
    ///
    /// It relies on `standard_conforming_strings`, which every session of ours has on.
    package static func quoteLiteral(_ text: String) -> String {
        quoted(text, by: "'")
    }

    /// A value of a connection string, quoted where it is not plain.
    ///
    /// PostgreSQL, "Connection Strings": within single quotes a backslash goes before a quote and
    /// before a backslash.
    package static func quoteConninfo(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && !"'\\".utf8.contains($0) }
        if isPlain { return value }
        // By scalars: a quote with an accent on it is one character to Swift.
        var escaped = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            if scalar == "'" || scalar == "\\" { escaped.append("\\") }
            escaped.append(scalar)
        }
        return "'" + String(escaped) + "'"
    }

    private static func quoted(_ text: String, by quote: Unicode.Scalar) -> String {
        precondition(!text.utf8.contains(0), "SQL cannot hold a NUL character")
        var quoted = String(quote)
        for scalar in text.unicodeScalars {
            if scalar == quote { quoted.unicodeScalars.append(quote) }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + String(quote)
    }
}
