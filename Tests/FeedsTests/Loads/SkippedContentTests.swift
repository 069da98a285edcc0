import Feeds
import Postgres
import Testing

/// Files that stop at damage whose end is not certain, and go on where an operator says.
@Suite struct SkippedContentTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench() }

    /// A quote that nobody closed; the next record with quotes makes it a fault.
    private static let damaged = "e5,\"INVOICED\n"
    private static let quoted = "e9,\"INVOICED\",SALE,1,USD,,\(Delivery.day),\(Delivery.day)\n"
    private static let before = Delivery.month(1...4)
    private static let after = Delivery.events(6...8) + quoted
    private static let file = before + damaged + after

    @Test(arguments: [1, 16, Int.max], [false, true])
    func fileGoesOnWhereAnOperatorSays(chunkBytes: Int, isCompressed: Bool) throws {
        bench.store.chunkBytes = chunkBytes
        bench.limits.batchRows = 3
        let file =
            isCompressed
            ? try gzip(Self.before, Self.damaged + Self.after) : Array(Self.file.utf8)
        #expect(try bench.complaint(file).contains("text after a closing quote"))
        let outcome = try bench.skip(toLine: 7)
        #expect((outcome.rowsLoaded, outcome.rowsRejected) == (4, 1))
        #expect(
            try bench.text(
                """
                select concat_ws(' ', line, file_line, byte_offset, reason, convert_from(raw, 'UTF8'))
                    as text
                from ingest.reject where seller_id = $1
                """)
                == "5 6 \(Self.before.utf8.count) was skipped by mary@desk "
                + "(1 line, \(Self.damaged.utf8.count) bytes): case 12 \(Self.damaged)")
        #expect(
            try bench.text(
                """
                select concat_ws(' ', file_line, lines, bytes, decided_by, note) as text
                from ingest.skipped_content where seller_id = $1
                """) == "6 1 \(Self.damaged.utf8.count) mary@desk case 12")
        #expect(
            try bench.text(
                """
                select concat_ws(' ', rows, lines, is_complete, failure) as text
                from ingest.file where seller_id = $1
                """) == "9 10 t")
        try bench.expectReconciled()
    }

    @Test func decisionHoldsInEveryVersionWithTheSameBytes() throws {
        #expect(try bench.complaint(Self.file) != "")
        try bench.skip(toLine: 7)
        let longer = try bench.deliver(Self.file + Delivery.events(10...12))
        #expect(longer.kind == .extended)
        #expect((longer.rowsLoaded, longer.rowsRejected) == (3, 0))
        let rewritten = try bench.deliver(
            Self.file + Delivery.events(20...20) + Delivery.events(10...12))
        #expect(rewritten.kind == .rewritten)
        #expect((rewritten.rowsLoaded, rewritten.rowsRejected, rewritten.rowsVanished) == (1, 0, 0))
        try bench.expectReconciled()
        let before = try bench.tables()
        #expect(try bench.reload().kind == .reloaded)
        #expect(try bench.tables().rejects.count == before.rejects.count)
        #expect(try bench.tables().rows.count == before.rows.count)
    }

    /// A load from nothing with the same decision comes to the same.
    @Test func cleanLoadWithTheDecisionIsTheSame() throws {
        #expect(try bench.complaint(Self.file) != "")
        try bench.skip(toLine: 7)
        let clean = try LoadBench(files: bench)
        #expect(throws: LoadError.self) { try clean.load() }
        try clean.skip(toLine: 7)
        let (mine, theirs) = (try bench.tables(), try clean.tables())
        #expect(mine.rows == theirs.rows)
        #expect(mine.rejects == theirs.rejects)
    }

    /// A month file that grows is rewritten in front of its damage now and then.
    @Test(arguments: [1, 7, 64, Int.max], [false, true])
    func decisionHoldsWhereverTheBytesCome(chunkBytes: Int, isLong: Bool) throws {
        #expect(try bench.complaint(Self.file) != "")
        try bench.skip(toLine: isLong ? 9 : 7)
        bench.store.chunkBytes = chunkBytes
        let other = Delivery.month(of: Delivery.event("e0"), Delivery.event("e1", "9999999.5"))
        let moved =
            other + Delivery.events(2...4) + Self.damaged + Self.after + Delivery.events(10...12)
        let outcome = try bench.deliver(moved)
        #expect((outcome.kind, outcome.rowsRejected) == (.rewritten, 0))
        #expect((outcome.rowsLoaded, outcome.rowsVanished) == (5, 1))
        #expect(try bench.tables().rejects.count == 1)
        try bench.expectReconciled()
        let clean = try LoadBench(files: bench)
        #expect(throws: LoadError.self) { try clean.load() }
        try clean.skip(toLine: isLong ? 10 : 8)
        #expect(try clean.tables().rejects.count == 1)
        #expect(try clean.tables().rows.count == (isLong ? 10 : 12))
    }

    /// What was decided of some bytes holds for equal ones, in one version and in the next.
    @Test(arguments: [1, 64, Int.max]) func damageThatComesTwiceIsTwoRejects(chunkBytes: Int) throws
    {
        #expect(try bench.complaint(Self.file) != "")
        try bench.skip(toLine: 7)
        bench.store.chunkBytes = chunkBytes
        let again = Self.damaged + Delivery.events(11...11) + Self.quoted
        let outcome = try bench.deliver(Self.file + again)
        #expect((outcome.kind, outcome.rowsLoaded, outcome.rowsRejected) == (.extended, 2, 1))
        #expect(try bench.reload().rowsRejected == 2)
        try bench.expectReconciled()
    }

    /// Bytes that are skipped where they are damage are a record's where they are none.
    @Test func bytesThatTheFileDoesNotStopAtAreNotSkipped() throws {
        #expect(try bench.complaint(Self.file) != "")
        try bench.skip(toLine: 7)
        let rest = "x\",SALE,1,USD,,\(Delivery.day),\(Delivery.day)\n"
        let outcome = try bench.deliver(Self.before + Self.damaged + rest)
        #expect((outcome.kind, outcome.rowsLoaded, outcome.rowsRejected) == (.rewritten, 1, 0))
        #expect(try bench.tables().rejects.isEmpty)
    }

    @Test func otherBytesInTheSamePlaceAreNotSkipped() throws {
        #expect(try bench.complaint(Self.file) != "")
        try bench.skip(toLine: 7)
        let other = Self.before + "e5,\"CANCELED\n" + Self.after
        #expect(try bench.complaint(other).contains("text after a closing quote"))
        let mended = try bench.deliver(Delivery.month(1...5) + Self.after)
        #expect(mended.kind == .rewritten)
        #expect((mended.rowsLoaded, mended.rowsVanished) == (1, 0))
        #expect(try bench.tables().rejects.isEmpty)
        try bench.expectClean()
    }

    @Test func snapshotGoesOnToo() throws {
        let file = Delivery.snapshot(1...2) + "\"c3,P\n" + "c4,P,1,USD\n\"c5\",P,1,USD\n"
        #expect(try bench.complaint(file, as: Delivery.snapshotKey) != "")
        let outcome = try bench.skip(toLine: 5, Delivery.snapshotKey)
        #expect((outcome.rowsLoaded, outcome.rowsRejected) == (4, 1))
        let newer = try bench.deliver(file + "c6,P,1,USD\n", as: Delivery.snapshotKey)
        #expect((newer.rowsLoaded, newer.rowsRejected) == (5, 1))
        try bench.expectReconciled()
    }

    @Test func secondFaultNeedsASecondDecision() throws {
        let twice = Self.file + "e10,\"INVOICED\n" + Delivery.events(11...11) + Self.quoted
        #expect(try bench.complaint(twice) != "")
        #expect(throws: LoadError.self) { try bench.skip(toLine: 7) }
        #expect(try bench.tables().rows.count == 8)
        let outcome = try bench.skip(toLine: 12)
        #expect((outcome.rowsLoaded, outcome.rowsRejected) == (2, 1))
        try bench.expectReconciled()
    }

    @Test(arguments: [
        (6, "is damaged from line 6 on (line 10, byte "),
        (1, "so it cannot go on from line 1. Name the line"), (12, "has no line 12"),
    ])
    func lineThatCannotBeIsRefused(line: Int, complaint: String) throws {
        #expect(try bench.complaint(Self.file) != "")
        let error = #expect(throws: LoadError.self) { try bench.skip(toLine: line) }
        #expect(error?.description.contains(complaint) == true, "\(error?.description ?? "")")
        let decided = try bench.texts(
            "select note as text from ingest.skipped_content where seller_id = $1")
        #expect(decided.isEmpty)
        #expect(try bench.tables().rows.count == 4)
    }

    /// The advice passes over a record of several lines as a whole, as far as it can be seen.
    @Test(arguments: [
        (["e5,\"INVOICED"], "'line 6 is damaged'", 7),
        (["", "e5,\"INVOICED"], "'line 7 is damaged'", 8),
        (["e5,\"INV", "OIC\"ED,\"SA", "LE\",1,USD,,,"], "'lines 6 to 8 are damaged'", 9),
    ])
    func adviceNamesTheNextSoundLine(lines: [String], because: String, line: Int) throws {
        let file = Self.before + lines.joined(separator: "\n") + "\n" + Self.after
        for chunkBytes in [1, 50, Int.max] {
            bench.store.chunkBytes = chunkBytes
            let told = try bench.complaint(file)
            #expect(told.contains("--because \(because)") || chunkBytes < 100, "\(told)")
            #expect(told.contains("--from-line \(line) ") || chunkBytes < 100, "\(told)")
        }
        let outcome = try bench.skip(toLine: line)
        #expect((outcome.rowsLoaded, outcome.rowsRejected) == (4, 1))
    }

    @Test func brokenOffFileHasNoAdviceToSkipItsEnd() throws {
        let told = try bench.complaint(Self.before + Self.damaged)
        #expect(told.contains("never closed") && !told.contains("--from-line"), "\(told)")
    }

    @Test func soundFileHasNothingToSkip() throws {
        try bench.deliver(Delivery.month(1...4))
        let error = #expect(throws: LoadError.self) { try bench.skip(toLine: 3) }
        #expect(error?.description.contains("there is nothing to skip") == true)
    }

    @Test func skippedContentIsNotReplayed() throws {
        #expect(try bench.complaint(Self.file) != "")
        try bench.skip(toLine: 11)
        let before = try bench.tables()
        #expect(before.rejects.count == 1)
        #expect(try bench.replay().moved == 0)
        #expect(try bench.tables() == before)
    }
}
