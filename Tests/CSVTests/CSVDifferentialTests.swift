import CSV
import Support
import Testing

@Suite struct CSVDifferentialTests {
    /// One byte of each kind that the grammar tells apart.
    private static let alphabet = Array("\",\r\na".utf8)

    @Test(arguments: 0...6)
    func everyShortInputReadsAsTheReferenceReadsIt(_ length: Int) {
        forEveryInput(of: length) { input in
            let expected = ReferenceParser.parse(input)
            #expect(parse([input[...]]) == expected, "\(input)")
            #expect(parse(input.indices.map { input[$0...$0] }) == expected, "\(input)")
        }
    }

    /// Where the first record tells how many fields a sound one has: so many as it is given here.
    @Test(arguments: 0...6, [1, 2])
    func everyShortInputIsGoneOnAfterAsTheReferenceDoes(_ length: Int, _ fieldCount: Int) {
        let start = Start(faults: .confine(fieldCount: fieldCount))
        forEveryInput(of: length) { input in
            let expected = ReferenceParser.parse(input, fieldCount: fieldCount)
            #expect(parse([input[...]], start) == expected, "\(input)")
            #expect(parse(input.indices.map { input[$0...$0] }, start) == expected, "\(input)")
        }
    }

    @Test(arguments: 4...6)
    func limitsAreTheSameHoweverTheInputIsCut(_ length: Int) {
        for faults in [CSVReader.Faults.end, .confine(fieldCount: 2)] {
            let start = Start(recordBytesMax: 4, fieldsMax: 2, faults: faults)
            forEveryInput(of: length) { input in
                let whole = parse([input[...]], start)
                #expect(parse(input.indices.map { input[$0...$0] }, start) == whole, "\(input)")
            }
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func randomRecordsSurviveEncodingAndAnyCut(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var input: [UInt8] = []
        var rows: [Row] = []
        for _ in 0..<60 {
            append(randomRecord(&random), to: &input, &rows, &random)
        }
        for longest in [1, 7, 64, 65, 1_000] {
            let outcome = parse(cut(input, longest, &random))
            #expect(outcome.error == nil)
            #expect(outcome.rows == rows)
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func randomBytesReadAsTheReferenceReadsThem(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        // Mostly well-formed, so that faults come late enough to lie behind many blocks.
        var input: [UInt8] = []
        var rows: [Row] = []
        for _ in 0..<20 { append(randomRecord(&random), to: &input, &rows, &random) }
        for _ in 0..<20 {
            var damaged = input
            let place = Int.random(in: 0..<input.count, using: &random)
            damaged[place] = Self.alphabet.randomElement(using: &random) ?? 0
            let expected = ReferenceParser.parse(damaged)
            #expect(parse([damaged[...]]) == expected, "\(seed) \(place)")
            #expect(parse(cut(damaged, 90, &random)) == expected, "\(seed) \(place)")
            let start = Start(faults: .confine(fieldCount: 3))
            let goneOn = ReferenceParser.parse(damaged, fieldCount: 3)
            #expect(parse([damaged[...]], start) == goneOn, "\(seed) \(place)")
            #expect(parse(cut(damaged, 90, &random), start) == goneOn, "\(seed) \(place)")
        }
    }

    private func forEveryInput(of length: Int, _ body: ([UInt8]) -> Void) {
        let count = (0..<length).reduce(1) { product, _ in product * Self.alphabet.count }
        for number in 0..<count {
            var rest = number
            body(
                (0..<length).map { _ in
                    defer { rest /= Self.alphabet.count }
                    return Self.alphabet[rest % Self.alphabet.count]
                })
        }
    }

    private func randomRecord(_ random: inout SeededGenerator) -> [String] {
        let alphabet = ["a", "b", " ", "\"", ",", "\r", "\n", "\r\n", "é", "\0", "0123456789"]
        return (0..<Int.random(in: 1...9, using: &random)).map { _ in
            let plain = Bool.random(using: &random)
            return (0..<Int.random(in: 0...12, using: &random)).map { _ in
                plain ? "x" : alphabet.randomElement(using: &random) ?? ""
            }.joined()
        }
    }

    private func append(
        _ fields: [String], to input: inout [UInt8], _ rows: inout [Row],
        _ random: inout SeededGenerator
    ) {
        let start = input.count
        let line = 1 + input.count { $0 == 10 }
        var quoted: [Int] = []
        for (index, field) in fields.enumerated() {
            if index > 0 { input.append(44) }
            // An empty field alone would be a blank line.
            let mustQuote =
                fields == [""] || field.utf8.contains { [10, 13, 34, 44].contains($0) }
            guard mustQuote || Bool.random(using: &random) else {
                input += Array(field.utf8)
                continue
            }
            quoted.append(index)
            input.append(34)
            for byte in field.utf8 { input += byte == 34 ? [34, 34] : [byte] }
            input.append(34)
        }
        input += Bool.random(using: &random) ? [13, 10] : [10]
        rows.append(Row(fields, quoted: quoted, line: line, start..<input.count))
    }

    private func cut(
        _ input: [UInt8], _ longest: Int, _ random: inout SeededGenerator
    ) -> [ArraySlice<UInt8>] {
        var chunks: [ArraySlice<UInt8>] = []
        var rest = input[...]
        while !rest.isEmpty {
            let count = Int.random(in: 0...longest, using: &random)
            chunks.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return chunks
    }
}
