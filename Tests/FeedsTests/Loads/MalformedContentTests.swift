import Feeds
import Postgres
import Testing

/// Files that cannot be read on: how far they get, what is said, and how they are mended.
@Suite struct MalformedContentTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench() }

    private func rows() throws -> Int {
        try bench.tables().rows.count
    }

    private func outcomes() throws -> [String] {
        try bench.postgres.query(
            """
            select concat_ws(' ', outcome, rows_loaded, load.failure) as text
            from ingest.load as load join ingest.file using (file_id)
            where seller_id = $1 order by load_id
            """, [.int(Int64(bench.sellerID))]
        ).map { try $0.string("text") }
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// What stands in place of the fifth record and all after it.
        let text: String
        /// From the fifth record's first byte.
        let offset: Int
        let complaint: String
    }

    static let faults = [
        Fault(
            testDescription: "a stray quote, and one that stays open",
            text: "e5,INVO\"ICED,\"SALE\n" + Delivery.events(6...9), offset: 7,
            complaint: "field 2: a quote inside an unquoted field; "
                + "enclose the whole field in quotes and double this one"),
        Fault(
            testDescription: "text after a closing quote",
            text: "\"e5\"x,INVOICED\n" + Delivery.events(6...9), offset: 4,
            complaint: "field 1: text after a closing quote; "
                + "end the field here, or double the quote before it"),
        Fault(
            testDescription: "a quote that is never closed",
            text: "e5,\"INVOICED\n" + Delivery.events(6...9), offset: 3,
            complaint: "field 2: this quote is never closed; "
                + "the input is cut short, or a quote is missing"),
        Fault(
            testDescription: "a lone carriage return at the end", text: "e5,INVOICED\r", offset: 11,
            complaint: "field 2: a carriage return without a line feed; "
                + "end lines with LF or CRLF, or quote the field"),
    ]

    @Test(
        "records before a fault stand, and the mended file goes on from there",
        arguments: faults, [1, 16, Int.max])
    func plainFile(fault: Fault, chunkBytes: Int) throws {
        bench.limits.batchRows = 3
        bench.store.chunkBytes = chunkBytes
        let before = Delivery.month(1...4)
        let said =
            bench.name(of: Delivery.key)
            + ": line 6, byte \(before.utf8.count + fault.offset), \(fault.complaint)"
        let told = try bench.complaint(before + fault.text)
        #expect(told == said || told.hasPrefix(said + ". The damage begins on line 6, "))
        #expect(try rows() == 4)
        #expect(try outcomes() == ["failed 4 " + told])
        let checkpoint = try bench.text(
            "select concat_ws(' ', rows, bytes, lines, is_complete, failure) as text from ingest.file where seller_id = $1"
        )
        #expect(checkpoint == "4 \(before.utf8.count) 5 f \(told)")
        try bench.expectClean()
        // The same faulty version again: the same words, and nothing more.
        #expect(try bench.complaint(before + fault.text) == told)
        try bench.expectClean()
        let mended = try bench.deliver(Delivery.month(1...9))
        #expect(mended.kind == .extended)
        #expect(mended.rowsLoaded == 5)
        try bench.expectClean()
    }

    @Test func faultRightAfterTheHeaderIsMendedToo() throws {
        #expect(try bench.complaint(Delivery.header + "\"x\"y\n").contains("line 2, byte"))
        try bench.expectClean()
        #expect(try bench.deliver(Delivery.month(1...2)).rowsLoaded == 2)
        try bench.expectClean()
    }

    /// The quote that was opened in one record is met by the next record that has one: every record
    /// between them would be part of one reject, and all its fields are there.
    @Test(
        arguments: [
            ("e5,\"INVOICED,SALE,1,USD,,,", "e9,\"INVOICED\",SALE,1,USD,,,"),
            ("\"e5,INVOICED,SALE,1,USD,,,", "\"e9\",INVOICED,SALE,1,USD,,,"),
            ("e5,\"INVOICED\nlate,SALE,1,USD,,,", "e9,\"INV\"\"\"OICED\",SALE,1,USD,,,"),
        ], [1, Int.max])
    func openQuoteDoesNotTakeSoundRecordsIntoAReject(
        ends: (open: String, next: String), chunkBytes: Int
    ) throws {
        bench.store.chunkBytes = chunkBytes
        let begun = Delivery.month(1...4) + ends.open + "\n" + Delivery.events(6...8)
        let complaint = try bench.complaint(begun + ends.next + "\n" + Delivery.events(10...11))
        #expect(complaint.contains("text after a closing quote"))
        #expect(try rows() == 4)
        #expect(try bench.tables().rejects.isEmpty)
        try bench.expectClean()
        #expect(try bench.deliver(Delivery.month(1...11)).rowsLoaded == 7)
        try bench.expectClean()
    }

    @Test func faultInWhatANewerVersionAddsLeavesTheOlderOneAlone() throws {
        try bench.deliver(Delivery.month(1...4))
        #expect(try bench.complaint(Delivery.month(1...6) + "\"x\"y\n").contains("line 8, byte"))
        #expect(try rows() == 6)
        try bench.expectClean()
        #expect(try bench.deliver(Delivery.month(1...8)).rowsLoaded == 2)
        try bench.expectClean()
    }

    /// A quote that is never closed shows at the end only, when its member was committed.
    @Test(
        "of a gzip member in which a fault shows nothing is loaded",
        arguments: faults.filter { !$0.testDescription.hasSuffix("at the end") })
    func compressedFile(fault: Fault) throws {
        bench.limits.batchRows = 1
        bench.store.chunkBytes = 16
        let rest = Delivery.events(3...4)
        let complaint = try bench.complaint(
            gzip(Delivery.month(1...2), rest + fault.text, Delivery.events(20...21)))
        #expect(complaint.contains(fault.complaint))
        #expect(complaint.contains(": line 6, byte "))
        let loaded = fault.complaint.contains("never closed") ? 4 : 2
        #expect(try rows() == loaded)
        try bench.expectReconciled()
        let mended = try bench.deliver(gzip(Delivery.month(1...2), rest))
        #expect(mended.rowsLoaded == 4 - loaded)
        try bench.expectClean()
    }

    struct Damage: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Makes a file of two sound members faulty.
        let apply: @Sendable (_ first: [UInt8], _ second: [UInt8]) -> [UInt8]
        /// Rows that are loaded nevertheless.
        let rows: Int
        let complaint: String
    }

    static let damages = [
        Damage(
            testDescription: "cut off in the second member", apply: { $0 + $1.dropLast(9) },
            rows: 2,
            complaint: "the input ends inside a gzip member; "
                + "fetch the file again, or ask for a new delivery"),
        Damage(
            testDescription: "cut off in the second member's trailer",
            apply: { $0 + $1.dropLast(1) }, rows: 2,
            complaint: "the input ends inside a gzip member; "
                + "fetch the file again, or ask for a new delivery"),
        Damage(
            testDescription: "cut off in the first member",
            apply: { first, _ in first.dropLast(8) }, rows: 0,
            complaint: "the input ends inside a gzip member; "
                + "fetch the file again, or ask for a new delivery"),
        Damage(
            testDescription: "a wrong checksum in the second member",
            apply: { first, second in first + second.dropLast(8) + [1, 2, 3, 4] + second.suffix(4)
            },
            rows: 2,
            complaint: "the content does not match its CRC; "
                + "fetch the file again, or ask for a new delivery"),
        Damage(
            testDescription: "a wrong length in the first member",
            apply: { first, second in first.dropLast(4) + [9, 9, 9, 9] + second }, rows: 0,
            complaint: "the content does not have its stated length; "
                + "fetch the file again, or ask for a new one"),
        Damage(
            testDescription: "garbage after the members", apply: { $0 + $1 + Array("more".utf8) },
            rows: 5,
            complaint: "bytes after a gzip member that are not another one; ask for a new delivery"),
    ]

    @Test(
        "members before a damaged one stand, and a sound file goes on from there",
        arguments: damages, [1, Int.max])
    func damagedFile(damage: Damage, chunkBytes: Int) throws {
        bench.limits.batchRows = 1
        bench.store.chunkBytes = chunkBytes
        let first = try gzip(Delivery.month(1...2))
        let second = try gzip(Delivery.events(3...5))
        let complaint = try bench.complaint(damage.apply(first, second))
        #expect(complaint.hasPrefix(bench.name(of: Delivery.key) + ": compressed byte "))
        #expect(complaint.contains(damage.complaint))
        #expect(try rows() == damage.rows)
        #expect(try outcomes() == ["failed \(damage.rows) \(complaint)"])
        try bench.expectClean()
        #expect(try bench.deliver(first + second).rowsLoaded == 5 - damage.rows)
        try bench.expectClean()
    }

    @Test("a damaged snapshot changes nothing", arguments: damages)
    func damagedSnapshot(damage: Damage) throws {
        try bench.deliver(Delivery.snapshot(1...2), as: Delivery.snapshotKey)
        let before = try bench.tables()
        let first = try gzip(Delivery.snapshot(1...4))
        let second = try gzip("c5,P,1,USD\n")
        #expect(
            try bench.complaint(damage.apply(first, second), as: Delivery.snapshotKey)
                .contains(damage.complaint))
        #expect(try bench.tables() == before)
        try bench.expectReconciled()
    }

    @Test func recordThatIsTooLargeEndsTheFile() throws {
        bench.limits.recordBytesMax = 1_000
        let wide = Delivery.event("e4").replacing(
            "SELLER_REV_SHARE", with: String(repeating: "x", count: 1_001))
        #expect(
            try bench.complaint(Delivery.month(1...3) + wide).contains(
                "the record that starts here is longer than 1000 bytes; "
                    + "look for a quote that is never closed, or raise the limit"))
        #expect(try rows() == 3)
        bench.limits.recordBytesMax = 2_000
        #expect(try bench.load().rowsLoaded == 1)
        try bench.expectClean()
    }

    @Test func bombIsNotInflated() throws {
        bench.limits.inflatedBytesMax = 10_000
        let zeros = String(repeating: "0", count: 20_000)
        let complaint = try bench.complaint(gzip(Delivery.month(1...3), Delivery.event(zeros)))
        #expect(complaint.contains("inflates to more than 10000 bytes"))
        #expect(try rows() == 3)
        try bench.expectReconciled()
    }

    @Test func fileThatIsNotThereIsSaid() throws {
        try bench.put(Delivery.header)
        let outcome = try bench.load("BillingEventFeed_V1/year=2026/month=05/data.csv")
        #expect(outcome.kind == .unreadable)
        #expect(outcome.unreadable?.reason.isEmpty == false)
        try bench.expectReconciled()
    }
}
