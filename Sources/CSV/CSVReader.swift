/// A strict reader of RFC 4180: chunks of bytes in, records out.
///
/// One dialect, no options. Fields may be quoted, quotes in them are doubled, line ends in them are
/// content; records end in LF or CRLF, also mixed; one UTF-8 BOM at the input's start is skipped;
/// the last record may lack its line end. A blank line is no record: the grammar makes it one of one
/// empty field, and no file of ours means that by it. NUL and bytes that are not UTF-8 are content.
///
/// A record that breaks the grammar ends the reading, or is lent with its fault and without fields
/// where the damage is confined to it; see ``Faults``.
///
/// What a record is does not depend on how the input is cut into chunks. After an error, its own or
/// one that `body` threw, a reader must not be used again.
package struct CSVReader: ~Copyable {
    /// What receives a record: its table, the bytes its ranges cut, and its bytes as delivered.
    ///
    /// `raw` lacks the terminator. `fields` is `raw` itself unless the record has doubled quotes.
    package typealias Body =
        (_ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan) throws -> Void

    /// What becomes of a record that breaks the grammar.
    package enum Faults: Sendable {
        /// It is an error.
        case end
        /// It is lent with its ``CSVRecord/fault`` where the damage is confined to it; the number
        /// is that of a sound record's fields, nil for as many as the first record has.
        case confine(fieldCount: Int?)
    }

    private let recordBytesMax: Int
    private var faults: Faults
    // The current record, once it has broken the grammar.
    private var damaged: DamagedRecord?
    private var scan: RecordScan
    private var record: CSVRecord
    // The current record's bytes from earlier chunks; at most `recordBytesMax` and a CR.
    private var carry: [UInt8] = []
    // A copy of the current record without its doubled quotes, when it has any.
    private var unescaped: [UInt8] = []
    // Offset in the whole input of the current chunk's first byte.
    private var chunkOffset: Int
    private var byteOrderMark: ByteOrderMark
    private var isUsable = true

    /// A reader at the input's start, or at a record's start further on.
    ///
    /// - Parameters:
    ///   - recordBytesMax: longest record in bytes without its terminator; memory stays below
    ///     four times this.
    ///   - fieldsMax: most fields in a record; PostgreSQL allows 1,600 columns
    ///     (PostgreSQL, appendix "PostgreSQL Limits").
    ///   - line: physical line of the first byte that will be read, from 1.
    ///   - byteOffset: offset of that byte; a BOM is looked for only at 0.
    ///   - faults: what becomes of a record that breaks the grammar.
    package init(
        recordBytesMax: Int = 8 << 20, fieldsMax: Int = 1_600,
        startingAtLine line: Int = 1, byteOffset: Int = 0, faults: Faults = .end
    ) {
        precondition(recordBytesMax >= ByteOrderMark.bytes.count, "a BOM has to fit")
        precondition(fieldsMax > 0 && line > 0 && byteOffset >= 0)
        self.recordBytesMax = recordBytesMax
        self.faults = faults
        scan = RecordScan(fieldsMax: fieldsMax, line: line)
        record = CSVRecord(fieldsMax: fieldsMax)
        chunkOffset = byteOffset
        byteOrderMark = byteOffset == 0 ? .expected(matched: 0) : .settled
    }

    /// Calls `body` for every record that ends in `chunk`, in order.
    ///
    /// Throws `CSVError` at the first fault, after `body` has had every record before it, and
    /// whatever `body` throws.
    package mutating func read(_ chunk: RawSpan, _ body: Body) throws {
        precondition(isUsable, "a reader cannot go on after an error")
        isUsable = false
        try chunk.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            var scan = self.scan
            do {
                try walk(base, bytes.count, &scan, body)
                try suspend(bytes, scan)
            } catch {
                self.scan = scan
                throw error
            }
            scan.rebase(by: bytes.count)
            self.scan = scan
            chunkOffset += bytes.count
        }
        isUsable = true
    }

    /// Ends the input: calls `body` once more if the last record had no line end.
    ///
    /// Throws `CSVError` if the input ends inside quotes or in a CR, and whatever `body` throws.
    package mutating func finish(_ body: Body) throws {
        precondition(isUsable, "a reader cannot go on after an error")
        isUsable = false
        let noBytes = UnsafeRawBufferPointer(start: nil, count: 0)
        if let damaged {
            guard case .end = damaged.finish() else { throw damaged.fault }
            try emit(damaged, end: 0, next: 0, noBytes, body)
            self.damaged = nil
            isUsable = true
            return
        }
        switch scan.end(at: 0, record.table) {
        case .proceed: break
        case .fault(let kind, let position): throw error(kind, at: position, scan)
        case .record(let end, let next):
            try emit(end: end, next: next, scan, noBytes, body)
            scan.begin(at: 0)
        }
        isUsable = true
    }

    /// The record that was being read when a `CSVError` was thrown.
    package struct Unfinished {
        /// Physical line on which it begins.
        package let line: Int
        /// Offset of its first byte in the whole input.
        package let byteOffset: Int
        /// Its bytes from chunks before the one with the fault.
        package let earlierBytes: [UInt8]
    }

    /// Where the record begins that is not finished: after a `CSVError`, the one with the fault.
    package var unfinished: Unfinished {
        Unfinished(
            line: scan.recordLine, byteOffset: chunkOffset + scan.recordStart,
            earlierBytes: scan.recordStart < 0 ? carry : [])
    }

    /// Takes a chunk block by block.
    private mutating func walk(
        _ base: UnsafeRawPointer, _ count: Int, _ scan: inout RecordScan, _ body: Body
    ) throws {
        let bytes = UnsafeRawBufferPointer(start: base, count: count)
        let table = record.table
        var block = skipByteOrderMark(bytes, &scan)
        if let damaged { block = try pass(damaged, bytes, from: block, &scan, body) }
        blocks: while block < count {
            let left = count &- block
            var bits =
                left >= StructuralBytes.blockBytes
                ? StructuralBytes.bitmap(at: base + block)
                : StructuralBytes.bitmap(at: base + block, count: left)
            while bits != 0 {
                let position = block &+ bits.trailingZeroBitCount
                bits &= bits &- 1
                let byte = base.load(fromByteOffset: position, as: UInt8.self)
                switch scan.step(byte, at: position, table) {
                case .proceed: continue
                case .record(let end, let next):
                    try emit(end: end, next: next, scan, bytes, body)
                    scan.begin(at: next)
                case .fault(let kind, let place):
                    let damaged = try damage(kind, at: place, scan)
                    block = try pass(damaged, bytes, from: position, &scan, body)
                    continue blocks
                }
            }
            block &+= StructuralBytes.blockBytes
        }
    }

    /// The record in which a fault stands; throws the fault where it is to end the reading.
    private func damage(
        _ kind: CSVError.Kind, at position: Int, _ scan: RecordScan
    ) throws -> DamagedRecord {
        let fault = error(kind, at: position, scan)
        guard case .confine(let fieldCount?) = faults, fault.kind == kind else { throw fault }
        return DamagedRecord(
            fault, separators: scan.separators(before: kind), fieldCount: fieldCount,
            spansLines: scan.line > scan.recordLine)
    }

    /// Takes bytes up to the damaged record's end, and returns where the next one begins; the
    /// chunk's end where it has none in it.
    private mutating func pass(
        _ record: DamagedRecord, _ bytes: UnsafeRawBufferPointer, from start: Int,
        _ scan: inout RecordScan, _ body: Body
    ) throws -> Int {
        var damaged = record
        for position in start..<bytes.count {
            switch damaged.step(bytes[position]) {
            case .proceed: continue
            case .unconfined:
                guard position - scan.recordStart <= recordBytesMax else { throw tooLong(scan) }
                throw damaged.fault
            case .end(let terminator):
                let next = position + 1
                // Here, while the fields before the fault are known.
                guard next - terminator - scan.recordStart <= recordBytesMax else {
                    throw tooLong(scan)
                }
                scan.countLine()
                self.scan = scan
                try emit(damaged, end: next - terminator, next: next, bytes, body)
                self.damaged = nil
                scan.begin(at: next)
                return next
            }
        }
        self.damaged = damaged
        return bytes.count
    }

    /// Skips a BOM and returns where the records begin.
    ///
    /// A BOM cut by a chunk's end waits in `carry`, where it is content already if it was none.
    private mutating func skipByteOrderMark(
        _ bytes: UnsafeRawBufferPointer, _ scan: inout RecordScan
    ) -> Int {
        guard case .expected(var matched) = byteOrderMark else { return 0 }
        var position = 0
        while position < bytes.count, matched < ByteOrderMark.bytes.count,
            bytes[position] == ByteOrderMark.bytes[matched]
        {
            position += 1
            matched += 1
        }
        guard matched == ByteOrderMark.bytes.count else {
            byteOrderMark = position == bytes.count ? .expected(matched: matched) : .settled
            return 0
        }
        byteOrderMark = .settled
        carry.removeAll(keepingCapacity: true)
        scan.begin(at: position)
        return position
    }

    /// Keeps what the chunk holds of an unfinished record.
    private mutating func suspend(_ bytes: UnsafeRawBufferPointer, _ scan: RecordScan) throws {
        if damaged == nil, case .fault(let kind, let place) = scan.faultBefore(bytes.count) {
            damaged = try damage(kind, at: place, scan)
        }
        // A CR at the end is the terminator's, or a fault of its own.
        let endsInCarriageReturn =
            damaged?.endsInCarriageReturn ?? (scan.state == .carriageReturn)
        let terminator = endsInCarriageReturn ? 1 : 0
        guard bytes.count - scan.recordStart - terminator <= recordBytesMax else {
            throw tooLong(scan)
        }
        let more = bytes[max(scan.recordStart, 0)...]
        if carry.count + more.count > max(carry.capacity, Self.bufferBytesKept) {
            // Doubled as ever, but never beyond the longest record and a CR.
            let doubled = 2 * (carry.count + more.count)
            carry.reserveCapacity(min(doubled, recordBytesMax + 1 + ByteOrderMark.bytes.count))
        }
        carry.append(contentsOf: more)
    }

    /// Lends a record whose damage is confined to it: its bytes, and no fields.
    private mutating func emit(
        _ damaged: DamagedRecord, end: Int, next: Int, _ chunk: UnsafeRawBufferPointer,
        _ body: Body
    ) throws {
        record.fault = damaged.fault
        defer { record.fault = nil }
        try emit(end: end, next: next, scan.withoutFields(), chunk, body)
    }

    /// Describes the record that ends before `end` and lends it to `body`, but for a blank line.
    private mutating func emit(
        end: Int, next: Int, _ scan: RecordScan, _ chunk: UnsafeRawBufferPointer, _ body: Body
    ) throws {
        let length = end - scan.recordStart
        guard length != 0 else { return carry.removeAll(keepingCapacity: true) }
        guard length <= recordBytesMax else { throw tooLong(scan) }
        if case .confine(nil) = faults { faults = .confine(fieldCount: scan.count) }
        record.count = scan.count
        record.line = scan.recordLine
        record.byteOffset = chunkOffset + scan.recordStart
        record.endOffset = chunkOffset + next
        record.isTerminated = next > end
        record.endLine = record.isTerminated ? scan.line : scan.line + 1
        if scan.recordStart >= 0 {
            let raw = UnsafeRawBufferPointer(rebasing: chunk[scan.recordStart..<end])
            try Self.lend(raw.bytes, scan.hasDoubledQuotes, &record, &unescaped, body)
        } else {
            // Out of `self` while it is lent, because its borrow would extend to all of `self`.
            var bytes: [UInt8] = []
            swap(&bytes, &carry)
            // `end` is negative when the CR came with the chunk before.
            bytes.append(contentsOf: chunk[..<max(end, 0)])
            try bytes.withUnsafeBytes { bytes in
                let raw = UnsafeRawBufferPointer(rebasing: bytes[..<length])
                try Self.lend(raw.bytes, scan.hasDoubledQuotes, &record, &unescaped, body)
            }
            Self.empty(&bytes)
            swap(&bytes, &carry)
        }
    }

    /// Empties a buffer, and gives it back when it was made for a large record.
    private static func empty(_ buffer: inout [UInt8]) {
        buffer.removeAll(keepingCapacity: buffer.capacity <= bufferBytesKept)
    }

    // A record of a megabyte is none of AWS's; the next one will hardly need that room.
    private static let bufferBytesKept = 1 << 20

    private static func lend(
        _ raw: RawSpan, _ hasDoubledQuotes: Bool, _ record: inout CSVRecord,
        _ unescaped: inout [UInt8], _ body: Body
    ) throws {
        guard hasDoubledQuotes else { return try body(record, raw, raw) }
        raw.withUnsafeBytes { record.unescape($0, into: &unescaped) }
        try body(record, unescaped.span.bytes, raw)
        empty(&unescaped)
    }

    /// The fault at `position`, unless the record was too long before it: then that is the fault,
    /// as it would have been had the chunk ended in between.
    private func error(_ kind: CSVError.Kind, at position: Int, _ scan: RecordScan) -> CSVError {
        guard position - scan.recordStart <= recordBytesMax else { return tooLong(scan) }
        return CSVError(
            kind, line: scan.line(of: kind), byteOffset: chunkOffset + position,
            field: scan.field(of: kind))
    }

    private func tooLong(_ scan: RecordScan) -> CSVError {
        CSVError(
            .recordTooLong(bytesMax: recordBytesMax), line: scan.recordLine,
            byteOffset: chunkOffset + scan.recordStart,
            field: record.fields(of: scan.count, endingWithin: recordBytesMax))
    }
}

/// The UTF-8 byte order mark, which some programs write at a file's start (RFC 3629, section 6).
private enum ByteOrderMark {
    /// Nothing but its first `matched` bytes was read yet.
    case expected(matched: Int)
    case settled

    static let bytes: [UInt8] = [0xef, 0xbb, 0xbf]
}
