import CSV
import Support
import Testing

/// A named malformed input, how many records come before the fault, and the fault.
struct FaultCase: CustomTestStringConvertible {
    var testDescription: String
    var input: [UInt8]
    var records: Int
    var error: CSVError

    init(_ name: String, _ input: String, after records: Int = 0, _ error: CSVError) {
        testDescription = name
        self.input = Array(input.utf8)
        self.records = records
        self.error = error
    }
}

let faultCases: [FaultCase] = [
    FaultCase(
        "quote inside an unquoted field", "a\nb,c\"d\n", after: 1,
        CSVError(.strayQuote, line: 2, byteOffset: 5, field: 1)),
    FaultCase(
        "quotes after a space", "a, \"b\"\n",
        CSVError(.strayQuote, line: 1, byteOffset: 3, field: 1)),
    FaultCase(
        "quote at the end of an unquoted field", "a\"",
        CSVError(.strayQuote, line: 1, byteOffset: 1, field: 0)),
    FaultCase(
        "text after a closing quote", "\"a\"b\n",
        CSVError(.textAfterClosingQuote, line: 1, byteOffset: 3, field: 0)),
    FaultCase(
        "space after a closing quote", "x,\"a\nb\" ,c\n",
        CSVError(.textAfterClosingQuote, line: 2, byteOffset: 7, field: 1)),
    FaultCase(
        "text after a closing quote, and nothing more", "\"a\"b",
        CSVError(.textAfterClosingQuote, line: 1, byteOffset: 3, field: 0)),
    FaultCase(
        "text after a closing quote far from the next comma",
        "\"a\"" + String(repeating: "b", count: 200),
        CSVError(.textAfterClosingQuote, line: 1, byteOffset: 3, field: 0)),
    FaultCase(
        "text, then a quote, after a closing quote", "\"a\"b\"\n",
        CSVError(.textAfterClosingQuote, line: 1, byteOffset: 3, field: 0)),
    FaultCase(
        "bare CR in text", "a\rb\n",
        CSVError(.bareCarriageReturn, line: 1, byteOffset: 1, field: 0)),
    FaultCase(
        "bare CR before a comma", "a,b\r,c\n",
        CSVError(.bareCarriageReturn, line: 1, byteOffset: 3, field: 1)),
    FaultCase(
        "two CRs before an LF", "a\n\r\r\n", after: 1,
        CSVError(.bareCarriageReturn, line: 2, byteOffset: 2, field: 0)),
    FaultCase(
        "bare CR after a closing quote", "\"a\"\rb\n",
        CSVError(.bareCarriageReturn, line: 1, byteOffset: 3, field: 0)),
    FaultCase(
        "bare CR at the end of input", "a\r",
        CSVError(.bareCarriageReturn, line: 1, byteOffset: 1, field: 0)),
    FaultCase(
        "bare CR before text and nothing more", "a\rb",
        CSVError(.bareCarriageReturn, line: 1, byteOffset: 1, field: 0)),
    FaultCase(
        "unterminated quote", "a\nb,\"c\nd\n", after: 1,
        CSVError(.unterminatedQuote, line: 2, byteOffset: 4, field: 1)),
    FaultCase(
        "a quote and nothing more", "\"",
        CSVError(.unterminatedQuote, line: 1, byteOffset: 0, field: 0)),
    FaultCase(
        "a doubled quote does not close", "\"a\"\"",
        CSVError(.unterminatedQuote, line: 1, byteOffset: 0, field: 0)),
    FaultCase(
        "unterminated after a closed quote on another line", "\"a\nb\",\"c\n",
        CSVError(.unterminatedQuote, line: 2, byteOffset: 6, field: 1)),
    FaultCase(
        "stray quote after a BOM", "\u{feff}a\"\n",
        CSVError(.strayQuote, line: 1, byteOffset: 4, field: 0)),
]

@Suite struct CSVFaultTests {
    @Test(arguments: faultCases, Cut.allCases)
    func refusesMalformedInput(_ expected: FaultCase, _ cut: Cut) {
        for chunks in cut.chunks(expected.input) {
            let outcome = parse(chunks)
            #expect(outcome.error == expected.error)
            #expect(outcome.rows.count == expected.records)
        }
    }

    @Test func faultsFurtherOnStandWhereTheReaderWasToldItIs() {
        let start = Start(line: 50, byteOffset: 4_000)
        #expect(
            parse([Array("a\nb\"\n".utf8)[...]], start).error
                == CSVError(.strayQuote, line: 51, byteOffset: 4_003, field: 0))
    }

    @Test func messagesSayWhereAndWhatAndWhatToDo() {
        let error = CSVError(.unterminatedQuote, line: 2, byteOffset: 4, field: 1)
        #expect(
            "\(error)" == "line 2, byte 4, field 2: this quote is never closed; "
                + "the input is cut short, or a quote is missing")
    }
}
