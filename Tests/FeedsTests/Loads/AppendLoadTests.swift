import Feeds
import Postgres
import Testing

/// A log file that grows, in all the ways a text can be written.
@Suite struct AppendLoadTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench() }

    /// Three records a commit, from chunks that cut records anywhere.
    private func loadInBatches() {
        bench.limits.batchRows = 3
        bench.store.chunkBytes = 50
    }

    @Test func everyRowIsLoadedOnce() throws {
        let outcome = try bench.deliver(Delivery.month(1...10))
        #expect(outcome.kind == .loaded)
        #expect(outcome.rowsLoaded == 10)
        #expect(
            try bench.text(
                "select count(*)::text as text from sdds.billing_event where seller_id = $1")
                == "10")
        try bench.expectClean()
    }

    @Test func versionThatWasLoadedIsNotFetchedAgain() throws {
        try bench.deliver(Delivery.month(1...10))
        let outcome = try bench.load()
        #expect(outcome == Outcome(.unchanged))
        #expect(bench.store.reads == 1)
        try bench.expectClean()
    }

    @Test func onlyWhatIsNewIsLoaded() throws {
        try bench.deliver(Delivery.month(1...10))
        let outcome = try bench.deliver(Delivery.month(1...13))
        #expect(outcome.kind == .extended)
        #expect(outcome.rowsRead == 3)
        #expect(outcome.rowsLoaded == 3)
        #expect(outcome.bytesRead == Delivery.events(11...13).utf8.count)
        try bench.expectClean()
    }

    @Test func sameContentUnderAnotherETagIsUnchanged() throws {
        try bench.deliver(Delivery.month(1...10))
        let outcome = try bench.deliver(Delivery.month(1...10))
        #expect(outcome.kind == .unchanged)
        #expect(outcome.rowsRead == 0)
        #expect(bench.store.reads == 2)
        try bench.load()
        #expect(bench.store.reads == 2, "the new ETag is known now")
        try bench.deliver(Delivery.month(1...11))
        try bench.expectClean()
    }

    @Test func fileOfHeaderOnlyIsLoadedAndGrows() throws {
        #expect(try bench.deliver(Delivery.header).kind == .loaded)
        try bench.expectClean()
        #expect(try bench.deliver(Delivery.month(1...2)).rowsLoaded == 2)
        try bench.expectClean()
    }

    @Test func headerWithoutLineEndIsLoadedAndGrows() throws {
        try bench.deliver(String(Delivery.header.dropLast()))
        try bench.expectClean()
        #expect(try bench.deliver(Delivery.month(1...2)).rowsLoaded == 2)
        try bench.expectClean()
    }

    /// A blank line is no record, and rows may come in its place.
    @Test(arguments: ["\n", "\r\n"], [1, 2, 5])
    func blankLinesAtTheEndAreNotCovered(lineEnd: String, count: Int) throws {
        let header = String(Delivery.header.dropLast()) + lineEnd
        let begun = header + Delivery.events(1...3, lineEnd: lineEnd)
        let blank = String(repeating: lineEnd, count: count)
        #expect(try bench.deliver(begun + blank).rowsLoaded == 3)
        try bench.expectClean()
        let more = Delivery.events(4...5, lineEnd: lineEnd)
        let inPlace = try bench.deliver(begun + more + blank)
        #expect(inPlace.kind == .extended)
        #expect(inPlace.rowsRead == 2)
        try bench.expectClean()
        let between = try bench.deliver(begun + more + blank + Delivery.events(6...6))
        #expect(between.kind == .extended)
        #expect(between.rowsLoaded == 1)
        #expect(try bench.deliver(begun + more).kind == .rewritten)
        #expect(try bench.tables().rejects.isEmpty)
        try bench.expectClean(exceptVanished: true)
    }

    @Test func blankLinesAreCountedAsLinesAndNotAsRecords() throws {
        try bench.deliver("\n" + Delivery.header + "\n\n" + Delivery.events(1...1) + "\nx,y\n")
        #expect(
            try bench.text(
                """
                select concat_ws(' ', line, file_line) as text from ingest.reject
                where seller_id = $1
                """) == "2 7")
        try bench.expectClean()
    }

    /// Before, a blank line was a record of one field, a reject, and covered by the checkpoint.
    @Test func fileWhoseBlankLineWasARecordGoesOn() throws {
        try bench.deliver(Delivery.month(1...3))
        let covered = Delivery.month(1...3) + "\n"
        try bench.postgres.query(
            """
            update ingest.file set rows = rows + 1, bytes = bytes + 1, lines = lines + 1,
                digest = sha256(convert_to($2, 'UTF8')) where seller_id = $1
            """, [.int(Int64(bench.sellerID)), .text(covered)])
        let more = try bench.deliver(covered + Delivery.events(4...5))
        #expect(more.kind == .extended)
        #expect(more.rowsLoaded == 2)
        let inPlace = try bench.deliver(Delivery.month(1...6))
        #expect(inPlace.kind == .rewritten)
        #expect((inPlace.rowsLoaded, inPlace.rowsVanished) == (1, 0))
        try bench.expectClean()
    }

    /// Rows after a damaged one are loaded; a later version goes on behind it.
    @Test func damagedRecordDoesNotStopAFileThatGrows() throws {
        let damaged = "e\"4,INVOICED,SALE,1,USD,,,\n"
        loadInBatches()
        let first = try bench.deliver(Delivery.month(1...3) + damaged + Delivery.events(5...9))
        #expect((first.rowsLoaded, first.rowsRejected) == (8, 1))
        try bench.expectClean()
        let more = try bench.deliver(Delivery.month(1...3) + damaged + Delivery.events(5...12))
        #expect(more.kind == .extended)
        #expect((more.rowsLoaded, more.rowsRejected) == (3, 0))
        try bench.expectClean()
        let fixed = try bench.deliver(Delivery.month(1...12))
        #expect(fixed.kind == .rewritten)
        #expect(fixed.rowsLoaded == 1)
        #expect(try bench.tables().rejects.isEmpty)
        try bench.expectClean()
    }

    @Test(arguments: ["\n", "\r\n"])
    func fileGoesOnAfterALastLineWithoutItsEnd(lineEnd: String) throws {
        let header = String(Delivery.header.dropLast()) + lineEnd
        let begun = header + Delivery.events(1...3, lineEnd: lineEnd)
        try bench.deliver(String(begun.dropLast()))
        try bench.expectClean()
        // The line end alone, then the rows; and both at once.
        let ended = try bench.deliver(begun)
        #expect(ended.kind == .unchanged)
        try bench.expectClean()
        try bench.deliver(String((begun + Delivery.events(4...5, lineEnd: lineEnd)).dropLast()))
        let outcome = try bench.deliver(begun + Delivery.events(4...7, lineEnd: lineEnd))
        #expect(outcome.kind == .extended)
        #expect(outcome.rowsLoaded == 2)
        try bench.expectClean()
    }

    @Test(arguments: 1...3)
    func lineEndsMayBeCutByChunks(chunkBytes: Int) throws {
        bench.store.chunkBytes = chunkBytes
        let begun = Delivery.header + Delivery.events(1...3, lineEnd: "\r\n")
        try bench.deliver(String(begun.dropLast()))
        #expect(try bench.deliver(begun + Delivery.event("e4")).kind == .extended)
        try bench.expectClean()
    }

    /// What was the last record is another one now, so it is not continued but compared.
    @Test(arguments: ["1", "\"", "X\n", ",x\n"])
    func lastRecordThatGoesOnInMidRecordIsARewrite(rest: String) throws {
        let row = Delivery.event("e3", invoice: "").split(separator: ",INVOICED").first.map {
            "\($0),INVOICED,SELLER_REV_SHARE,3,USD,,\(Delivery.day),2026-03-01T00:00:00"
        }
        let begun = Delivery.month(1...2) + (row ?? "")
        try bench.deliver(begun)
        let outcome = try bench.deliver(begun + rest)
        #expect(outcome.rowsRejected == 1)
        #expect(outcome.kind == .rewritten)
        #expect(outcome.rowsStanding == 2)
        #expect(outcome.rowsVanished == 1)
        try bench.expectClean(exceptVanished: true)
    }

    @Test func lineEndsMayBeMixed() throws {
        loadInBatches()
        let rows = Delivery.events(1...4, lineEnd: "\r\n") + Delivery.events(5...8)
        try bench.deliver(Delivery.header + rows)
        try bench.deliver(Delivery.header + rows + Delivery.events(9...12, lineEnd: "\r\n"))
        try bench.expectClean()
    }

    @Test func byteOrderMarkIsNoPartOfTheHeader() throws {
        loadInBatches()
        try bench.deliver("\u{FEFF}" + Delivery.month(1...5))
        #expect(try bench.deliver("\u{FEFF}" + Delivery.month(1...8)).kind == .extended)
        try bench.expectClean()
        #expect(
            try bench.text(
                "select name as text from ingest.drift where seller_id = $1 and kind = 'unknown column'"
            ) == "")
    }

    @Test func quotedLineEndsDoNotEndARecordInAnyBatch() throws {
        loadInBatches()
        let rows = (1...20).map { number in
            Delivery.event("\"e\(number)\nline \"\"two\"\",\r\n\"", "\(number)") + "\n"
        }
        try bench.deliver(Delivery.header + rows.prefix(9).joined())
        try bench.expectClean()
        #expect(try bench.deliver(Delivery.header + rows.joined()).rowsLoaded == 11)
        try bench.expectClean()
        let ids = try bench.texts(
            "select billing_event_id as text from sdds.billing_event where seller_id = $1 and line = 20"
        )
        #expect(ids == ["e20\nline \"two\",\r\n"])
    }

    @Test func batchesAreCommittedWhileTheFileIsRead() throws {
        loadInBatches()
        let watcher = try LoadBench(on: bench.database)
        var seen: Set<Int> = []
        bench.store.beforeChunk = { [bench, watcher] _ in
            let rows = try watcher.postgres.query(
                "select rows from ingest.file where seller_id = $1",
                [.int(Int64(bench.sellerID))])
            seen.insert(try rows.only().int("rows"))
        }
        try bench.deliver(Delivery.month(1...20))
        #expect(seen.count > 4, "\(seen.sorted())")
        try bench.expectClean()
    }

    // MARK: gzip

    @Test func compressedFileIsToldByItsContent() throws {
        #expect(try bench.deliver(gzip(Delivery.month(1...10))).rowsLoaded == 10)
        try bench.expectClean()
        #expect(try bench.deliver(gzip(Delivery.month(1...12))).rowsLoaded == 2)
        try bench.expectClean()
    }

    @Test func compressionIsNoPartOfTheContent() throws {
        try bench.deliver(Delivery.month(1...5))
        #expect(try bench.deliver(gzip(Delivery.month(1...7))).kind == .extended)
        try bench.expectClean()
        #expect(try bench.deliver(Delivery.month(1...9)).kind == .extended)
        try bench.expectClean()
    }

    @Test(arguments: [1, 7, 64, Int.max])
    func membersAreOneContent(chunkBytes: Int) throws {
        bench.store.chunkBytes = chunkBytes
        bench.limits.batchRows = 3
        // The second member begins in the middle of a record, the third is empty.
        let text = Delivery.month(1...10)
        let cut = text.index(text.startIndex, offsetBy: Delivery.header.count + 100)
        let first = String(text[..<cut])
        let second = String(text[cut...])
        #expect(
            try bench.deliver(gzip(first, second, "", Delivery.events(11...12))).rowsLoaded == 12)
        try bench.expectClean()
        let longer = try gzip(first, second, "", Delivery.events(11...12), Delivery.events(13...14))
        #expect(try bench.deliver(longer).rowsLoaded == 2)
        try bench.expectClean()
    }

    /// A member's rows are visible when its checksum was right, and not before.
    @Test func memberIsOneTransaction() throws {
        bench.limits.batchRows = 3
        bench.store.chunkBytes = 20
        let watcher = try LoadBench(on: bench.database)
        var seen: Set<Int> = []
        bench.store.beforeChunk = { [bench, watcher] _ in
            let rows = try watcher.postgres.query(
                "select count(*) as rows from sdds.billing_event where seller_id = $1",
                [.int(Int64(bench.sellerID))])
            seen.insert(try rows.only().int("rows"))
        }
        try bench.deliver(gzip(Delivery.month(1...20), Delivery.events(21...50)))
        #expect(seen == [0, 20])
        try bench.expectClean()
    }

    @Test func everyFeedOfAMonthIsLoadedIndependently() throws {
        let product = "ProductFeed_V1/year=2026/month=03/data.csv"
        try bench.deliver(Delivery.month(1...3))
        try bench.deliver(
            "product_id,title,valid_from,update_date\np1,\"A, \"\"B\"\"\",\(Delivery.day),\(Delivery.day)\n",
            as: product)
        try bench.deliver(Delivery.month(1...5))
        try bench.expectClean()
    }
}
