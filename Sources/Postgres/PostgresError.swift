internal import CPostgres

/// What the server, or libpq on the way to it, answered instead of a result.
///
/// Fields are named as in "PostgreSQL: Error and Notice Message Fields". A password never gets here.
package struct PostgresError: Error, CustomStringConvertible, Sendable {
    /// Five-character code of the server; nil when the server did not get to answer.
    package let sqlState: String?
    /// The primary message, one line.
    package let message: String
    /// Particulars that the server added.
    package let detail: String?
    /// What the server suggests to do.
    package let hint: String?
    /// Where the server was: the COPY line and column, the function.
    package let context: String?
    /// Table that the error is about.
    package let table: String?
    /// Column that the error is about.
    package let column: String?
    /// Constraint that was violated.
    package let constraint: String?
    /// Whether libpq had given the connection up when the error was made.
    package let connectionIsBad: Bool

    /// Makes an error of our own.
    package init(
        _ message: String, sqlState: String? = nil, hint: String? = nil, column: String? = nil,
        connectionIsBad: Bool = false
    ) {
        self.sqlState = sqlState
        self.message = message
        self.detail = nil
        self.hint = hint
        self.context = nil
        self.table = nil
        self.column = column
        self.constraint = nil
        self.connectionIsBad = connectionIsBad
    }

    /// Reads the error out of a failed result.
    init(result: OpaquePointer, connectionIsBad: Bool) {
        sqlState = Self.field(SLUICE_DIAG_SQLSTATE, of: result)
        message =
            Self.field(SLUICE_DIAG_MESSAGE, of: result)
            ?? Self.line(PQresultErrorMessage(result))
        detail = Self.field(SLUICE_DIAG_DETAIL, of: result)
        hint = Self.field(SLUICE_DIAG_HINT, of: result)
        context = Self.field(SLUICE_DIAG_CONTEXT, of: result)
        table = Self.field(SLUICE_DIAG_TABLE, of: result)
        column = Self.field(SLUICE_DIAG_COLUMN, of: result)
        constraint = Self.field(SLUICE_DIAG_CONSTRAINT, of: result)
        self.connectionIsBad = connectionIsBad
    }

    /// Reads libpq's last complaint about a connection.
    init(connection: OpaquePointer?) {
        self.init(
            Self.line(PQerrorMessage(connection)),
            connectionIsBad: PQstatus(connection) == CONNECTION_BAD)
    }

    /// Whether the connection is gone, so that nobody knows what became of the last statement.
    package var isConnectionLost: Bool {
        guard let sqlState else { return connectionIsBad }
        return sqlState.hasPrefix("08") || ["57P01", "57P02", "57P03"].contains(sqlState)
    }

    /// Whether the same work may succeed when done again later.
    ///
    /// A cancelled statement (57014) is not: someone wanted it to stop.
    package var isTransient: Bool {
        if isConnectionLost { return true }
        guard let sqlState, sqlState != "57014" else { return false }
        return ["40001", "40P01", "55P03"].contains(sqlState)
            || ["53", "57", "58"].contains { sqlState.hasPrefix($0) }
    }

    /// Message, SQLSTATE and whatever else the server said, in one line.
    package var description: String {
        var text = message
        if let sqlState { text += " (SQLSTATE \(sqlState))" }
        for (name, value) in [("detail", detail), ("hint", hint), ("context", context)] {
            if let value { text += "; \(name): \(value)" }
        }
        return text
    }

    private static func field(_ code: SluiceDiagnostic, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(code.rawValue)).map { String(cString: $0) }
    }

    private static func line(_ message: UnsafePointer<CChar>?) -> String {
        guard let message else { return "libpq gave no reason" }
        let text = String(cString: message)
        let end = text.lastIndex { !$0.isNewline }.map { text.index(after: $0) }
        return text[..<(end ?? text.startIndex)].split(whereSeparator: \.isNewline)
            // libpq indents what belongs to the line above.
            .map { $0.drop(while: \.isWhitespace) }.joined(separator: "; ")
    }
}
