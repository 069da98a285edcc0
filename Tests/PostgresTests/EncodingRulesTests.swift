import Postgres
import Testing

/// The rules in which a field is read otherwise than the server's cast would, each by name.
@Suite struct EncodingRulesTests {
    @Test(arguments: BinaryType.allCases)
    func emptyFieldIsNullForEveryType(type: BinaryType) {
        #expect(Outcome("", as: type) == .null)
    }

    @Test(arguments: BinaryType.allCases, ["null", "NULL", "Null", "nULl"])
    func wordNullIsNullButForTextAndJSON(type: BinaryType, word: String) {
        switch type {
        case .text: #expect(Outcome(word, as: type) == .value(Array(word.utf8)))
        case .jsonb where word == "null":
            #expect(Outcome(word, as: type) == .value([1] + Array(word.utf8)))
        case .jsonb: #expect(Outcome(word, as: type) == .refused(.notJSON))
        default: #expect(Outcome(word, as: type) == .null)
        }
    }

    @Test(arguments: BinaryType.allCases.filter { $0 != .text })
    func blanksAloneAreNotNull(type: BinaryType) {
        let outcome = Outcome(" ", as: type)
        #expect(outcome != .null)
        guard case .refused = outcome else {
            Issue.record("accepted as \(outcome)")
            return
        }
    }

    @Test(arguments: [
        ("1,000", "1000"), ("-12,345,678.90", "-12345678.90"), ("+999,999.5", "999999.5"),
        ("123,456,789,012,345,678,901", "123456789012345678901"), ("1,000.", "1000."),
        ("9,223,372,036,854,775,807", "9223372036854775807"), ("-12,345", "-12345"),
        ("+123,456", "123456"),
    ])
    func perfectThousandsAreRead(grouped: String, plain: String) {
        #expect(Outcome(grouped, as: .numeric) == Outcome(plain, as: .numeric))
        guard !grouped.contains(".") else { return }
        #expect(Outcome(grouped, as: .bigint) == Outcome(plain, as: .bigint))
    }

    @Test(arguments: [
        "0,123", "00,123", "1,00", "1000,000", ",000", "1,", "1,000,", "1,0000", "1,000,00",
        "1,,000", "1,000.5,0", "1.000,5", "1,000e2", "1, 000",
    ])
    func imperfectThousandsAreRefused(text: String) {
        #expect(Outcome(text, as: .numeric) == .refused(.notNumeric))
        #expect(Outcome(text, as: .doublePrecision) == .refused(.notDoublePrecision))
        #expect(Outcome(text, as: .bigint) == .refused(.notInteger))
    }

    @Test(arguments: [
        ("2018-12-12T02:00:00", "2018-12-12T02:00:00Z"),
        ("2018-12-12 02:00:00.5", "2018-12-12T02:00:00.5Z"), ("2018-12-12", "2018-12-12T00:00:00Z"),
    ])
    func instantWithoutZoneIsUTC(bare: String, zoned: String) {
        #expect(Outcome(bare, as: .timestamptz) == Outcome(zoned, as: .timestamptz))
    }

    @Test(arguments: [
        ("2018-12-12T23:00:00-05:00", "2018-12-13"), ("2018-12-12T01:00:00+05:00", "2018-12-11"),
        ("2018-12-12T23:59:59.9999999Z", "2018-12-13"), ("1999-12-31 23:59:59", "1999-12-31"),
        ("2018-12-12T00:00:00Z", "2018-12-12"),
    ])
    func timestampAsDateIsItsDayInUTC(instant: String, day: String) {
        #expect(Outcome(instant, as: .date) == Outcome(day, as: .date))
    }

    @Test(arguments: [
        ("1-JAN-9999", "9999-01-01"), ("01-jan-9999", "9999-01-01"), ("29-Feb-2020", "2020-02-29"),
    ])
    func dayWithTheNameOfItsMonthIsRead(spelled: String, day: String) {
        #expect(Outcome(spelled, as: .date) == Outcome(day, as: .date))
        #expect(Outcome(spelled, as: .timestamptz) == Outcome(day, as: .timestamptz))
    }

    @Test(arguments: InstantForms.certain)
    func instantInAnyFormWithoutDoubtIsRead(text: String, instant: String) {
        #expect(Outcome(text, as: .timestamptz) == Outcome(instant, as: .timestamptz))
        #expect(Outcome(text, as: .date) == Outcome(instant, as: .date))
    }

    @Test(arguments: InstantForms.doubtful)
    func instantWithADoubtIsRefused(text: String) {
        #expect(Outcome(text, as: .timestamptz) == .refused(.notTimestamp))
        #expect(Outcome(text, as: .date) == .refused(.notDate))
    }

