internal import CPostgres

extension PostgresConnection {
    /// Runs `COPY ... TO STDOUT` and lends what the server sends, part by part.
    ///
    /// Memory depends neither on the number of rows nor on how slowly `body` takes them.
    ///
    /// - Parameters:
    ///   - sql: `COPY (query) TO STDOUT`, in whatever format.
    ///   - body: takes the bytes of a row, its line end included; valid only until it returns.
    /// - Throws: what `body` threw, or `PostgresError`, also when `sql` is anything else. The
    ///   connection can be used again, and a surrounding transaction has failed.
    package func copyOut(_ sql: String, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        let answer = PQexec(handle, sql)
        guard PQresultStatus(answer) == PGRES_COPY_OUT else {
            _ = try checked(answer)
            throw PostgresError("not a COPY ... TO STDOUT: \(sql)")
        }
        PQclear(answer)
        do {
            try lendRows(to: body)
        } catch {
            cancelStatement()
            drainResults()
            throw error
        }
        // The rows are all there, or the reason why not: that comes at the end.
        let end = PQgetResult(handle)
        defer { drainResults() }
        _ = try checked(end)
    }

    private func lendRows(to body: (UnsafeRawBufferPointer) throws -> Void) throws {
        while true {
            var data: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(handle, &data, 0)
            guard let data else {
                // -1 is the end, whose result tells how it went; -2 is libpq's own complaint.
                guard length == -1 else { throw PostgresError(connection: handle) }
                return
            }
            defer { PQfreemem(data) }
            try body(UnsafeRawBufferPointer(start: data, count: Int(length)))
        }
    }

    /// Asks the server to give up the statement that runs; it need not.
    private func cancelStatement() {
        guard let cancel = PQgetCancel(handle) else { return }
        defer { PQfreeCancel(cancel) }
        var complaint = [CChar](repeating: 0, count: 256)
        // Without it the rest of the rows is read and dropped, which comes to the same.
        _ = PQcancel(cancel, &complaint, Int32(complaint.count))
    }
}
