import CSV

/// A record as a test compares it.
struct Row: Equatable {
    var fields: [String]
    var quoted: [Int]
    var line: Int
    var bytes: Range<Int>
    var isTerminated: Bool
    /// The rule that it breaks, where its damage is confined to it.
    var fault: CSVError?

    init(
        _ fields: [String], quoted: [Int] = [], line: Int, _ bytes: Range<Int>,
        isTerminated: Bool = true, fault: CSVError? = nil
    ) {
        self.fields = fields
        self.quoted = quoted
        self.line = line
        self.bytes = bytes
        self.isTerminated = isTerminated
        self.fault = fault
    }
}

/// Everything that came of an input: the records, then perhaps a fault.
struct Outcome: Equatable {
    var rows: [Row] = []
    var raws: [[UInt8]] = []
    var error: CSVError?
}

/// Limits and starting place of a reader.
struct Start {
    var recordBytesMax = 8 << 20
    var fieldsMax = 1_600
    var line = 1
    var byteOffset = 0
    var faults = CSVReader.Faults.end
}

/// Reads `chunks`, each from an allocation of its own so that a read past its end can be noticed.
func parse(_ chunks: [ArraySlice<UInt8>], _ start: Start = Start()) -> Outcome {
    var reader = CSVReader(
        recordBytesMax: start.recordBytesMax, fieldsMax: start.fieldsMax,
        startingAtLine: start.line, byteOffset: start.byteOffset, faults: start.faults)
    var outcome = Outcome()
    do {
        for chunk in chunks {
            let bytes = Array(chunk)
            try reader.read(bytes.span.bytes) { outcome.add($0, $1, $2) }
        }
        try reader.finish { outcome.add($0, $1, $2) }
    } catch {
        outcome.error = error as? CSVError
    }
    return outcome
}

extension Outcome {
    mutating func add(_ record: borrowing CSVRecord, _ fields: RawSpan, _ raw: RawSpan) {
        var row = Row(
            [], line: record.line, record.byteOffset..<record.endOffset,
            isTerminated: record.isTerminated, fault: record.fault)
        for index in 0..<record.count {
            let bytes = array(fields.extracting(record.range(index)))
            row.fields.append(String(decoding: bytes, as: UTF8.self))
            if record.isQuoted(index) { row.quoted.append(index) }
        }
        rows.append(row)
        raws.append(array(raw))
    }
}

func array(_ span: RawSpan) -> [UInt8] {
    span.withUnsafeBytes { Array($0) }
}