    /// 38 digits are the most that a decimal of AWS's has.
    @Test(arguments: [
        ("1" + String(repeating: "0", count: 37), true), ("1e37", true), ("1e38", false),
        ("-1e38", false), ("0." + String(repeating: "0", count: 37) + "1", true), ("1e-39", false),
        (String(repeating: "0", count: 99) + "1." + String(repeating: "0", count: 99), true),
        (String(repeating: "9", count: 38) + "." + String(repeating: "9", count: 38), true),
        (String(repeating: "9", count: 39), false), ("0e400", true), ("0e-400", true),
    ])
    func amountHas38DigitsOnEitherSide(text: String, isRead: Bool) {
        let outcome = Outcome(text, as: .numeric)
        #expect((outcome != .refused(.tooManyDigits)) == isRead)
        if case .refused = outcome { #expect(!isRead) }
    }

    /// AWS documents no currency sign anywhere: what one would mean beside a currency column, or in a
    /// feed without one, is nobody's to guess.
    @Test(arguments: ["$1,000.00", "1000 USD", "USD 1000", "€5", "(5.00)", "5.00-", "5,00"])
    func amountWithACurrencyOrAnotherNotationIsRefused(text: String) {
        #expect(Outcome(text, as: .numeric) == .refused(.notNumeric))
    }

    @Test(arguments: [
        (BinaryType.numeric, ["NaN", "Infinity", "-inf", "1e 5", "0x1F", "1_000"]),
        (.doublePrecision, ["NaN", "Infinity", "-inf", "0x1F", "0x1p3"]),
        (.bigint, ["0x10", "0b1", "0o7", "1_000"]),
        (
            .timestamptz,
            [
                "epoch", "infinity", "-infinity", "now", "2018-12-12 BC", "10000-01-01",
                "2018-12-12T02:00:00.1234567890123456Z", "2018-12-12+05", "1-JAN-99",
            ]
        ),
        (.date, ["epoch", "infinity", "today", "10000-01-01", "J245"]),
    ])
    func otherFormsOfTheServerAreRefused(type: BinaryType, texts: [String]) {
        for text in texts {
            guard case .refused = Outcome(text, as: type) else {
                Issue.record("\(type) accepted \(text)")
                continue
            }
        }
    }

    @Test func jsonLimitsAreOurs() {
        let deep =
            String(repeating: "[", count: 513) + String(repeating: "]", count: 513)
        #expect(Outcome(deep, as: .jsonb) == .refused(.tooDeep))
        let long = [0x22] + [UInt8](repeating: 0x61, count: 1 << 24) + [0x22]
        #expect(Outcome(long, as: .jsonb) == .refused(.tooLong))
    }

    @Test(arguments: [
        (BinaryType.numeric, "1x", EncodingRefusal.notNumeric),
        (.numeric, "1e400", .tooManyDigits), (.numeric, "1e-400", .tooManyDigits),
        (.numeric, "1e131072", .tooManyDigits), (.numeric, "1e2000000000", .tooManyDigits),
        (.integer, "2147483648", .outOfRange), (.integer, "1.5", .notInteger),
        (.text, "a\u{0}", .nulByte), (.jsonb, "\"a\u{0}\"", .nulByte),
        (.timestamptz, "2019-02-29", .outOfRange), (.timestamptz, "soon", .notTimestamp),
        (.date, "soon", .notDate), (.uuid, "soon", .notUUID), (.boolean, "soon", .notBoolean),
        (.jsonb, "soon", .notJSON), (.doublePrecision, "soon", .notDoublePrecision),
        (.doublePrecision, "1e999", .outOfRange),
    ])
    func refusalSaysWhy(type: BinaryType, text: String, refusal: EncodingRefusal) {
        #expect(Outcome(text, as: type) == .refused(refusal))
    }

    @Test(
        arguments: [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xED, 0xA0, 0x80],
            [0xF0, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF],
            [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xE2, 0x28, 0xA1], [0xC3, 0x28],
        ] as [[UInt8]])
    func invalidUTF8IsRefusedAtEveryPlace(bad: [UInt8]) {
        for before in 0...9 {
            for after in 0...9 {
                let filling = [UInt8](repeating: 0x61, count: before)
                let text = filling + bad + [UInt8](repeating: 0x61, count: after)
                #expect(Outcome(text, as: .text) == .refused(.invalidUTF8))
                let json = [0x22] + text + [0x22]
                #expect(Outcome(json, as: .jsonb) == .refused(.invalidUTF8))
            }
        }
    }

    @Test func nulIsRefusedAtEveryPlace() {
        for length in 1...20 {
            for place in 0..<length {
                var text = [UInt8](repeating: 0x61, count: length)
                #expect(Outcome(text, as: .text) == .value(text))
                text[place] = 0
                #expect(Outcome(text, as: .text) == .refused(.nulByte))
            }
        }
    }
}
