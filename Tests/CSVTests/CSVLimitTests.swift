import CSV
import Support
import Testing

@Suite struct CSVLimitTests {
    @Test(
        arguments: ["abcd\n", "abcd\r\n", "abcd", "a,bc\n", "\"ab\"\r\n", "abcd\nabcd\n"],
        Cut.allCases)
    func aRecordMayBeAsLongAsTheLimit(_ input: String, _ cut: Cut) {
        for chunks in cut.chunks(Array(input.utf8)) {
            #expect(parse(chunks, Start(recordBytesMax: 4)).error == nil)
        }
    }

    @Test(
        arguments: [
            ("abcde\n", 0), ("abcde", 0), ("a,bcd\n", 1), ("abcd,\n", 1), ("\"abc\"\r\n", 0),
            ("\"a\",b,c\n", 1), ("\"\"\"\"\"\"\n", 0), ("\"abcdefgh", 0), ("abcde\"\n", 0),
        ], Cut.allCases)
    func aLongerRecordIsRefusedAtItsStart(_ expected: (String, Int), _ cut: Cut) {
        let (input, field) = expected
        for chunks in cut.chunks(Array("x\n\(input)".utf8)) {
            let outcome = parse(chunks, Start(recordBytesMax: 4))
            #expect(
                outcome.error
                    == CSVError(
                        .recordTooLong(bytesMax: 4), line: 2, byteOffset: 2, field: field))
            #expect(outcome.rows.count == 1)
        }
    }

    @Test(
        arguments: [
            ("abcd\"\n", .strayQuote), ("\"ab\"x\n", .textAfterClosingQuote),
            ("abcd\rx\n", .bareCarriageReturn),
        ] as [(String, CSVError.Kind)], Cut.allCases)
    func theByteAfterTheLimitMayShowAnotherFault(
        _ expected: (input: String, kind: CSVError.Kind), _ cut: Cut
    ) {
        for chunks in cut.chunks(Array(expected.input.utf8)) {
            let error = parse(chunks, Start(recordBytesMax: 4)).error
            #expect(error == CSVError(expected.kind, line: 1, byteOffset: 4, field: 0))
        }
    }

    @Test func anEndlessFieldIsRefusedAfterTheLimit() {
        var reader = CSVReader(recordBytesMax: 1 << 20)
        let chunk = [UInt8](repeating: UInt8(ascii: "a"), count: 64 << 10)
        var bytes = 0
        #expect(throws: CSVError.self) {
            try reader.read([UInt8(ascii: "\"")].span.bytes) { _, _, _ in }
            while bytes < 1 << 30 {
                bytes += chunk.count
                try reader.read(chunk.span.bytes) { _, _, _ in }
            }
        }
        #expect(bytes == 1 << 20)
    }

    @Test(arguments: Cut.allCases)
    func fieldsAreCounted(_ cut: Cut) {
        for chunks in cut.chunks(Array("a,b,c\n\"a\",,\n".utf8)) {
            #expect(parse(chunks, Start(fieldsMax: 3)).error == nil)
        }
        for chunks in cut.chunks(Array("a\na,\"b\",,d\n".utf8)) {
            let outcome = parse(chunks, Start(fieldsMax: 3))
            #expect(
                outcome.error
                    == CSVError(.tooManyFields(fieldsMax: 3), line: 2, byteOffset: 8, field: 3))
        }
    }
}
