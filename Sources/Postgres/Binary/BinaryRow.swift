/// Rows of COPY BINARY, end to end in one buffer that is used again and again.
///
/// Bytes are written unchecked: every append first makes room for the most that it can write.
/// Format: "PostgreSQL: COPY, Binary Format, Tuples".
package struct BinaryRow: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private let usualCapacity: Int
    private var rowStart = 0

    /// Room beyond this is given back once it is empty: it was made for one large row.
    private static let capacityKept = 1 << 20

    /// Number of bytes that wait to be flushed.
    package private(set) var byteCount = 0
    /// Where the content of the last field is; empty for NULL.
    package private(set) var lastField = 0..<0
    /// Whether the last field is NULL.
    package private(set) var lastFieldIsNull = false

    /// Makes room for a number of bytes; more is made when it is needed.
    package init(capacity: Int) {
        usualCapacity = max(capacity, 1024)
        self.capacity = usualCapacity
        base = .allocate(byteCount: self.capacity, alignment: 16)
    }

    deinit {
        base.deallocate()
    }

    /// Starts a row of a number of fields.
    package mutating func begin(fields: Int) {
        rowStart = byteCount
        reserve(2)
        base.storeBytes(of: Int16(fields).bigEndian, toByteOffset: byteCount, as: Int16.self)
        byteCount += 2
    }

    /// Takes back the row that was begun last.
    package mutating func abandonRow() {
        byteCount = rowStart
    }

    /// Appends NULL.
    package mutating func appendNull() {
        reserve(4)
        storeLength(-1)
        byteCount += 4
        lastField = byteCount..<byteCount
        lastFieldIsNull = true
    }

    /// Appends an integer column.
    package mutating func append(int32 value: Int32) {
        reserve(8)
        base.storeBytes(of: value.bigEndian, toByteOffset: byteCount + 4, as: Int32.self)
        endField(4)
    }

    /// Appends a bigint column.
    package mutating func append(int64 value: Int64) {
        reserve(12)
        base.storeBytes(of: value.bigEndian, toByteOffset: byteCount + 4, as: Int64.self)
        endField(8)
    }

    /// Appends text that is known to be valid UTF-8 without NUL.
    package mutating func append(text: RawSpan) {
        reserve(text.byteCount + 4)
        text.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: base + byteCount + 4, count: bytes.count)
                .copyMemory(from: bytes)
        }
        endField(text.byteCount)
    }

    /// Appends JSON that is known to be good, as jsonb.
    package mutating func append(jsonb: RawSpan) {
        reserve(jsonb.byteCount + 5)
        jsonb.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: base + byteCount + 5, count: bytes.count)
                .copyMemory(from: bytes)
        }
        base.storeBytes(of: JSONB.version, toByteOffset: byteCount + 4, as: UInt8.self)
        endField(jsonb.byteCount + 1)
    }

    /// Appends a field's text as a value of a column's type.
    ///
    /// An empty field is NULL for every type, quoted or not. Whether NULL may stand here is for the
    /// caller to check: `lastFieldIsNull`.
    ///
    /// - Throws: `EncodingRefusal`; the buffer is then as it was before the field.
    package mutating func append(
        _ field: RawSpan, as type: BinaryType
    ) throws(EncodingRefusal) {
        guard field.byteCount > 0 else { return appendNull() }
        // No encoder writes more than the text's own length and a few dozen bytes.
        reserve(field.byteCount + 96)
        let output = base + byteCount + 4
        let size = try field.withUnsafeBytes { text throws(EncodingRefusal) in
            try type.encode(text, to: output)
        }
        guard let size else { return appendNull() }
        endField(size)
    }

    /// Lends bytes of the buffer, such as those of `lastField`.
    package func withBytes<R>(
        _ range: Range<Int>, _ body: (RawSpan) throws -> R
    ) rethrows -> R {
        precondition(range.upperBound <= byteCount, "bytes that were taken back or flushed")
        return try body(
            UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count).bytes)
    }

    /// Sends the rows, and starts with an empty buffer again.
    package mutating func flush(to copy: borrowing CopyIn) throws(PostgresError) {
        try copy.send(UnsafeRawBufferPointer(start: base, count: byteCount).bytes)
        byteCount = 0
        rowStart = 0
        lastField = 0..<0
        if capacity > Self.capacityKept { shrink() }
    }

    @inline(never)
    private mutating func shrink() {
        base.deallocate()
        base = .allocate(byteCount: usualCapacity, alignment: 16)
        capacity = usualCapacity
    }

    private mutating func endField(_ size: Int) {
        storeLength(Int32(truncatingIfNeeded: size))
        lastField = byteCount + 4..<byteCount + 4 + size
        lastFieldIsNull = false
        byteCount += 4 + size
    }

    private func storeLength(_ length: Int32) {
        base.storeBytes(of: length.bigEndian, toByteOffset: byteCount, as: Int32.self)
    }

    private mutating func reserve(_ more: Int) {
        if byteCount + more > capacity { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = max(2 * capacity, byteCount + more)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: base, byteCount: byteCount)
        base.deallocate()
        base = moved
        capacity = larger
    }
}

extension BinaryType {
    /// Writes the binary form of a text that is not empty.
    ///
    /// - Returns: the number of bytes written, at most the text's and 64; nil for NULL.
    @inline(__always)
    fileprivate func encode(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int? {
        if text.count == 4, readsNullWord, isNullWord(text) { return nil }
        return switch self {
        case .text: try Text.encode(text, to: output)
        case .numeric: try Numeric.encode(text, to: output)
        case .timestamptz: try Timestamp.encode(text, to: output)
        case .boolean: try Boolean.encode(text, to: output)
        case .smallint: try Integer.encode(text, as: Int16.self, to: output)
        case .integer: try Integer.encode(text, as: Int32.self, to: output)
        case .bigint: try Integer.encode(text, as: Int64.self, to: output)
        case .doublePrecision: try DoublePrecision.encode(text, to: output)
        case .date: try Date.encode(text, to: output)
        case .uuid: try UUID.encode(text, to: output)
        case .jsonb: try JSONB.encode(text, to: output)
        }
    }

    private func isNullWord(_ text: UnsafeRawBufferPointer) -> Bool {
        text.loadUnaligned(as: UInt32.self).littleEndian | 0x2020_2020 == 0x6C6C_756E
    }
}
