internal import CPostgres

extension PostgresConnection {
    /// What another thread needs to stop the statement that runs here.
    package func cancelHandle() -> PostgresCancel {
        PostgresCancel(PQgetCancel(handle))
    }
}

/// Stops what a connection is doing; usable from any thread, also after the connection is gone.
///
/// Unchecked because libpq's cancel object is never changed after it was made, and PQcancel is
/// documented as safe to call from any thread ("PostgreSQL: Canceling Queries in Progress").
package final class PostgresCancel: @unchecked Sendable {
    private let handle: OpaquePointer?

    fileprivate init(_ handle: OpaquePointer?) {
        self.handle = handle
    }

    deinit {
        PQfreeCancel(handle)
    }

    /// Asks the server to stop the statement, which then fails with SQLSTATE 57014.
    ///
    /// Nothing happens when no statement is running.
    ///
    /// - Throws: `PostgresError` when the request could not be sent.
    package func cancel() throws(PostgresError) {
        var reason = [CChar](repeating: 0, count: 256)
        guard PQcancel(handle, &reason, Int32(reason.count)) == 0 else { return }
        let text = reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        throw PostgresError("cannot cancel: " + String(decoding: text, as: UTF8.self))
    }
}
