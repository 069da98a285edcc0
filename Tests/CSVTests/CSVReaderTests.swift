import CSV
import Support
import Testing

@Suite struct CSVReaderTests {
    @Test(arguments: recordCases + byteOrderMarkCases, Cut.allCases)
    func readsRecords(_ expected: Case, _ cut: Cut) {
        for chunks in cut.chunks(expected.input) {
            let outcome = parse(chunks)
            #expect(outcome.error == nil)
            #expect(outcome.rows == expected.rows)
            #expect(outcome.raws == expected.rows.map { raw(of: $0, in: expected.input) })
        }
    }

    @Test(arguments: recordCases)
    func alignmentMakesNoDifference(_ expected: Case) {
        for length in 1...130 {
            let filler = String(repeating: "x", count: length)
            let outcome = parse([(Array((filler + "\n").utf8) + expected.input)[...]])
            let first = Row([filler], line: 1, 0..<length + 1)
            #expect(outcome.error == nil)
            #expect(outcome.rows == [first] + expected.rows.map { $0.moved(by: length + 1) })
        }
    }

    @Test(arguments: recordCases, Cut.allCases)
    func aReaderStartsWhereARecordDoes(_ expected: Case, _ cut: Cut) {
        for index in expected.rows.indices {
            let row = expected.rows[index]
            let rest = Array(expected.input[row.bytes.lowerBound...])
            for chunks in cut.chunks(rest) {
                let start = Start(line: row.line, byteOffset: row.bytes.lowerBound)
                #expect(parse(chunks, start).rows == Array(expected.rows[index...]))
            }
        }
    }

    @Test func aByteOrderMarkIsContentFurtherOn() {
        let outcome = parse([Array("\u{feff}a\n".utf8)[...]], Start(line: 9, byteOffset: 70))
        #expect(outcome.rows == [Row(["\u{feff}a"], line: 9, 70..<75)])
    }

    @Test func emptyChunksAreNothing() {
        let input = Array("\u{feff}a,\"b\"\n".utf8)
        let chunks = input.flatMap { [[$0][...], [][...]] }
        #expect(
            parse([[][...]] + chunks).rows == [Row(["a", "b"], quoted: [1], line: 1, 3..<9)])
    }

    @Test func fieldsAreTheRecordsOwnBytesWithoutDoubledQuotes() throws {
        var reader = CSVReader()
        let input = Array("a,\"b\"\n\"\"\"\"\n".utf8)
        var isSame: [Bool] = []
        try reader.read(input.span.bytes) { _, fields, raw in
            isSame.append(
                fields.withUnsafeBytes { fields in
                    raw.withUnsafeBytes { fields.baseAddress == $0.baseAddress }
                })
        }
        #expect(isSame == [true, false])
    }

    @Test func whatTheBodyThrowsArrives() {
        struct Stop: Error {}
        let input = Array("a\nb\nc\n".utf8)
        for count in 1...3 {
            var reader = CSVReader()
            var seen = 0
            #expect(throws: Stop.self) {
                try reader.read(input.span.bytes) { _, _, _ in
                    seen += 1
                    if seen == count { throw Stop() }
                }
            }
            #expect(seen == count)
        }
    }

    private func raw(of row: Row, in input: [UInt8]) -> [UInt8] {
        var raw = input[row.bytes]
        guard row.isTerminated else { return Array(raw) }
        raw.removeLast()
        if raw.last == UInt8(ascii: "\r") { raw.removeLast() }
        return Array(raw)
    }
}

extension Row {
    func moved(by bytes: Int) -> Row {
        var row = self
        row.line += 1
        row.bytes = self.bytes.lowerBound + bytes..<self.bytes.upperBound + bytes
        return row
    }
}
