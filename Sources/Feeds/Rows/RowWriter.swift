internal import CSV
internal import Postgres

/// Records in, COPY rows out: into one table, inside the transaction that the caller holds.
///
/// Counts, rejects and control totals are kept until ``finish()``, which ends the COPY and writes
/// the rejects; a full reject buffer ends one COPY and begins the next.
final class RowWriter {
    struct Target {
        /// Quoted name of the table that takes the rows, and of the one that takes the rejects.
        let table: String
        let rejectTable: String
        let feed: String
        let sellerID: Int32
        let versionID: Int64
    }

    private(set) var rowsLoaded = 0
    private(set) var rowsRejected = 0
    private(set) var totals = ControlTotals()
    /// Judges the rejects where the feed has an error budget.
    private var tally: RejectTally?

    private let target: Target
    private let postgres: PostgresConnection
    private let copyStatement: String
    private var encoder: RowEncoder
    private var rejects: RejectBuffer
    private var copy: CopyIn?

    init(
        _ target: Target, binding: HeaderBinding, tally: RejectTally? = nil,
        on postgres: PostgresConnection
    ) {
        self.target = target
        self.tally = tally
        self.postgres = postgres
        copyStatement = binding.copyStatement(into: target.table)
        rejects = RejectBuffer(
            sellerID: target.sellerID, feed: target.feed, versionID: target.versionID)
        encoder = RowEncoder(
            binding: binding, sellerID: target.sellerID, versionID: target.versionID)
    }

    func add(
        _ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan, line: Int
    ) throws {
        if let refusal = encoder.encode(record, fields, line: line) {
            return try add(
                Reject(
                    line: line, fileLine: record.line, byteOffset: record.byteOffset,
                    column: refusal.column, reason: refusal.reason,
                    cause: refusal.cause ?? refusal.reason),
                raw)
        }
        rowsLoaded += 1
        encoder.addTotals(to: &totals, record: record, fields)
        if encoder.isFull { try send() }
    }

    func add(_ reject: Reject, _ raw: RawSpan) throws {
        rowsRejected += 1
        try tally?.add(reject, rows: rowsLoaded + rowsRejected)
        rejects.append(reject, raw: raw)
        if rejects.isFull { try finish() }
    }

    /// Ends the COPY and writes the rejects.
    ///
    /// More records may follow.
    func finish() throws {
        if !encoder.isEmpty { try send() }
        if let copy = copy.take() { _ = try copy.finish() }
        try rejects.write(to: target.rejectTable, on: postgres)
    }

    /// Judges the whole of what came in.
    ///
    /// - Throws: ``BudgetExceeded``.
    func judge() throws {
        try tally?.judge(rows: rowsLoaded + rowsRejected)
    }

    /// Titles of one column, and the rows so far in which they differ.
    var doubled: [(DoubledColumn, Difference)] { encoder.doubled }

    func writeTotals(loadID: Int64) throws {
        try totals.write(loadID: loadID, on: postgres)
    }

    private func send() throws {
        let open = try copy.take() ?? postgres.copyIn(copyStatement)
        try encoder.flush(to: open)
        copy = consume open
    }
}
