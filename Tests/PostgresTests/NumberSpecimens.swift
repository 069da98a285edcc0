import Postgres
import Support

extension Specimens {
    private static let decimal = #"^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$"#
    private static let grouped = #"^\s*[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?\s*$"#
    private static let pieces = [
        "0", "9", "1", "-", "+", ".", ",", " ", "e", "E", "0000", "9999", "10000", ",000", "e-",
        "e5", "\t", "_", "123",
    ]
    private static let numbers = [
        "0", "-0", "+0", "1", "-1", "+1", "0.0", "0.00", "-0.00", "1.", ".5", "-.5", "+.5", ".",
        "-", "+", "", " ", "null", "NULL", "Null", "1.5", "12.34", "-12.34", "123456.789",
        "10000", "9999", "10001", "100000000", "99999999", "0.0001", "0.00001", "0.00010000",
        "0.99999999", "1234567890123456", "12345678901234567", "1234567890.123456",
        "0.1234567890123456", "123456789012345.6", "1.234567890123456789012345678901234567890",
        "00000000000000000000000000000000000001.50", "000.5", "0005", "1000000000000000",
        "9999999999999999", "999999999999999.9", "-9999999999999.999", "0.0000000000000001",
        " 1", "1 ", "\t-1.50\n", "- 1", "1 1", "1e5", "1E5", "1e+5", "1e-5", "-1.5e3", "1.e2",
        ".1e2", "1e", "e5", "1e5.5", "1e--5", "1e 5", "1e-7", "123.456e-10", "123.456e10",
        "12345e-4", "12345e-3", "0e5", "0e-5", "0.000e10", "0.000e2", "0e100000", "1..2", "1.2.3",
        "0x1F", "0x1p3", "1_000", "1__0", "NaN", "nan", "Infinity", "inf", "-inf", "infinity",
        "1e16383", "1e-16383", "1e-16384", "0e-16383", "0e-16384", "1e131071", "1e131072",
        "9e131071", "0.1e131072", "1e2000000000", "0e2000000000", "0e1073741822",
        "0e1073741823", "1e99999999999999999999", "1e-99999999999999999999", "1e309", "1e308",
        "1.7976931348623157e308", "1.7976931348623159e308", "4.9e-324", "2e-324", "3e-324",
        "2.2250738585072014e-308", "2.2250738585072011e-308", "0.1", "0.2", "0.3", "123456789.01",
        "9007199254740993", "9007199254740992", "8.41e21", "5e-324", "1e23", "6.02214076e23",
        "179769313486231580793728971405301e276", "12345678901234567890123456789.12345678", "1,000",
        "12,345,678.90", "-12,345,678.90", "1,00", "1000,000", ",000", "1,", "0,123", "1,000e2",
        "1,000.5", "1.000,5", "1,0000", "999,999", " 1,000 ", "+1,234", "100,000.", "1,000,00",
        "$1", "1%", "१", "१२", "(1)", "1-", "1e400", "1e-400", "-1e400",
    ]

    /// Refused beyond 38 digits on either side of the point; of zeros at the end 38 are kept.
    private static let bounded = """
        (select case
             when abs(n) >= 1e38 or n <> trunc(n, 38) then n / (n - n)
             when scale(n) > 38 then trunc(n, 38) else n end
         from (select (case when t ~ '\(grouped)' then replace(t, ',', '') else t end)::numeric)
             as s (n))
        """

    static let numeric = Specimens(
        type: .numeric, isOurs: "t ~* '\(decimal)'", cast: bounded, pieces: pieces,
        seeds: numbers + [
            String(repeating: "9", count: 200) + "." + String(repeating: "8", count: 300),
            "0." + String(repeating: "0", count: 16_382) + "1",
            "0." + String(repeating: "0", count: 16_383) + "1",
            "0." + String(repeating: "0", count: 16_384),
            String(repeating: "0", count: 140_000) + "7",
            "7" + String(repeating: "0", count: 131_071),
            "7" + String(repeating: "0", count: 131_072),
            String(repeating: "123456789", count: 14_000) + ".5",
            String(repeating: "9", count: 38), "1" + String(repeating: "0", count: 38),
            "0." + String(repeating: "0", count: 37) + "1",
            "0." + String(repeating: "0", count: 38) + "1",
            "1." + String(repeating: "0", count: 60), "1e37", "1e38", "1e-38", "1e-39", "9.9e37",
            "0.1e38", "10e37", "100e-39", "12e-39",
            String(repeating: "0", count: 60) + "1." + String(repeating: "0", count: 60),
        ],
        wild: { random in
            var text = Bool.random(using: &random) ? "-" : ""
            for _ in 0...Int.random(in: 0...12, using: &random) {
                text += random.next() % 3 == 0 ? "0" : String(random.next() % 10)
            }
            if Bool.random(using: &random) { text += "." }
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                text += random.next() % 3 == 0 ? "0" : String(random.next() % 10)
            }
            let exponent = Int.random(in: -40...40, using: &random)
            return random.next() % 4 == 0 ? text + "e\(exponent)" : text
        })

    static let double = Specimens(
        type: .doublePrecision,
        isOurs: "t ~* '\(decimal)' and length(btrim(t, E' \\t\\n\\r\\f\\v')) <= 400",
        cast: "t::double precision", pieces: pieces,
        seeds: numbers + [
            String(repeating: "9", count: 100) + "." + String(repeating: "8", count: 200),
            "0." + String(repeating: "0", count: 320) + "4",
            "0." + String(repeating: "0", count: 330) + "4",
            "9007199254740993." + String(repeating: "0", count: 300) + "1",
            String(repeating: "1", count: 401),
        ],
        wild: { random in
            let value = Double(bitPattern: random.next())
            return Bool.random(using: &random)
                ? "\(value)" : "\(random.next()).\(random.next())e\(random.next() % 400)"
        })
}
