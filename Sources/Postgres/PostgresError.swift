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
    /// Whether libpq made the error because the server did not get to answer.
    ///
    /// It may do so before it gives the connection up: a write that fails is reported while the
    /// server's last words are still unread.
    private let isOfLibpq: Bool
    /// Whether the server has ended the session (severity FATAL or PANIC).
    private let isFatal: Bool

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
        isOfLibpq = false
        isFatal = false
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
        isOfLibpq = sqlState == nil
        let severity = Self.field(SLUICE_DIAG_SEVERITY, of: result)
        isFatal = severity == "FATAL" || severity == "PANIC"
    }

    /// Reads libpq's last complaint about a connection; `hint` is what we know beyond that.
    init(connection: OpaquePointer?, hint: String? = nil) {
        sqlState = nil
        message = Self.line(PQerrorMessage(connection))
        self.hint = hint
        (detail, context, table, column, constraint) = (nil, nil, nil, nil, nil)
        connectionIsBad = PQstatus(connection) == CONNECTION_BAD
        isOfLibpq = true
        isFatal = false
    }

    /// Whether the connection is gone, so that nobody knows what became of the last statement.
    package var isConnectionLost: Bool {
        if connectionIsBad || isOfLibpq || isFatal { return true }
        guard let sqlState else { return false }
        return sqlState.hasPrefix("08") || Self.sessionEnds.contains(sqlState)
    }

    // PostgreSQL, appendix "Error Codes": shutdowns, a dropped database, and the timeouts that end
    // a session.
    private static let sessionEnds: Set = [
        "57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04",
    ]

    /// Whether nothing will do over this connection: it is gone, or its server only reads.
    ///
    /// A server that only reads (25006) is one that was failed over, is full, or is not the primary
    /// any more.
    package var needsAnotherConnection: Bool { isConnectionLost || sqlState == "25006" }

    /// Whether the database is in trouble, and not the work at fault: with a new connection the
    /// same work may succeed later.
    ///
    /// The one rule for that. A cancelled statement (57014) does not count: someone wanted it to
    /// stop, for no session that works has a timeout.
    package var isTransient: Bool {
        if needsAnotherConnection { return true }
        guard let sqlState, sqlState != "57014" else { return false }
        return ["40001", "40P01", "55P03"].contains(sqlState)
            || ["53", "57", "58"].contains { sqlState.hasPrefix($0) }
    }

    /// Message, SQLSTATE and whatever else the server said, in one line; but not a whole row, which
    /// may be about a person, and which is in the table or in its file.
    package var description: String {
        var text = message
        if let sqlState { text += " (SQLSTATE \(sqlState))" }
        let detail = detail.flatMap { Self.quotingRows.contains(sqlState ?? "") ? nil : $0 }
        for (name, value) in [("detail", detail), ("hint", hint), ("context", context)] {
            if let value { text += "; \(name): \(value)" }
        }
        return text
    }

    // PostgreSQL, appendix "Error Codes": not_null_violation and check_violation, which a partition
    // that does not fit counts as, quote the row that fails; others at most a key.
    private static let quotingRows: Set = ["23502", "23514"]

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
