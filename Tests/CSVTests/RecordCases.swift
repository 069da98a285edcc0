import Testing

/// A named input and what must come of it.
struct Case: CustomTestStringConvertible {
    var testDescription: String
    var input: [UInt8]
    var rows: [Row]

    init(_ name: String, _ input: String, _ rows: [Row]) {
        self.init(name, Array(input.utf8), rows)
    }

    init(_ name: String, _ input: [UInt8], _ rows: [Row]) {
        testDescription = name
        self.input = input
        self.rows = rows
    }
}

let recordCases: [Case] = [
    Case("nothing", "", []),
    Case("one line", "a,b\n", [Row(["a", "b"], line: 1, 0..<4)]),
    Case(
        "last line without its end", "a\nb,c",
        [Row(["a"], line: 1, 0..<2), Row(["b", "c"], line: 2, 2..<5, isTerminated: false)]),
    Case("CRLF", "a\r\nb\r\n", [Row(["a"], line: 1, 0..<3), Row(["b"], line: 2, 3..<6)]),
    Case(
        "LF and CRLF mixed", "a\nb\r\nc\n",
        [Row(["a"], line: 1, 0..<2), Row(["b"], line: 2, 2..<5), Row(["c"], line: 3, 5..<7)]),
    Case("a blank line is no record", "\n", []),
    Case("a blank CRLF line", "\r\n", []),
    Case(
        "blank lines between records and at the end", "a\n\n\r\nb\n\n",
        [Row(["a"], line: 1, 0..<2), Row(["b"], line: 4, 5..<7)]),
    Case(
        "a blank line before the first record", "\na,b\n", [Row(["a", "b"], line: 2, 1..<5)]),
    Case(
        "a line of blanks is a field", "a\n  \n",
        [
            Row(["a"], line: 1, 0..<2), Row(["  "], line: 2, 2..<5),
        ]),
    Case("empty fields", ",,\n", [Row(["", "", ""], line: 1, 0..<3)]),
    Case(
        "an empty field at the end of input", "a,",
        [Row(["a", ""], line: 1, 0..<2, isTerminated: false)]),
    Case("one quoted field", "\"a\"\n", [Row(["a"], quoted: [0], line: 1, 0..<4)]),
    Case(
        "quoted and empty differ from empty", "\"\",\n",
        [Row(["", ""], quoted: [0], line: 1, 0..<4)]),
    Case(
        "quoted and empty at the end of input", "\"\"",
        [Row([""], quoted: [0], line: 1, 0..<2, isTerminated: false)]),
    Case(
        "closing quote ends the input", "a,\"b\"",
        [Row(["a", "b"], quoted: [1], line: 1, 0..<5, isTerminated: false)]),
    Case(
        "comma inside quotes", "\"a,b\",c\n",
        [Row(["a,b", "c"], quoted: [0], line: 1, 0..<8)]),
    Case("quoted before CRLF", "a,\"b\"\r\n", [Row(["a", "b"], quoted: [1], line: 1, 0..<7)]),
    Case(
        "LF inside quotes counts as a line", "\"a\nb\"\nc\n",
        [Row(["a\nb"], quoted: [0], line: 1, 0..<6), Row(["c"], line: 3, 6..<8)]),
    Case(
        "CRLF inside quotes", "\"a\r\nb\"\r\nc",
        [
            Row(["a\r\nb"], quoted: [0], line: 1, 0..<8),
            Row(["c"], line: 3, 8..<9, isTerminated: false),
        ]),
    Case(
        "bare CR inside quotes is content and no line", "\"a\rb\"\nc\n",
        [Row(["a\rb"], quoted: [0], line: 1, 0..<6), Row(["c"], line: 2, 6..<8)]),
    Case(
        "a doubled quote", "\"a\"\"b\",c\n",
        [Row(["a\"b", "c"], quoted: [0], line: 1, 0..<9)]),
    Case("nothing but a doubled quote", "\"\"\"\"\n", [Row(["\""], quoted: [0], line: 1, 0..<5)]),
    Case(
        "doubled quotes at both ends", "\"\"\"a\"\"\",\"\"\"\"\"\"\n",
        [Row(["\"a\"", "\"\""], quoted: [0, 1], line: 1, 0..<15)]),
    Case(
        "doubled quotes beside plain fields", "x,\"\"\"\",y,\"z\"\n\"p\",q\n",
        [
            Row(["x", "\"", "y", "z"], quoted: [1, 3], line: 1, 0..<13),
            Row(["p", "q"], quoted: [0], line: 2, 13..<19),
        ]),
    Case(
        "doubled quotes, then a comma inside quotes", "\"\"\",\"\",\"\n",
        [Row(["\",\","], quoted: [0], line: 1, 0..<9)]),
    Case("spaces are content", " a , b \n", [Row([" a ", " b "], line: 1, 0..<8)]),
    Case("UTF-8", "é,日本\n", [Row(["é", "日本"], line: 1, 0..<10)]),
    Case("NUL", "a\0b,\0\n", [Row(["a\0b", "\0"], line: 1, 0..<6)]),
    Case(
        "not UTF-8", [0xff, 0x2c, 0xc3, 0x0a],
        [Row(["\u{fffd}", "\u{fffd}"], line: 1, 0..<4)]),
    Case(
        "high bytes one bit away from structural ones", [0xac, 0xa2, 0x8a, 0x8d, 0x0a],
        [Row(["\u{fffd}\u{fffd}\u{fffd}\u{fffd}"], line: 1, 0..<5)]),
    Case(
        "neighbours of structural bytes", "!#+-\u{b}\u{c}\u{9}\u{e}\n",
        [
            Row(["!#+-\u{b}\u{c}\u{9}\u{e}"], line: 1, 0..<9)
        ]),
    Case(
        "fields longer than a block",
        String(repeating: "a", count: 100) + ",\"" + String(repeating: ",", count: 100) + "\"\n",
        [
            Row(
                [String(repeating: "a", count: 100), String(repeating: ",", count: 100)],
                quoted: [1], line: 1, 0..<204)
        ]),
]

let byteOrderMarkCases: [Case] = [
    Case("a BOM alone", "\u{feff}", []),
    Case(
        "a BOM before a record", "\u{feff}a\nb\n",
        [
            Row(["a"], line: 1, 3..<5), Row(["b"], line: 2, 5..<7),
        ]),
    Case("a BOM before a quote", "\u{feff}\"a\"\n", [Row(["a"], quoted: [0], line: 1, 3..<7)]),
    Case(
        "a BOM before a blank line", "\u{feff}\na",
        [
            Row(["a"], line: 2, 4..<5, isTerminated: false)
        ]),
    Case("a second BOM is content", "\u{feff}\u{feff}a\n", [Row(["\u{feff}a"], line: 1, 3..<8)]),
    Case(
        "a BOM on the second line is content", "a\n\u{feff}b\n",
        [
            Row(["a"], line: 1, 0..<2), Row(["\u{feff}b"], line: 2, 2..<7),
        ]),
    Case(
        "half a BOM is content", [0xef, 0xbb, 0x61, 0x0a],
        [
            Row(["\u{fffd}a"], line: 1, 0..<4)
        ]),
    Case(
        "a third of a BOM, then a comma", [0xef, 0x2c, 0x0a],
        [
            Row(["\u{fffd}", ""], line: 1, 0..<3)
        ]),
    Case(
        "half a BOM alone", [0xef, 0xbb],
        [
            Row(["\u{fffd}"], line: 1, 0..<2, isTerminated: false)
        ]),
]
