import CSV

/// The same language read one byte at a time, as plainly as it can be said: the reader's oracle.
///
/// It knows no limits and no BOM.
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

    static func parse(_ input: [UInt8]) -> Outcome {
        var parser = ReferenceParser()
        do {
            for byte in input {
                try parser.take(byte)
                parser.position += 1
            }
            try parser.finish()
        } catch {
            parser.outcome.error = error
        }
        parser.outcome.raws = parser.outcome.rows.map { row in
            var raw = input[row.bytes]
            if row.isTerminated { raw.removeLast() }
            if row.isTerminated, raw.last == 13 { raw.removeLast() }
            return Array(raw)
        }
        return parser.outcome
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
        endField()
        let end = position + terminator
        outcome.rows.append(
            Row(
                row, quoted: quoted, line: recordLine, recordStart..<end,
                isTerminated: terminator > 0))
        (row, quoted) = ([], [])
        line += 1
        (recordStart, recordLine) = (end, line)
    }

    private func fault(_ kind: CSVError.Kind, _ at: Int) -> CSVError {
        CSVError(kind, line: line, byteOffset: at, field: row.count)
    }
}
