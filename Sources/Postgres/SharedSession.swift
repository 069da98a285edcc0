internal import CPostgres
internal import Glibc

extension PostgresConnection {
    // Two clients of a pool that shares sessions meet on one unless others are very quick in
    // between; then ours has changed, or does so later: ``tryAdvisoryLock(_:)`` looks again.
    private static let turns = 5
    /// A session that is not to be had while we hold ours is one that we do hold.
    private static let answerMilliseconds: Int32 = 2_000

    /// Refuses a pooler that gives each transaction whichever session is free (pgbouncer's
    /// `pool_mode = transaction`): settings, locks and temporary tables would be left on sessions of
    /// others.
    ///
    /// Without a pooler the process of the server is the one that it named when the session began.
    /// Behind one, the question is whether two clients can have the same session.
    ///
    /// - Returns: the process that serves this session.
    func refuseSharedSession(_ settings: ConnectionSettings) throws(PostgresError) -> Int {
        let session = try sessionPID()
        guard session != Int(backendPID), try isPostgres() else { return session }
        guard let other = settings.connect() else { return session }
        defer { PQfinish(other) }
        guard PQstatus(other) == CONNECTION_OK else { return session }
        for _ in 0..<Self.turns {
            guard let answer = Self.answer(to: Self.pidQuery, on: other) else { return session }
            let others = try Self.pid(checked(answer))
            guard others != session, try sessionPID() == session else { throw Self.refusal }
        }
        return session
    }

    static var refusal: PostgresError {
        PostgresError(
            "a pooler gives each transaction another session (pool_mode = transaction), and "
                + "Sluice's locks, settings and temporary tables need a session of their own",
            hint: "name the server itself, or a pool with pool_mode = session")
    }

    private static let pidQuery = "select pg_catalog.pg_backend_pid() as pid"

    private func sessionPID() throws(PostgresError) -> Int {
        try Self.pid(query(Self.pidQuery))
    }

    private static func pid(_ result: PostgresResult) throws(PostgresError) -> Int {
        try result.only().int("pid")
    }

    private func isPostgres() throws(PostgresError) -> Bool {
        try query("select pg_catalog.version() as version").only().string("version")
            .hasPrefix("PostgreSQL")
    }

    /// The result of a query, or nil where it does not come soon.
    private static func answer(to sql: String, on other: OpaquePointer) -> OpaquePointer? {
        guard PQsendQuery(other, sql) == 1 else { return nil }
        while PQisBusy(other) == 1 {
            var socket = pollfd(fd: PQsocket(other), events: Int16(POLLIN), revents: 0)
            guard poll(&socket, 1, answerMilliseconds) > 0, PQconsumeInput(other) == 1 else {
                return nil
            }
        }
        let answer = PQgetResult(other)
        while let more = PQgetResult(other) { PQclear(more) }
        return answer
    }
}
