import CSV

/// The same language read one byte at a time, as plainly as it can be said: the reader's oracle.
///
/// It knows no limits and no BOM. With a number of fields it goes on after a record whose damage is
/// confined to it.
struct ReferenceParser {
    private enum State { case fieldStart, text, quoted, afterQuote, afterCR }

    private var outcome = Outcome()
    private var state = State.fieldStart
    private var position = 0
    private var line = 1
    private var quoteLine = 1
    private var quotePosition = 0
    private var recordLine = 1
    private var recordStart = 0
    private var field: [UInt8] = []
    private var row: [String] = []
    private var quoted: [Int] = []

    static func parse(_ input: [UInt8], fieldCount: Int? = nil) -> Outcome {
        var parser = ReferenceParser()
        while true {
            do {
                while parser.position < input.count {
                    try parser.take(input[parser.position])
                    parser.position += 1
                }
                try parser.finish()
                break
            } catch {
                if let fieldCount, parser.pass(error, in: input, fieldCount) { continue }
                parser.outcome.error = error
                break
            }
        }
        parser.outcome.raws = parser.outcome.rows.map { row in
            var raw = input[row.bytes]
            if row.isTerminated { raw.removeLast() }
            if row.isTerminated, raw.last == 13 { raw.removeLast() }
            return Array(raw)
        }
        return parser.outcome
    }

    /// Goes on after the line of a fault, if the record certainly ends there.
    private mutating func pass(
        _ fault: CSVError, in input: [UInt8], _ fieldCount: Int
    ) -> Bool {
        let lineEnd = input[fault.byteOffset...].firstIndex(of: 10)
        let record = Array(input[recordStart..<(lineEnd ?? input.count)])
        guard fault.kind != .unterminatedQuote, lineEnd != nil || record.last != 13 else {
            return false
        }
        let reading = LenientReading(record)
        // A quoted field with a line end may have begun with a quote that nobody closed.
        let spansLines = input[recordStart..<fault.byteOffset].contains(10)
        let isWhole = reading.fields == fieldCount
        guard !reading.isOpen, isWhole || !(spansLines || reading.hasTextAfterQuote),
            !(spansLines && reading.hasTextAfterQuote)
        else { return false }
        let end = lineEnd.map { $0 + 1 } ?? input.count
        outcome.rows.append(
            Row([], line: recordLine, recordStart..<end, isTerminated: lineEnd != nil, fault: fault)
        )
        self = ReferenceParser(outcome: outcome, position: end, line: fault.line + 1)
        return true
    }

    private init(outcome: Outcome = Outcome(), position: Int = 0, line: Int = 1) {
        (self.outcome, self.position, self.line) = (outcome, position, line)
        (recordStart, recordLine) = (position, line)
    }

    private mutating func take(_ byte: UInt8) throws(CSVError) {
        switch (state, byte) {
        case (.fieldStart, 34):
            (quoteLine, quotePosition) = (line, position)
            quoted.append(row.count)
            state = .quoted
        case (.text, 34): throw fault(.strayQuote, position)
        case (.quoted, 34): state = .afterQuote
        case (.quoted, _):
            if byte == 10 { line += 1 }
            field.append(byte)
        case (.afterQuote, 34):
            field.append(byte)
            state = .quoted
        case (.afterCR, 10): endRecord(after: 1)
        case (.afterCR, _): throw fault(.bareCarriageReturn, position - 1)
        case (_, 44): endField()
        case (_, 10): endRecord(after: 1)
        case (_, 13): state = .afterCR
        case (.afterQuote, _): throw fault(.textAfterClosingQuote, position)
        case (_, _):
            field.append(byte)
            state = .text
        }
    }

    private mutating func finish() throws(CSVError) {
        switch state {
        case .quoted:
            throw CSVError(
                .unterminatedQuote, line: quoteLine, byteOffset: quotePosition, field: row.count)
        case .afterCR: throw fault(.bareCarriageReturn, position - 1)
        case .fieldStart where position == recordStart: break
        default: endRecord(after: 0)
        }
    }

    private mutating func endField() {
        row.append(String(decoding: field, as: UTF8.self))
        field = []
        state = .fieldStart
    }

    private mutating func endRecord(after terminator: Int) {
        let isBlank = row.isEmpty && quoted.isEmpty && field.isEmpty
        endField()
        let end = position + terminator
        if !isBlank {
            outcome.rows.append(
                Row(
                    row, quoted: quoted, line: recordLine, recordStart..<end,
                    isTerminated: terminator > 0))
        }
        (row, quoted) = ([], [])
        line += 1
        (recordStart, recordLine) = (end, line)
    }

    private func fault(_ kind: CSVError.Kind, _ at: Int) -> CSVError {
        CSVError(kind, line: line, byteOffset: at, field: row.count)
    }
}

/// A record with quotes where none may be, taken as content where they open no field.
private struct LenientReading {
    var fields = 1
    var hasTextAfterQuote = false
    /// Whether it ends inside quotes.
    var isOpen = false

    init(_ record: [UInt8]) {
        var index = 0
        var isAtStart = true
        while index < record.count {
            if isAtStart, record[index] == 34 {
                guard let close = Self.closingQuote(record, after: index) else {
                    isOpen = true
                    return
                }
                index = close + 1
                if index < record.count, ![44, 13].contains(record[index]) {
                    hasTextAfterQuote = true
                }
                isAtStart = false
                continue
            }
            isAtStart = record[index] == 44
            if isAtStart { fields += 1 }
            index += 1
        }
    }

    /// The first quote that is not the first of two.
    private static func closingQuote(_ record: [UInt8], after open: Int) -> Int? {
        var index = open + 1
        while index < record.count {
            if record[index] == 34 {
                guard index + 1 < record.count, record[index + 1] == 34 else { return index }
                index += 1
            }
            index += 1
        }
        return nil
    }
}
