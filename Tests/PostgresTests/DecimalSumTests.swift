import Postgres
import Support
import Testing

@Suite struct DecimalSumTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let texts: [String]
        var testDescription: String { name }

        init(_ name: String, _ texts: [String]) {
            self.name = name
            self.texts = texts
        }
    }

    private static func random(
        _ count: Int, seed: UInt64, _ make: (inout SeededGenerator) -> String
    ) -> [String] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in make(&random) }
    }

    private static func digits(_ count: Int, _ random: inout SeededGenerator) -> String {
        String((0..<count).map { _ in "0123456789".randomElement(using: &random) ?? "0" })
    }

    static let cases = [
        Case("one zero", ["0"]), Case("scaled zero", ["0.000", "0"]),
        Case("cancels out", ["123.45", "-123.45"]), Case("negative", ["1", "-3.5"]),
        Case("borrow over groups", ["100000000", "-0.00000001"]),
        Case("carry over groups", ["99999999.9999", "0.0001"]),
        Case("negative carry", ["-99999999.9999", "-0.0001"]),
        Case("small negative", ["-0.00001"]), Case("crosses zero", ["10000", "-10001"]),
        Case("far apart", ["1e37", "1e-38", "-1e37"]),
        Case("display scale only", ["5", "0.0000000000"]),
        Case(
            "amounts",
            random(3_000, seed: 1) { random in
                (Bool.random(using: &random) ? "-" : "")
                    + "\(Int.random(in: 0...999_999, using: &random))."
                    + digits(Int.random(in: 0...8, using: &random), &random) + "0"
            }),
        Case(
            "every scale",
            random(1_000, seed: 2) { random in
                (Bool.random(using: &random) ? "-" : "+")
                    + digits(Int.random(in: 1...25, using: &random), &random) + "."
                    + digits(Int.random(in: 0...25, using: &random), &random)
                    + "e\(Int.random(in: -12...12, using: &random))"
            }),
        Case("all nines", [String](repeating: "9999999999999999.9999", count: 5_000)),
        Case("all nines below zero", [String](repeating: "-9999999999999999.9999", count: 5_000)),
    ]

    @Test(arguments: cases)
    func equalsTheServersSum(sample: Case) throws {
        let connection = try PrivateCluster.connect()
        let server = try connection.query(
            "select sum(t::numeric) as sum from unnest($1::text[]) t",
            [.textArray(sample.texts)]
        ).only()
        let whole = try sum(sample.texts[...])
        #expect(try whole.description == server.string("sum"))
        var merged = DecimalSum()
        for start in stride(from: 0, to: sample.texts.count, by: 7) {
            merged.add(try sum(sample.texts[start..<min(start + 7, sample.texts.count)]))
        }
        #expect(merged == whole)
    }

    @Test(arguments: [
        (["NaN", "1"], "NaN"), (["Infinity", "1"], "Infinity"), (["-Infinity"], "-Infinity"),
        (["Infinity", "-Infinity"], "NaN"),
    ])
    func specialValuesPoisonTheSum(names: [String], expected: String) {
        let signs: [String: [UInt8]] = [
            "NaN": [0xC0, 0], "Infinity": [0xD0, 0], "-Infinity": [0xF0, 0],
        ]
        var sum = DecimalSum()
        for name in names {
            let special = signs[name].map { [0, 0, 0, 0] + $0 + [0, 0] }
            let encoded = special ?? [0, 1, 0, 0, 0, 0, 0, 0, 0, 1]
            sum.add(encoded: encoded.span.bytes)
        }
        #expect(sum.description == expected)
        var total = DecimalSum()
        total.add(sum)
        #expect(total.description == expected)
    }

    @Test func nothingAddedIsZero() {
        #expect(DecimalSum().description == "0")
        #expect(DecimalSum() == DecimalSum())
    }

    private func sum(_ texts: ArraySlice<String>) throws -> DecimalSum {
        var sum = DecimalSum()
        for text in texts {
            guard case .value(let encoded) = Outcome(text, as: .numeric) else {
                throw PostgresError("\(text) was refused")
            }
            sum.add(encoded: encoded.span.bytes)
        }
        return sum
    }
}
