internal import CPostgres

/// An open `COPY FROM STDIN (FORMAT binary)`.
///
/// Rows count only once `finish()` returns.
///
/// A value that goes out of scope unfinished fails the COPY, and with it the transaction; the
/// connection can then run ROLLBACK. While it is open, the connection can run nothing else.
package struct CopyIn: ~Copyable {
    // PostgreSQL, "COPY: Binary Format": File Header is signature, flags and length of extension,
    // File Trailer is a field count of -1.
    fileprivate static let header: [UInt8] =
        [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00]
        + [0, 0, 0, 0] + [0, 0, 0, 0]
    private static let trailer: [UInt8] = [0xFF, 0xFF]

    private let connection: PostgresConnection
    private var isOpen = true

    /// Takes over a connection that has just entered COPY.
    fileprivate init(_ connection: PostgresConnection) {
        self.connection = connection
    }

    deinit {
        if isOpen { connection.abandonCopy(because: "the load was abandoned") }
    }

    /// Sends bytes of the COPY stream; rows may be cut anywhere.
    ///
    /// - Throws: `PostgresError`, also for a row that the server refused some time ago.
    package func send(_ bytes: RawSpan) throws(PostgresError) {
        try bytes.withUnsafeBytes { buffer throws(PostgresError) in
            try connection.putCopyData(buffer)
        }
    }

    /// Ends the COPY.
    ///
    /// - Returns: how many rows the server took.
    /// - Throws: `PostgresError` of the first row that the server refused.
    package consuming func finish() throws(PostgresError) -> Int {
        try send(Self.trailer.span.bytes)
        let rows = try connection.endCopy()
        isOpen = false
        return rows
    }
}

extension PostgresConnection {
    /// Starts a COPY and sends the header of the binary format.
    ///
    /// - Parameter sql: `COPY table (columns) FROM STDIN (FORMAT binary)`.
    /// - Returns: the open COPY.
    /// - Throws: `PostgresError`, also when `sql` is anything else.
    package func copyIn(_ sql: String) throws(PostgresError) -> CopyIn {
        let answer = PQexec(handle, sql)
        guard PQresultStatus(answer) == PGRES_COPY_IN else {
            _ = try checked(answer)
            throw PostgresError("not a COPY ... FROM STDIN: \(sql)")
        }
        let isBinary = PQbinaryTuples(answer) == 1
        PQclear(answer)
        let copy = CopyIn(self)
        guard isBinary else { throw PostgresError("COPY lacks (FORMAT binary): \(sql)") }
        try copy.send(CopyIn.header.span.bytes)
        return copy
    }

    /// Bytes of one message of the protocol.
    ///
    /// libpq's own buffer grows to the longest and never shrinks; with this it stays as small as it
    /// is for short rows.
    private static let copyMessageBytesMax = 64 << 10

    fileprivate func putCopyData(_ buffer: UnsafeRawBufferPointer) throws(PostgresError) {
        var rest = buffer[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.copyMessageBytesMax))
            let start = part.baseAddress?.assumingMemoryBound(to: CChar.self)
            guard PQputCopyData(handle, start, Int32(part.count)) == 1 else {
                throw copyFailure()
            }
            rest = rest.dropFirst(part.count)
        }
    }

    fileprivate func endCopy() throws(PostgresError) -> Int {
        guard PQputCopyEnd(handle, nil) == 1 else { throw copyFailure() }
        let result = try checked(PQgetResult(handle))
        drainResults()
        return result.affectedRows
    }

    /// Fails a COPY on purpose, so that the connection can be used again.
    func abandonCopy(because reason: String) {
        // Refused when the COPY has failed already: then there is only its answer to take away.
        _ = PQputCopyEnd(handle, reason)
        drainResults()
    }

    /// The server's own reason for a COPY that takes no more data, or else libpq's.
    private func copyFailure() -> PostgresError {
        let complaint = PostgresError(connection: handle)
        guard let answer = PQgetResult(handle) else { return complaint }
        defer { drainResults() }
        guard PQresultStatus(answer) == PGRES_FATAL_ERROR else {
            PQclear(answer)
            return complaint
        }
        defer { PQclear(answer) }
        return PostgresError(result: answer, connectionIsBad: !isAlive)
    }

    /// Takes away every answer that is still to come, so that the connection is idle.
    func drainResults() {
        while let answer = PQgetResult(handle) {
            let status = PQresultStatus(answer)
            PQclear(answer)
            if status == PGRES_COPY_OUT { drainCopyOut() }
            // libpq repeats this answer until the COPY has ended.
            if status == PGRES_COPY_IN, PQputCopyEnd(handle, "abandoned") != 1 { return }
        }
    }

    private func drainCopyOut() {
        var data: UnsafeMutablePointer<CChar>?
        while PQgetCopyData(handle, &data, 0) > 0 { PQfreemem(data) }
    }
}
