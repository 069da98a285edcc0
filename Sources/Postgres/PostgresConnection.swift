internal import CPostgres

/// A connection to a server; it belongs to one task and blocks the thread that uses it.
///
/// The session speaks UTF-8, UTC and ISO dates, finds nothing by search path, and for work has no
/// timeouts, whatever the server's or the role's defaults are.
package final class PostgresConnection {
    let handle: OpaquePointer
    /// Called with the text of every notice and warning; nil drops them.
    package var onNotice: ((String) -> Void)?
    /// Process of the server that serves the session; behind a pooler not the one that
    /// ``backendPID`` names.
    private(set) var session = 0

    /// Connects.
    ///
    /// - Parameters:
    ///   - conninfo: URI, keyword string, database name or nothing, as in "PostgreSQL: Connection
    ///     Strings"; what it leaves open comes from PG* variables and service files.
    ///   - applicationName: what `pg_stat_activity` shows unless conninfo or PGAPPNAME say otherwise.
    ///   - purpose: what the session is for.
    ///   - password: asked for the password of this connection; nil where libpq knows it.
    /// - Throws: `PostgresError`, `isConnectionLost` when the server could not be reached.
    package init(
        _ conninfo: String, applicationName: String = "sluice", for purpose: SessionPurpose = .work,
        password: PasswordSource? = nil
    ) throws(PostgresError) {
        var settings = try ConnectionSettings(
            conninfo, applicationName: applicationName, for: purpose)
        if let password { settings.set(password: try password()) }
        guard let opened = settings.connect() else {
            throw PostgresError("libpq is out of memory", connectionIsBad: true)
        }
        guard PQstatus(opened) == CONNECTION_OK else {
            defer { PQfinish(opened) }
            let hint = settings.advice(on: String(cString: PQerrorMessage(opened)))
            throw PostgresError(connection: opened, hint: hint)
        }
        handle = opened
        PQsetNoticeReceiver(
            handle, Self.receiveNotice, Unmanaged.passUnretained(self).toOpaque())
        do {
            // Before any SET: in a pool those would stay behind for others.
            session = try refuseSharedSession(settings)
            try setUpSession(for: purpose)
        } catch {
            throw ofForeignServer(error) ?? error
        }
    }

    /// What an error in the first statements means where the server only speaks the protocol.
    private func ofForeignServer(_ error: PostgresError) -> PostgresError? {
        // A connection that libpq calls bad has version 0.
        guard isAlive, serverVersion < Self.versionMin else { return nil }
        return PostgresError(
            "the server is no PostgreSQL that Sluice can work with; it calls itself "
                + "\(reported("server_version") ?? "nothing"), and answers: \(error.message)",
            hint: "name a PostgreSQL 15 or newer")
    }

    /// The oldest server on which the statements of a session were tried.
    private static let versionMin = 140_000

    deinit {
        PQfinish(handle)
    }

    /// Process of the server that serves this connection.
    package var backendPID: Int32 { PQbackendPID(handle) }

    /// A setting that the server reported when the session began; nil for one that it did not.
    package func reported(_ name: String) -> String? {
        PQparameterStatus(handle, name).map { String(cString: $0) }
    }

    /// Version of the server as libpq writes it: 150020 is 15.20.
    package var serverVersion: Int { Int(PQserverVersion(handle)) }

    /// Whether libpq still believes in the connection; only the next statement can prove it.
    package var isAlive: Bool { PQstatus(handle) == CONNECTION_OK }

    /// Runs statements whose rows nobody wants, several separated by semicolons.
    package func execute(_ sql: String) throws(PostgresError) {
        _ = try checked(PQexec(handle, sql))
    }

    /// Runs one statement; the server infers the types of its parameters `$1`, `$2` and so on.
    @discardableResult
    package func query(
        _ sql: String, _ parameters: [PostgresValue] = []
    ) throws(PostgresError) -> PostgresResult {
        let parameters = try ParameterBuffer(parameters)
        return try checked(
            parameters.withPointers { types, values, lengths, formats in
                PQexecParams(
                    handle, sql, Int32(parameters.count), types, values, lengths, formats, 0)
            })
    }

    /// Takes ownership of what libpq answered, and throws unless it is a success.
    func checked(_ answer: OpaquePointer?) throws(PostgresError) -> PostgresResult {
        guard let answer else { throw PostgresError(connection: handle) }
        let result = PostgresResult(owning: answer)
        switch PQresultStatus(answer) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            return result
        case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
            abandonCopy(because: "COPY was started where none was expected")
            throw PostgresError("COPY is only for copyIn(_:) and copyOut(_:_:)")
        default:
            throw PostgresError(result: answer, connectionIsBad: !isAlive)
        }
    }

    private static let receiveNotice: PQnoticeReceiver = { context, result in
        guard let context, let result else { return }
        let connection = Unmanaged<PostgresConnection>.fromOpaque(context).takeUnretainedValue()
        let notice = PostgresError(result: result, connectionIsBad: false)
        connection.onNotice?(notice.message)
    }
}
