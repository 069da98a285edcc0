import Foundation
import Support
import Testing

/// A delivery that cannot be read to its end, and all that an operator is told of it.
struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Suffix `.gz` or none: what the content is, the content itself tells.
    var key = Desk.productKey(2)
    let content: @Sendable () throws -> Data
    /// The message, after the file's name; SIZE and CRCEND stand for places in the
    /// gzip member, FILE for that name.
    let complaint: String
    /// `outcome|rows_read|rows_loaded|rows_rejected` of its load.
    var load = "failed|0|0|0"
    /// Rows before the fault that something vouches for.
    var rows: [String] = []

    init(
        _ name: String, complaint: String, load: String = "failed|0|0|0", rows: [String] = [],
        content: @escaping @Sendable () throws -> Data
    ) {
        testDescription = name
        self.content = content
        self.complaint = complaint
        self.load = load
        self.rows = rows
    }

    init(
        _ name: String, text: String, complaint: String, load: String = "failed|0|0|0",
        rows: [String] = []
    ) {
        self.init(name, complaint: complaint, load: load, rows: rows) { Data(text.utf8) }
    }

    /// Three rows that the good version of the file has.
    static let good = Desk.products(21...23)
    private static func compressed() throws -> Data { try Data(good.utf8).gzipped() }

    /// The message with the size that this machine's gzip made.
    func complaint(of content: Data, name: String) -> String {
        let members = content.range(of: Data("garbage".utf8))?.lowerBound ?? content.endIndex
        let size = members - content.startIndex
        // The last four bytes of a member are its length; the CRC is before it (RFC 1952, 2.3).
        return complaint.replacing("SIZE", with: "\(size)")
            .replacing("CRCEND", with: "\(size - 4)").replacing("FILE", with: name)
    }

    static let all = [
        Damage(
            "gzip that is cut short",
            complaint: "compressed byte SIZE: the input ends inside a gzip member; "
                + "fetch the file again, or ask for a new delivery",
            content: { try compressed().dropLast(12) }),
        Damage(
            "gzip with a wrong CRC",
            complaint: "compressed byte CRCEND: the content does not match its CRC; "
                + "fetch the file again, or ask for a new delivery "
                + "(zlib -3: incorrect data check)",
            content: {
                var bytes = try compressed()
                bytes[bytes.count - 8] ^= 1
                return bytes
            }),
        Damage(
            "bytes after gzip",
            complaint: "compressed byte SIZE: bytes after a gzip member that are not another one; "
                + "ask for a new delivery",
            // The member's own CRC vouches for its rows.
            load: "failed|3|3|0", rows: ["prod-21", "prod-22", "prod-23"],
            content: { try compressed() + Data("garbage".utf8) }),
        Damage(
            "a quote that is never closed",
            text: Desk.products(21...22) + "prod-23,\"Title 23,2026-01-01T00:00:00Z,\n",
            complaint: "line 4, byte 166, field 2: this quote is never closed; "
                + "the input is cut short, or a quote is missing",
            load: "failed|2|2|0", rows: ["prod-21", "prod-22"]),
        Damage(
            "text after a closing quote",
            text: Desk.products(21...21) + "prod-22,\"Title\" 22, second,,\n"
                + Desk.productRows(23...23),
            complaint: "line 3, byte 114, field 2: text after a closing quote; "
                + "end the field here, or double the quote before it. The damage begins on line 3, "
                + "and nothing says where it ends. Look at the file; if it is sound from line 4 on: "
                + "sluice reload --file 'FILE' --seller default --from-line 4 --because 'line 3 is damaged'",
            load: "failed|1|1|0", rows: ["prod-21"]),
        Damage(
            "no header", text: Desk.productRows(21...23),
            complaint: "line 1: the header does not fit sdds.product: none of its 4 titles is a "
                + "column of sdds.product: the first record is not a header of this feed. "
                + "Check that the file is what its name says, or add an alias to ingest.alias"),
        Damage(
            "nothing at all", text: "",
            complaint: "is empty: not even a header. Deliver it again; a file without rows "
                + "still has its header"),
        Damage(
            "the header of another feed",
            text: "agreement_id,valid_from,update_date,status\n" + "a,b,c,d\n",
            complaint: "line 1: the header does not fit sdds.product: column product_id, which "
                + "may not be empty, is missing. "
                + "Check that the file is what its name says, or add an alias to ingest.alias"),
        Damage(
            "ten thousand columns",
            text: (1...10_000).map { "column_\($0)" }.joined(separator: ",") + "\n1,2,3\n",
            complaint: "line 1, byte 18092, field 1601: more than 1600 fields, which no table can "
                + "hold; look for a missing line end"),
    ]
}

