import Feeds
import Postgres
import Support
import Testing

/// Content that costs its sender little: what it costs the database is bounded by its size.
@Suite struct CheapInputTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench(on: ScratchDatabase.create(from: LoadBench.schema)) }

    private static let titles = "billing_event_id,action,transaction_type,valid_from,update_date"
    private static let values = "x,INVOICED,SALE,\(Delivery.day),\(Delivery.day)"

    /// Transactions of the database so far, those of autovacuum included.
    private func transactions() throws -> Int {
        // Sent at the end of this statement's transaction, and read in the next.
        try bench.postgres.query("select pg_stat_force_next_flush()")
        return try bench.postgres.query(
            "select xact_commit from pg_stat_database where datname = current_database()"
        ).only().int("xact_commit")
    }

    private func distinctTransactionsOfRows() throws -> Int {
        try bench.postgres.query(
            "select count(distinct xmin::text) as n from sdds.billing_event"
        ).only().int("n")
    }

    @Test("members without records make no transactions", arguments: [0, 2, 4])
    func emptyMembersMakeNoTransactions(rowsBefore: Int) throws {
        let first = try gzip(rowsBefore == 0 ? Delivery.header : Delivery.month(1...rowsBefore))
        let empty = try gzip("")
        let before = try transactions()
        try bench.deliver(first + (0..<3_000).flatMap { _ in empty })
        #expect(try transactions() - before < 100)
        try bench.expectClean()
    }

    @Test func membersOfOneRecordShareTheirTransactions() throws {
        let members = try (1...400).map { try gzip(Delivery.events($0...$0)) }
        let before = try transactions()
        try bench.deliver(gzip(Delivery.header) + members.flatMap { $0 })
        #expect(try transactions() - before < 150)
        #expect(try distinctTransactionsOfRows() < 30)
        try bench.expectClean()
    }

    /// Rows of members that were verified may wait for a later version, and none that was not
    /// verified is loaded.
    @Test func faultInOneOfManyMembersLoadsNothingThatIsNotVerified() throws {
        let members = try (1...100).map { try gzip(Delivery.events($0...$0)) }
        let sound = try gzip(Delivery.header) + members.flatMap { $0 }
        let damaged = Array(sound.dropLast(8)) + [1, 2, 3, 4] + sound.suffix(4)
        #expect(try bench.complaint(damaged).contains("does not match its CRC"))
        let rows = try bench.tables().rows.count
        #expect(rows >= 16 && rows < 100)
        try bench.expectReconciled()
        #expect(try bench.deliver(sound).rowsLoaded == 100 - rows)
        try bench.expectClean()
    }

    /// Sixty titles of a kilobyte, and rows of two bytes a column.
    @Test func longTitlesAreNotRepeatedWholeInEveryRow() throws {
        let long = (1...60).map { "Note \($0) " + String(repeating: "y", count: 990) }
        let row = Self.values + String(repeating: ",1", count: 60) + "\n"
        let content =
            Self.titles + "," + long.joined(separator: ",") + "\n"
            + String(repeating: row, count: 500)
        try bench.deliver(content)
        let kept = try bench.postgres.query(
            """
            select sum(octet_length(extra::text)) as bytes, min(n) as least
            from sdds.billing_event,
                lateral (select count(distinct key) as n from jsonb_each_text(extra)
                         where value = '1') as k
            """
        ).only()
        #expect(try kept.int("bytes") < 70 * row.utf8.count * 500)
        #expect(try kept.int("least") == 60)
        try bench.expectClean()
    }

    /// Beyond what fits an index; letters that do not compress.
    @Test func titleBeyondAnIndexIsAFinding() throws {
        var random = SeededGenerator(seed: 7)
        let title = String(
            (0..<20_000).map { _ in
                Character(Unicode.Scalar(UInt8.random(in: 97...122, using: &random)))
            })
        try bench.deliver(Self.titles + "," + title + "\n" + Self.values + ",kept\n")
        let found = try bench.texts(
            """
            select concat_ws('|', d.name, t.extra ->> d.name, v.header[6]) as text
            from ingest.drift d join sdds.billing_event t using (seller_id)
            join ingest.version v on v.version_id = t.version_id
            where seller_id = $1 and d.kind = 'unknown column'
            """)
        #expect(found == ["\(title.prefix(96))... (column 6)|kept|\(title)"])
        try bench.expectClean()
    }

    @Test func titlesThatBeginAlikeAreAllKept() throws {
        let long = String(repeating: "z", count: 300)
        try bench.deliver(
            Self.titles + ",\(long)1,\(long)2,\(long)2\n" + Self.values + ",a,b,c\n")
        let kept = try bench.texts(
            """
            select value as text from sdds.billing_event, jsonb_each_text(extra)
            where seller_id = $1
            """)
        #expect(kept == ["a", "b", "c"])
    }

    @Test func headerBeyondItsLimitIsRefused() throws {
        let long = (1...70).map { _ in String(repeating: "y", count: 1_000) }
        let header = Self.titles + "," + long.joined(separator: ",")
        let complaint = try bench.complaint(header + "\n")
        #expect(
            complaint == bench.name(of: Delivery.key)
                + ": line 1: the header has \(header.utf8.count) bytes, and more than 65536 are none: "
                + "the first record is not a header. Check that the file is what its name says")
    }

    /// Control characters take six times their room in JSON.
    @Test func rowWithTooMuchForExtraIsARejectWhole() throws {
        let control = String(repeating: "\u{1}", count: 50_000)
        let fits = String(repeating: "\u{1}", count: 40_000)
        try bench.deliver(
            Self.titles + ",Thing,Other\n" + Self.values + ",\(control),\n"
                + Self.values + ",\(fits),\n" + Self.values + ",\(fits),\(fits)\n")
        let rejects = try bench.texts(
            """
            select concat_ws('|', line, column_name, reason, octet_length(raw)) as text
            from ingest.reject where seller_id = $1
            """)
        let reason = "does not fit into extra, which holds 262144 bytes of a row"
        let bytes = Self.values.utf8.count + 2
        #expect(
            rejects == [
                "1|Thing|\(reason)|\(bytes + 50_000)", "3|Other|\(reason)|\(bytes + 80_000)",
            ])
        #expect(
            try bench.text(
                """
                select octet_length(extra ->> 'Thing')::text as text from sdds.billing_event
                where seller_id = $1
                """)
                == "40000")
        try bench.expectClean()
    }
}
