internal import CPostgres

extension PostgresConnection {
    /// Runs `body` inside BEGIN and COMMIT; when it throws, everything it did is rolled back.
    ///
    /// - Throws: what `body` threw, or `PostgresError`. When a COMMIT fails with
    ///   `isConnectionLost`, only the database can tell whether it took place.
    package func transaction<T>(_ body: () throws -> T) throws -> T {
        try begin()
        let value: T
        do {
            value = try body()
        } catch {
            rollBack()
            throw error
        }
        try commit()
        return value
    }

    /// Begins a transaction, for work that cannot be one closure; `transaction(_:)` otherwise.
    package func begin() throws(PostgresError) {
        let status = PQtransactionStatus(handle)
        precondition(
            status != PQTRANS_INTRANS && status != PQTRANS_INERROR, "transactions do not nest")
        try execute("begin")
    }

    /// Commits; what it throws is as for `transaction(_:)`.
    package func commit() throws(PostgresError) {
        let tag: String
        do {
            tag = try query("commit").commandTag
        } catch {
            // A deferred constraint has rolled back already; a statement timeout has not.
            rollBack()
            throw error
        }
        guard tag == "COMMIT" else {
            throw PostgresError(
                "the transaction was rolled back: a statement in it had failed",
                sqlState: "25P02")
        }
    }

    /// Ends a transaction, if one is open, with nothing done.
    ///
    /// An open `CopyIn` must be gone before.
    package func rollBack() {
        guard isAlive, PQtransactionStatus(handle) != PQTRANS_IDLE else { return }
        // The error that led here is the one to report; the server rolls back a lost session too.
        try? execute("rollback")
    }

    /// Takes a lock for the session unless another session holds it.
    ///
    /// - Throws: `PostgresError` also where a pooler has made another session of it.
    package func tryAdvisoryLock(_ key: Int64) throws(PostgresError) -> Bool {
        let isLocked = try query(
            """
            select case when pg_backend_pid() = $2::integer then pg_try_advisory_lock($1) end
                as is_locked
            """, [.int(key), .int(Int64(session))]
        ).only().optionalBool("is_locked")
        guard let isLocked else { throw Self.refusal }
        return isLocked
    }

    /// Lets go of a lock of this session.
    ///
    /// - Throws: `PostgresError` also when the session does not hold it.
    package func advisoryUnlock(_ key: Int64) throws(PostgresError) {
        let row = try query("select pg_advisory_unlock($1) as held", [.int(key)]).only()
        guard try row.bool("held") else {
            throw PostgresError("advisory lock \(key) is not held by this session")
        }
    }
}
