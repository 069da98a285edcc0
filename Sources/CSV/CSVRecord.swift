/// One record: where its fields lie and where it stands in the input.
///
/// The reader owns it and overwrites it for the next record, so it can only be borrowed. It holds
/// no bytes: `range(_:)` cuts the `fields` span that is lent together with it.
package struct CSVRecord: ~Copyable {
    /// The rule that the record breaks; it has no fields then.
    package internal(set) var fault: CSVError?
    /// How many fields there are; at least 1, but for a record with a ``fault``.
    package internal(set) var count = 0
    /// Physical line on which the record starts, from 1, counted by LF.
    package internal(set) var line = 0
    /// Physical line on which the next record starts.
    package internal(set) var endLine = 0
    /// Offset in the whole input of the record's first byte; a BOM lies before it.
    package internal(set) var byteOffset = 0
    /// Offset in the whole input just after the record's terminator: where to continue.
    package internal(set) var endOffset = 0
    /// False if the input ended without a line end: the record may be the start of a longer one.
    package internal(set) var isTerminated = false

    @usableFromInline let table: UnsafeMutablePointer<CSVField>

    init(fieldsMax: Int) {
        table = .allocate(capacity: fieldsMax)
        let empty = CSVField(start: 0, end: 0, isQuoted: false, hasDoubledQuotes: false)
        table.initialize(repeating: empty, count: fieldsMax)
    }

    deinit {
        table.deallocate()
    }

    /// Where field `index` lies in the `fields` span, without its quotes, doubled quotes undone.
    @inlinable
    package func range(_ index: Int) -> Range<Int> {
        precondition(index >= 0 && index < count, "no such field")
        return Range(uncheckedBounds: (table[index].start, table[index].end))
    }

    /// Whether field `index` was enclosed in quotes.
    @inlinable
    package func isQuoted(_ index: Int) -> Bool {
        precondition(index >= 0 && index < count, "no such field")
        return table[index].isQuoted
    }

    /// Copies the record into `buffer` with its doubled quotes made single, each field where it was.
    ///
    /// A field only gets shorter, so nothing moves but the bytes within it, and the table needs
    /// only new ends.
    mutating func unescape(_ raw: UnsafeRawBufferPointer, into buffer: inout [UInt8]) {
        buffer.removeAll(keepingCapacity: true)
        buffer.append(contentsOf: raw)
        buffer.withUnsafeMutableBytes { bytes in
            for index in 0..<count where table[index].hasDoubledQuotes {
                var target = table[index].start
                var source = target
                while source < table[index].end {
                    let byte = bytes[source]
                    bytes[target] = byte
                    target += 1
                    // A quote inside quotes is always the first of two.
                    source += byte == StructuralBytes.quote ? 2 : 1
                }
                table[index].end = target
            }
        }
    }

    /// How many of the first `count` fields have their separator within `bytes` of the record.
    func fields(of count: Int, endingWithin bytes: Int) -> Int {
        var index = 0
        while index < count {
            let field = table[index]
            guard field.end + (field.isQuoted ? 1 : 0) <= bytes else { break }
            index += 1
        }
        return index
    }
}

/// A field's content as offsets from the record's first byte, and how it was written.
@usableFromInline
struct CSVField {
    @usableFromInline var start: Int
    @usableFromInline var end: Int
    @usableFromInline var isQuoted: Bool
    @usableFromInline var hasDoubledQuotes: Bool

    init(start: Int, end: Int, isQuoted: Bool, hasDoubledQuotes: Bool) {
        self.start = start
        self.end = end
        self.isQuoted = isQuoted
        self.hasDoubledQuotes = hasDoubledQuotes
    }
}
