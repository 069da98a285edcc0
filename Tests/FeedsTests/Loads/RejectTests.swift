import Feeds
import Postgres
import Testing

/// Records that their table would not take.
@Suite struct RejectTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench() }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// The record as delivered.
        let raw: [UInt8]
        let column: String
        let reason: String

        init(_ fault: String, _ raw: String, _ column: String, _ reason: String) {
            self.init(fault, Array(raw.utf8), column, reason)
        }

        init(_ fault: String, _ raw: [UInt8], _ column: String, _ reason: String) {
            testDescription = fault
            self.raw = raw
            self.column = column
            self.reason = reason
        }
    }

    private static func row(
        id: String = "x", amount: String = "1", currency: String = "USD",
        from: String = Delivery.day
    ) -> String {
        "\(id),INVOICED,SALE,\(amount),\(currency),,\(from),\(Delivery.day)"
    }

    private static let long = String(repeating: "z", count: 70)

    static let cases = [
        Case("a field too few", "x,INVOICED,SALE", "", "has 3 fields where the header has 8"),
        Case("a field too many", row() + ",", "", "has 9 fields where the header has 8"),
        Case(
            "a quote inside an unquoted field", "e\"2,INVOICED,SALE,1,USD,,,", "billing_event_id",
            "has a quote inside an unquoted field"),
        Case(
            "quotes within an unquoted field", "x,INVOICED,5\" to 7\" disk,1,USD,,,",
            "transaction_type", "has a quote inside an unquoted field"),
        Case(
            "a blank before the quotes", "x, \"INVOICED\",SALE,1,USD,,,", "action",
            "has a quote inside an unquoted field"),
        Case(
            "a stray quote, and a comma too many", "x,IN\"V,OICED,SALE,1,USD,,,,", "action",
            "has a quote inside an unquoted field"),
        Case(
            "a stray quote, then a sound quoted field", "x,IN\"V,\"a,b\",1,USD,,,", "action",
            "has a quote inside an unquoted field"),
        Case(
            "text after a closing quote, and every field there",
            "\"x\"y,INVOICED,SALE,1,USD,,,", "billing_event_id", "has text after a closing quote"),
        Case(
            "a quote that was not doubled", "x,\"INV\"O\"ICED\",SALE,1,USD,,,", "action",
            "has text after a closing quote"),
        Case(
            "a carriage return in a field", "x,INV\rOICED,SALE,1,USD,,,", "action",
            "has a carriage return without a line feed"),
        Case(
            "a carriage return between two records", "\(row())\r\(row())", "update_date",
            "has a carriage return without a line feed"),
        Case(
            "more fields than a table can have", String(repeating: "x,", count: 2_000), "",
            "has more than 1600 fields"),
        Case(
            "a quoted field with commas counts as one", "\"x,y,z\"", "",
            "has 1 fields where the header has 8"),
        Case(
            "not a number", row(amount: "12,5").replacing("12,5", with: "\"12,5\""), "amount",
            "\"12,5\" is not numeric"),
        Case("a number with a unit", row(amount: "$1"), "amount", "\"$1\" is not numeric"),
        Case(
            "an amount of 400 digits", row(amount: "1e400"), "amount",
            "\"1e400\" has more than 38 digits before or after the decimal point"),
        Case(
            "not a timestamp", row(from: "yesterday"), "valid_from",
            "\"yesterday\" is not a timestamp"),
        Case(
            "a day that does not exist", row(from: "2026-02-30T00:00:00Z"), "valid_from",
            "\"2026-02-30T00:00:00Z\" is out of range"),
        Case(
            "an empty column that may not be", row(id: ""), "billing_event_id",
            "is empty, and it may not be"),
        Case(
            "a quoted empty column that may not be", row(id: "\"\""), "billing_event_id",
            "is empty, and it may not be"),
        Case(
            "an empty instant that may not be", row(from: ""), "valid_from",
            "is empty, and it may not be"),
        Case("a NUL byte", row(currency: "U\0D"), "currency", "\"U\u{FFFD}D\" contains a NUL byte"),
        Case(
            "not UTF-8",
            Array("x,INVOICED,SALE,1,".utf8) + [0xC3, 0x28]
                + Array(",,\(Delivery.day),\(Delivery.day)".utf8), "currency",
            "\"\u{FFFD}(\" is not valid UTF-8"),
        Case(
            "a long value is shown in part", row(amount: long), "amount",
            "\"\(long.prefix(60))...\" is not numeric"),
        Case(
            "the first of several faults", row(id: "", amount: "?", from: "?"),
            "billing_event_id", "is empty, and it may not be"),
    ]

    @Test(
        "a record that is refused is kept whole with its place and reason, and the rest is loaded",
        arguments: cases)
    func refusedRecord(_ test: Case) throws {
        let before =
            "\u{FEFF}" + Delivery.month(1...2)
            + Delivery.event("\"e\n3\"") + "\n"
        let file =
            Array(before.utf8) + test.raw + Array("\n".utf8)
            + Array(Delivery.events(5...6).utf8)
        let outcome = try bench.deliver(file)
        #expect(outcome.rowsLoaded == 5)
        #expect(outcome.rowsRejected == 1)
        #expect(outcome.rowsRead == 6)
        let reject = try bench.postgres.query(
            "select * from ingest.reject where seller_id = $1", [.int(Int64(bench.sellerID))]
        ).only()
        #expect(try reject.int("line") == 4)
        #expect(try reject.int("file_line") == 6)
        #expect(try reject.int("byte_offset") == before.utf8.count)
        #expect(try reject.string("feed") == "sdds.billing_event")
        #expect(try reject.optionalString("column_name") ?? "" == test.column)
        #expect(try reject.string("reason") == test.reason)
        #expect(try reject.bytes("raw") == test.raw)
        try bench.expectClean()
    }

    /// The same records in one file, in batches, in members and in continued versions.
    @Test(arguments: 0...3)
    func everyRejectIsWrittenOnce(way: Int) throws {
        let records = Self.cases.map { $0.raw + Array("\r\n".utf8) }
        let header = Array(Delivery.header.utf8)
        bench.store.chunkBytes = 64
        switch way {
        case 0: try bench.deliver(header + records.joined())
        case 1:
            bench.limits.batchRows = 1
            try bench.deliver(header + records.joined())
        case 2: try bench.deliver(gzip([header] + records))
        default:
            for count in 1...records.count {
                try bench.deliver(header + records.prefix(count).joined())
            }
        }
        try bench.expectClean()
        #expect(try places().count == Self.cases.count)
        let clean = try LoadBench(files: bench)
        try clean.load(Delivery.key)
        #expect(try places() == places(of: clean))
    }

    private func places(of bench: LoadBench? = nil) throws -> [String] {
        try (bench ?? self.bench).texts(
            """
            select concat_ws(' ', line, file_line, byte_offset, column_name, reason) as text
            from ingest.reject where seller_id = $1
            """)
    }

    /// More than a buffer holds, so that the COPY is ended and begun again.
    @Test(
        "thousands of rejects are all kept", arguments: [(12_000, 10), (300, 40_000)])
    func manyRejects(count: Int, width: Int) throws {
        let filling = String(repeating: "x", count: width)
        var text = Delivery.header
        for number in 1...count {
            text += "\(number),\(filling)\n"
            if number.isMultiple(of: 100) { text += Delivery.event("e\(number)") + "\n" }
        }
        let outcome = try bench.deliver(text)
        #expect(outcome.rowsRejected == count)
        #expect(outcome.rowsLoaded == count / 100)
        let found = try bench.text(
            """
            select concat_ws(' ', count(*), count(distinct line), count(distinct raw),
                sum(length(raw)) = sum(length(split_part(convert_from(raw, 'UTF8'), ',', 1)))
                    + count(*) * \(width + 1)) as text
            from ingest.reject where seller_id = $1
            """)
        #expect(found == "\(count) \(count) \(count) t")
        try bench.expectReconciled()
    }
}