@Suite struct DamagedFileTests {
    @Test(arguments: Damage.all)
    func damageIsToldAndRecordedAndOtherFilesAreLoaded(damage: Damage) throws {
        let desk = try Desk()
        try desk.deliver(Desk.products(11...12), to: Desk.productKey(1))
        let content = try damage.content()
        try desk.deliver(content, to: damage.key)
        try desk.deliver(Desk.products(31...32), to: Desk.productKey(3))
        let done = try desk.backfill()

        let name = desk.name(damage.key)
        let message = name + ": " + damage.complaint(of: content, name: name)
        #expect(done.status == 1, "\(done)")
        let told = done.standardError.split(separator: "\n").filter { $0.contains(" error ") }
        #expect(told.count == 1 && told[0].hasSuffix("] " + message), "\(done)")
        #expect(
            done.standardError.hasLine(
                "sluice: 1 of 3 files could not be loaded; see above, or: sluice status"))
        let ledger = try desk.ledger(damage.key)
        #expect(ledger.failure == message)
        #expect(ledger.load == damage.load)
        let others = ["prod-11", "prod-12", "prod-31", "prod-32"]
        #expect(try desk.products() == (others + damage.rows).sorted())
        #expect(try desk.ledger(Desk.productKey(1)) == ("", "loaded|2|2|0"))
        #expect(try desk.ledger(Desk.productKey(3)) == ("", "loaded|2|2|0"))

        let status = try desk.run(["status", "--no-queues"])
        #expect(status.standardOutput.hasLine("Files that could not be loaded"))
        #expect(status.standardOutput.hasLine("  " + message))
        #expect(try desk.run(["status", "--check"]).status == 1)
    }

    @Test(arguments: Damage.all)
    func aMendedFileIsLoadedEachRowOnce(damage: Damage) throws {
        let desk = try Desk()
        try desk.deliver(damage.content(), to: damage.key)
        #expect(try desk.backfill().status == 1)
        try desk.deliver(Damage.good, to: damage.key)
        let done = try desk.backfill()
        #expect(done.status == 0, "\(done)")
        #expect(try desk.products() == ["prod-21", "prod-22", "prod-23"])
        #expect(try desk.ledger(damage.key).failure == "")
        #expect(try desk.run(["status", "--check"]).status == 0)
    }

    /// Everything that can be found out at the end only, after rows were read.
    static let late = Damage.all.filter { !$0.complaint.contains("line 1") }

    @Test(arguments: late)
    func aDamagedSnapshotChangesNothing(damage: Damage) throws {
        let desk = try Desk()
        let key = "disbursed_amount_by_product_2026-02-01.csv"
        let header = "Product,Product Code\n"
        try desk.deliver(header + "r1,p1\nr2,p2\n", to: key)
        #expect(try desk.backfill().status == 0)
        let rows =
            "select string_agg(product_code, ' ' order by line) from "
            + "cas.disbursed_amount_by_product"
        try #require(try desk.database.psql(rows) == "p1 p2")

        let content = try String(decoding: damage.content(), as: UTF8.self)
        // The same fault in a file of this data set.
        let isText = content.hasPrefix(Desk.productHeader)
        let damaged =
            isText
            ? Data((header + content.dropFirst(Desk.productHeader.count)).utf8)
            : try damage.content()
        try desk.deliver(damaged, to: key)
        #expect(try desk.backfill().status == 1)
        #expect(try desk.database.psql(rows) == "p1 p2")
        #expect(try desk.ledger(key).load == "failed|0|0|0")

        try desk.deliver(header + "r3,p3\n", to: key)
        #expect(try desk.backfill().status == 0)
        #expect(try desk.database.psql(rows) == "p3")
        #expect(try desk.ledger(key) == ("", "replaced|1|1|0"))
    }

    @Test func aFileThatComesBackAsItWasIsNoFailureAnyMore() throws {
        let desk = try Desk()
        let path = try desk.deliver(Desk.products(), to: Desk.productKey())
        #expect(try desk.backfill().status == 0)
        // Moved away and back, so that it is the version that was loaded, with its time of change.
        let kept = path + ".kept"
        try FileManager.default.moveItem(atPath: path, toPath: kept)
        try desk.deliver("", to: Desk.productKey())
        #expect(try desk.backfill().status == 1)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: kept, toPath: path)
        #expect(try desk.backfill().status == 0)
        #expect(try desk.ledger(Desk.productKey()).failure == "")
        #expect(try desk.products().count == 3)
    }
}
