import Postgres
import Support
import Testing

/// Texts of one type, good and bad, and what they grow into by mutation.
struct Specimens: Sendable, CustomTestStringConvertible {
    let type: BinaryType
    /// Condition on the text `t`: whether its form is one that we read.
    var isOurs = "true"
    /// The cast of the text `t`.
    let cast: String
    /// Pieces that mutation inserts.
    let pieces: [String]
    let seeds: [String]
    /// Makes a text, most of the time a good one, that no seed resembles.
    var wild: @Sendable (inout SeededGenerator) -> String = { String($0.next()) }

    var testDescription: String { type.sqlName }

    /// The seeds, and twice a number of texts that are the same in every run: mutations and wild.
    func texts(grown count: Int) -> [[UInt8]] {
        var random = SeededGenerator(seed: 20_26)
        let seeds = seeds.map { Array($0.utf8) }
        let wild = (0..<count).map { _ in Array(self.wild(&random).utf8) }
        return seeds + wild
            + (0..<count).map { _ in
                var text = seeds.randomElement(using: &random) ?? []
                for _ in 0...Int.random(in: 0...2, using: &random) {
                    mutate(&text, &random)
                }
                return text
            }
    }

    private func mutate(_ text: inout [UInt8], _ random: inout SeededGenerator) {
        let place = Int.random(in: 0...text.count, using: &random)
        let end = min(text.count, place + Int.random(in: 1...2, using: &random))
        let piece = Array((pieces.randomElement(using: &random) ?? "").utf8)
        switch Int.random(in: 0...5, using: &random) {
        case 0: text.removeSubrange(place..<end)
        case 1, 2: text.insert(contentsOf: piece, at: place)
        case 3: text.replaceSubrange(place..<end, with: piece)
        case 4: text.insert(contentsOf: text[place..<end], at: place)
        default:
            guard place < text.count else { return }
            text[place] = UInt8.random(in: 0...255, using: &random)
        }
    }

    static let all = [
        text, boolean, smallint, integer, bigint, numeric, double, timestamp, date, uuid, json,
    ]
}

extension Specimens {
    static let text = Specimens(
        type: .text, cast: "t",
        pieces: [
            "a", "abcdefgh", "é", "€", "😀", "\u{FFFF}", "\u{10FFFF}", "\u{800}", "\u{7FF}",
            "\u{D7FF}", "\u{E000}", "\u{0}", "\u{7F}", "\n",
        ],
        seeds: [
            "", "a", "null", "NULL", " ", "abcdefg", "abcdefgh", "abcdefghi", "Köln", "東京都",
            "😀😀", "0123456789abcdef", "0123456789abcde\u{0}", "\u{0}", "\u{7F}\u{80}",
            "tab\tand\nnewline\r\n", "\u{10FFFF}\u{10000}", "ééééééééé", "a-long-product-id-12345",
        ])

    static let boolean = Specimens(
        type: .boolean, cast: "t::boolean",
        pieces: ["t", "f", "y", "n", "o", "1", "0", " ", "\t", "T", "e", "s", "f"],
        seeds: [
            "t", "tr", "tru", "true", "TRUE", "True", "f", "fa", "fals", "false", "FALSE", "y",
            "ye", "yes", "YES", "n", "no", "No", "on", "ON", "o", "of", "off", "OFF", "1", "0",
            " true ", "\ttrue\n", "truee", "yess", "offf", "11", "01", "2", "-1", "", " ", "null",
            "Null", "\u{11}", "\u{10}", "nul", "true false",
        ])

    private static func integers(_ type: BinaryType, _ least: String, _ most: String) -> Specimens {
        Specimens(
            type: type,
            cast: #"(case when t ~ '^\s*[+-]?[1-9]\d{0,2}(,\d{3})+\s*$' "#
                + "then replace(t, ',', '') else t end)::\(type.sqlName)",
            pieces: [
                ",", ",000", "0", "9", "1", "-", "+", " ", ".", "\u{B}", "\u{C}", "000", "e", "_",
                "x",
            ],
            seeds: [
                "0", "1", "-1", "+1", " 1", "1 ", " \t\n\r\u{B}\u{C}1\u{C} ", "- 1", "--1", "1.0",
                "1e1", "1_000", "0x10", "0b1", "0o7", "007", "-0", "+0", least, most, "+" + most,
                "-" + most, least.replacing("8", with: "9"), most.replacing("7", with: "8"),
                "99999999999999999999", "9223372036854775808", "-9223372036854775809",
                "1,234", "-12,345", "32,767", "9,223,372,036,854,775,808", "0,123", "1,00",
                "1,0000",
                "18446744073709551616", "18446744073709551615", "00000000000000000000000000001",
                "-00000000000000000000000000032768", "", "null", "-", "+", " ", "१", "1,000",
                "92233720368547758070", "-92233720368547758080", "1 2", "12345", "-12345",
            ],
            wild: { random in
                let value = Int64(bitPattern: random.next())
                return String(value >> Int64.random(in: 0...63, using: &random))
            })
    }
    static let smallint = integers(.smallint, "-32768", "32767")
    static let integer = integers(.integer, "-2147483648", "2147483647")
    static let bigint = integers(.bigint, "-9223372036854775808", "9223372036854775807")

    static let uuid = Specimens(
        type: .uuid, cast: "t::uuid",
        pieces: ["-", "{", "}", "a0", "F", "0", "g", " "],
        seeds: [
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
            "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", "a0eebc999c0b4ef8bb6d6bb9bd380a11",
            "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11", "{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}",
            "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11-", "a0e-ebc999c0b4ef8bb6d6bb9bd380a11",
            "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
            " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "", "null", "{}", "-", "{",
            "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        ],
        wild: { random in
            let digits = String(random.next(), radix: 16) + String(random.next(), radix: 16)
            return String(repeating: "0", count: 32 - digits.utf8.count) + digits
        })
}
