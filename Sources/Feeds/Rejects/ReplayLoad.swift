internal import CSV
internal import Postgres

/// The rejects of one version on their way to their table, in the transaction that is open.
struct ReplayLoad: ~Copyable {
    private(set) var moved = 0
    private(set) var stays: [RejectTally.Cause: Int] = [:]

    private let feed: Feed
    private let sellerID: Int32
    private let versionID: Int64
    private let person: String
    private let postgres: PostgresConnection
    private let copyStatement: String
    private let fieldCount: Int
    private var encoder: RowEncoder
    private var totals = ControlTotals()
    private var bytesMoved = 0

    // Held in memory at a time, while a COPY runs: a record may have megabytes.
    private static let chunkRejects = 2_000
    private static let chunkBytes = 4 << 20

    init(
        feed: Feed, binding: HeaderBinding, sellerID: Int32, versionID: Int64, person: String,
        on postgres: PostgresConnection
    ) {
        self.feed = feed
        self.sellerID = sellerID
        self.versionID = versionID
        self.person = person
        self.postgres = postgres
        copyStatement = binding.copyStatement(into: feed.table)
        fieldCount = binding.targets.count
        encoder = RowEncoder(binding: binding, sellerID: sellerID, versionID: versionID)
    }

    /// Replays the rejects that come next.
    ///
    /// - Parameters:
    ///   - line: `line` of the last one so far.
    ///   - selection: which rejects.
    /// - Returns: `line` of the last one now; `nil` where none is left.
    /// - Throws: `PostgresError`.
    mutating func replay(after line: Int64, _ selection: RejectSelection) throws -> Int64? {
        var last: Int64?
        var fitting: [Int64] = []
        var refused: [(id: Int64, refusal: RowEncoder.Refusal)] = []
        for row in try next(after: line, selection) {
            let (id, line) = (try row.int64("reject_id"), try row.int64("line"))
            let raw = try row.bytes("raw")
            last = line
            if try row.string("cause") == SkippedContent.cause {
                // No record: what is in it nobody knows. Its reason says who decided that.
                stays[.init(column: nil, text: SkippedContent.cause), default: 0] += 1
                continue
            }
            if let refusal = try encode(raw, line: Int(line), after: try row.int("byte_offset")) {
                refused.append((id, refusal))
            } else {
                fitting.append(id)
                bytesMoved += raw.count
            }
        }
        try move(fitting)
        try explain(refused)
        return last
    }

    /// Writes the load that these rows are, so that the loads of a table add up to it.
    mutating func record(fileID: Int64, worker: String) throws {
        guard moved > 0 else { return }
        let loadID = try postgres.query(
            """
            insert into ingest.load (file_id, version_id, outcome, rows_read, rows_loaded,
                bytes_read, worker, finished_at)
            values ($1, $2, 'replayed', $3, $3, $4, $5, clock_timestamp()) returning load_id
            """,
            [
                .int(fileID), .int(versionID), .int(Int64(moved)), .int(Int64(bytesMoved)),
                .text(worker),
            ]
        ).only().int64("load_id")
        try totals.write(loadID: loadID, on: postgres)
        try DoubledColumn.note(
            encoder.doubled, isWhole: false, sellerID: sellerID, feed: feed.name, fileID: fileID,
            versionID: versionID, on: postgres)
    }

    /// Rejects that wait still, now that the file is locked; nobody decides about them meanwhile.
    private func next(
        after line: Int64, _ selection: RejectSelection
    ) throws -> PostgresResult {
        try postgres.query(
            """
            select reject_id, line, byte_offset, cause, raw
            from (
                select n.*, sum(octet_length(n.raw)) over (order by n.line) as bytes,
                    row_number() over (order by n.line) as number
                from (
                    select r.* from ingest.reject r
                    where r.version_id = $7 and r.line > $8 and \(RejectSelection.isOpen)
                        and \(RejectSelection.condition)
                    order by r.line limit \(Self.chunkRejects) for update of r
                ) n
            ) n
            where number = 1 or bytes <= \(Self.chunkBytes)
            order by line
            """, selection.parameters + [.int(versionID), .int(line)])
    }

    /// Encodes a record as it was delivered, and adds its amounts up.
    private mutating func encode(
        _ raw: [UInt8], line: Int, after byteOffset: Int
    ) throws -> RowEncoder.Refusal? {
        // Not at the start of a file, where a byte order mark would be looked for.
        // A CR at the record's end is content: one LF behind it would make both its line end.
        let carriageReturn = UInt8(ascii: "\r")
        let lineEnd = (raw.last == carriageReturn ? [carriageReturn] : []) + [UInt8(ascii: "\n")]
        let bytes = raw + lineEnd
        var reader = CSVReader(
            recordBytesMax: bytes.count + 8, byteOffset: max(byteOffset, 1),
            faults: .confine(fieldCount: fieldCount))
        // Files that were loaded before blank lines were none have rejects of them.
        var refusal: RowEncoder.Refusal? = .init(column: nil, reason: "is a blank line")
        try bytes.withUnsafeBytes { bytes in
            try reader.read(bytes.bytes) { record, fields, _ in
                refusal = encoder.encode(record, fields, line: line)
                guard refusal == nil else { return }
                encoder.addTotals(to: &totals, record: record, fields)
            }
        }
        return refusal
    }

    private mutating func move(_ rejects: [Int64]) throws {
        guard !rejects.isEmpty else { return }
        let copy = try postgres.copyIn(copyStatement)
        try encoder.flush(to: copy)
        moved += try copy.finish()
        try postgres.query(
            """
            update ingest.reject
            set state = 'replayed', settled_at = now(), settled_by = $2, note = null
            where reject_id = any ($1)
            """, [.intArray(rejects), .text(person)])
    }

    /// Those that stay say why in today's words.
    private mutating func explain(
        _ rejects: [(id: Int64, refusal: RowEncoder.Refusal)]
    ) throws {
        guard !rejects.isEmpty else { return }
        let causes = rejects.map { $0.refusal.cause ?? $0.refusal.reason }
        for (reject, cause) in zip(rejects, causes) {
            stays[.init(column: reject.refusal.column, text: cause), default: 0] += 1
        }
        try postgres.query(
            """
            update ingest.reject r
            set column_name = n.column_name, reason = n.reason, cause = n.cause
            from unnest($1::bigint[], $2::text[], $3::text[], $4::text[])
                as n (reject_id, column_name, reason, cause)
            where r.reject_id = n.reject_id
                and (r.column_name, r.reason, r.cause)
                    is distinct from (n.column_name, n.reason, n.cause)
            """,
            [
                .intArray(rejects.map(\.id)), .textArray(rejects.map(\.refusal.column)),
                .textArray(rejects.map(\.refusal.reason)), .textArray(causes),
            ])
    }
}
