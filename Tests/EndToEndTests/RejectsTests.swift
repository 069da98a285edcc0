import Foundation
import Support
import Testing

/// `sluice rejects`: the rows that their table would not take, and what becomes of them.
@Suite struct RejectsTests {
    private static let instant = "2026-01-01T00:00:00Z"

    private func deskWithRejects() throws -> Desk {
        let desk = try Desk()
        var content = Data((Desk.productHeader + Desk.productRows(1...1)).utf8)
        content += Data("prod-2,T,,\(Self.instant)\n".utf8)
        content += Data("prod-3,\"two\nlines\",\(Self.instant)\n".utf8)
        content +=
            Data("prod-4,\u{1B}".utf8) + [0xff] + Data(",\(Self.instant),\(Self.instant)\n".utf8)
        content += Data("prod-5,\u{1B}[31mred,,\(Self.instant)\n".utf8)
        content += Data(Desk.productRows(6...6).utf8)
        try desk.deliver(content, to: Desk.productKey(1))
        return desk
    }

    private func loadedDesk() throws -> Desk {
        let desk = try deskWithRejects()
        let loaded = try desk.backfill()
        try #require(loaded.status == 0, "\(loaded)")
        return desk
    }

    // MARK: Looking

    @Test func theyAreListedByCauseTheMostFrequentFirst() throws {
        let desk = try deskWithRejects()
        let loaded = try desk.backfill()
        #expect(loaded.status == 0, "\(loaded)")
        #expect(loaded.standardOutput.hasLine("6 rows read = 2 loaded + 4 rejected"))
        #expect(try desk.products() == ["prod-1", "prod-6"])
        let file = desk.name(Desk.productKey(1))
        let listed = try desk.run(["rejects"])
        #expect(listed.status == 0)
        let text = listed.standardOutput.replacing(
            /newest \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, with: "newest TIME")
        #expect(
            text == """
                2  sdds.product, valid_from: is empty, and it may not be
                    newest TIME, #4 \(file) line 7
                1  sdds.product: has not as many fields as the header
                    newest TIME, #2 \(file) line 4
                1  sdds.product, title: is not valid UTF-8
                    newest TIME, #3 \(file) line 6

                """)
        #expect(try desk.run(["rejects", "list"]).standardOutput == listed.standardOutput)
    }

    @Test func theyAreShownNewestFirstAsDelivered() throws {
        let desk = try loadedDesk()
        let file = desk.name(Desk.productKey(1))
        let done = try desk.run(["rejects", "show"])
        #expect(done.status == 0)
        #expect(
            done.standardOutput == """
                #4 \(file) line 7, byte 220, valid_from: is empty, and it may not be
                    prod-5,\\u{1B}[31mred,,\(Self.instant)
                #3 \(file) line 6, byte 168, title: "\\u{1B}\u{FFFD}" is not valid UTF-8
                    prod-4,\\u{1B}\\377,\(Self.instant),\(Self.instant)
                #2 \(file) line 4, byte 128: has 3 fields where the header has 4
                    prod-3,"two
                    lines",\(Self.instant)
                #1 \(file) line 3, byte 97, valid_from: is empty, and it may not be
                    prod-2,T,,\(Self.instant)

                """)
    }

    @Test func theyCanBeLimitedAndChosen() throws {
        let desk = try loadedDesk()
        func lines(_ arguments: String...) throws -> Int {
            let done = try desk.run(["rejects"] + arguments)
            #expect(done.status == 0, "\(done)")
            return done.standardOutput.matches(of: /(?m)^(?:\#\d|\d+  )/).count
        }
        #expect(try lines("--limit", "1", "--feed", "sdds.product") == 1)
        #expect(try lines("--seller", "default") == 3)
        #expect(try lines("show", "--column", "valid_from") == 2)
        #expect(try lines("show", "--cause", "is not valid UTF-8") == 1)
        #expect(try lines("show", "2", "3") == 2)
        #expect(try lines("show", "--file", Desk.productKey(1), "--limit", "3") == 3)
        let more = try desk.run(["rejects", "--limit", "1"])
        #expect(more.standardOutput.hasLine("and 2 more causes; see --limit"))
        let none = try desk.run(["rejects", "--feed", "sdds.account"])
        #expect(none.status == 0)
        #expect(none.standardOutput == "No rejects are waiting.\n")
    }

    @Test(arguments: [
        (["--feed", "sdds.accounts"], "there is no feed sdds.accounts; there are "),
        (["--seller", "acme"], "there is no seller acme; see: sluice seller list"),
        (["show", "77"], "there is no reject 77; sluice rejects show lists the ids"),
        (["replay", "--file", "nope"], "there is no file nope; "),
        (["budget", "sdds.accounts", "--count", "1"], "there is no feed sdds.accounts; "),
    ])
    func whatThereIsNotIsTold(arguments: [String], says: String) throws {
        let wrong = try Desk().run(["rejects"] + arguments)
        #expect(wrong.status == 78)
        #expect(wrong.standardError.hasPrefix("sluice: " + says), "\(wrong)")
    }

    @Test func aProgramReadsThemAsJSON() throws {
        let desk = try loadedDesk()
        let listed = try desk.run(["rejects", "--json"]).standardOutput
        let groups = try #require(
            JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]])
        #expect(groups.map { $0["waiting"] as? Int } == [2, 1, 1])
        #expect(groups.map { $0["column"] as? String } == ["valid_from", nil, "title"])
        let shown = try desk.run(["rejects", "show", "--json"]).standardOutput
        #expect(!shown.contains("\u{1B}"))
        let records = try #require(
            JSONSerialization.jsonObject(with: Data(shown.utf8)) as? [[String: Any]])
        #expect(
            records.map { $0["raw"] as? String } == [
                "prod-5,\u{1B}[31mred,,\(Self.instant)", nil,
                "prod-3,\"two\nlines\",\(Self.instant)", "prod-2,T,,\(Self.instant)",
            ])
        let bytes = try #require(
            (records[1]["raw_base64"] as? String).flatMap { Data(base64Encoded: $0) })
        #expect(bytes[8] == 0xff)
    }

    @Test func aKeyWithControlCharactersIsShownInTheLogWithoutThem() throws {
        let desk = try Desk()
        let key = "\u{1B}[31m/" + Desk.productKey(1)
        try desk.deliver("", to: key)
        let done = try desk.backfill()
        #expect(done.status == 1)
        #expect(done.standardError.contains("/\\u{1B}[31m/ProductFeed_V1/"), "\(done)")
        #expect(!done.standardError.contains("\u{1B}"))
        #expect(!(try desk.run(["status"]).standardOutput.contains("\u{1B}")))
    }

    // MARK: Acting

    @Test func afterAFixTheyMoveToTheirTableWithTheirLineage() throws {
        let desk = try loadedDesk()
        let untouched = try desk.run(["rejects", "replay"])
        #expect(untouched.status == 0, "\(untouched)")
        #expect(untouched.standardOutput.hasPrefix("0 rejects moved to their table\n4 stay\n"))
        try desk.database.psql("alter table sdds.product alter valid_from drop not null")
        let tried = try desk.run(["rejects", "replay", "--dry-run"])
        #expect(tried.standardOutput.hasPrefix("2 rejects would move to their table\n"))
        #expect(try desk.products() == ["prod-1", "prod-6"])
        let done = try desk.run(["rejects", "replay", "--feed", "sdds.product"])
        #expect(done.status == 0, "\(done)")
        #expect(
            done.standardOutput.hasPrefix(
                """
                2 rejects moved to their table
                  2  sdds.product
                2 stay
                  1  sdds.product: has not as many fields as the header
                  1  sdds.product, title: is not valid UTF-8
                marketplace refreshed in 
                """))
        let rows = try desk.database.psql(
            "select product_id, seller_id, version_id, line from sdds.product order by line")
        #expect(
            rows == "prod-1|1|1|1\nprod-2|1|1|2\nprod-5|1|1|5\nprod-6|1|1|6")
        #expect(try desk.ledger(Desk.productKey(1)).load == "replayed|2|2|0")
        #expect(try desk.database.isBalanced())
        let status = try desk.run(["status", "--json"]).standardOutput
        #expect(status.contains("\"rejects\" : 2,") && status.contains("\"rows\" : 4,"))
        // The file is as loaded as it was.
        #expect(try desk.backfill().standardOutput.contains("1 up to date"))
        let all = try desk.run(["rejects", "--all"]).standardOutput
        #expect(
            all.contains("2  sdds.product, valid_from: is empty, and it may not be (2 replayed)"))
    }

    @Test func thoseOfAVersionWithoutAHeaderAreToldAndTheOthersMove() throws {
        let desk = try loadedDesk()
        try desk.deliver(
            Desk.productHeader + "prod-7,T,,\(Self.instant)\n", to: Desk.productKey(2))
        #expect(try desk.backfill().status == 0)
        try desk.database.psql(
            """
            update ingest.version set header = null where version_id = 1;
            alter table sdds.product alter valid_from drop not null
            """)
        let done = try desk.run(["rejects", "replay"])
        #expect(done.status == 1, "\(done)")
        #expect(done.standardOutput.hasPrefix("1 rejects moved to their table\n"))
        #expect(
            done.standardError.contains(
                "\(desk.name(Desk.productKey(1))): an older sluice loaded version 1 and did not "
                    + "keep its header"))
        #expect(try desk.products() == ["prod-1", "prod-6", "prod-7"])
    }

    @Test func aDismissedOneIsKeptWithItsNoteAndNoLongerWaits() throws {
        let desk = try loadedDesk()
        let done = try desk.run(["rejects", "dismiss", "2", "3", "--note", "a test of AWS's"])
        #expect(done.standardOutput == "2 rejects dismissed\n")
        #expect(try desk.run(["rejects"]).standardOutput.hasPrefix("2  sdds.product, valid_from"))
        #expect(try desk.run(["status", "--json"]).standardOutput.contains("\"rejects\" : 2,"))
        let shown = try desk.run(["rejects", "show", "--all", "--column", "title"])
        #expect(shown.standardOutput.contains(#/\n    dismissed [-: \d]+ by \S+@\S+: a test/#))
        let rest = try desk.run(["rejects", "dismiss", "--all", "--note", "enough"])
        #expect(rest.standardOutput == "2 rejects dismissed\n")
        #expect(try desk.run(["rejects"]).standardOutput == "No rejects are waiting.\n")
        // Thought over: by number it can still be replayed, and only so.
        try desk.database.psql("alter table sdds.product alter valid_from drop not null")
        #expect(try desk.run(["rejects", "replay"]).standardOutput.hasPrefix("0 rejects moved"))
        #expect(try desk.run(["rejects", "replay", "1"]).standardOutput.hasPrefix("1 rejects mo"))
        #expect(try desk.products() == ["prod-1", "prod-2", "prod-6"])
    }

    // MARK: The budget

    @Test func aLoadBeyondTheBudgetLeavesNothingAndSaysWhy() throws {
        let desk = try deskWithRejects()
        let none = try desk.run(["rejects", "budget"])
        #expect(none.standardOutput == "no feed has a budget\n")
        let set = try desk.run([
            "rejects", "budget", "sdds.product", "--count", "9", "--share", "5%",
        ])
        let line = "sdds.product: a load may reject 9 records and 5 % of the records\n"
        #expect(set.standardOutput == line)
        let done = try desk.backfill()
        #expect(done.status == 1)
        let failure = try desk.ledger(Desk.productKey(1)).failure
        #expect(
            failure == """
                \(desk.name(Desk.productKey(1))): 4 of 6 records were rejected, and the budget of \
                sdds.product allows 9 records and 5 % of the records: valid_from is empty, \
                and it may not be (2, first on line 3); a record has not as many fields as the header (1, \
                first on line 4); title is not valid UTF-8 (1, first on line 6). Nothing of this \
                load was kept. Mend the table, add an alias to ingest.alias, or change the budget \
                (sluice rejects budget sdds.product); the next attempt loads the file
                """)
        #expect(done.standardError.contains(failure))
        #expect(try desk.products() == [])
        #expect(try desk.run(["rejects"]).standardOutput == "No rejects are waiting.\n")
        // It survives a migration, and once it is gone the file is loaded.
        try desk.database.psql("update ingest.definition set sha256 = ''")
        #expect(try desk.run(["migrate"]).status == 0)
        #expect(try desk.run(["rejects", "budget"]).standardOutput == line)
        let removed = try desk.run(["rejects", "budget", "sdds.product", "--none"])
        #expect(removed.standardOutput == "sdds.product has no budget\n")
        #expect(try desk.backfill().status == 0)
        #expect(try desk.products() == ["prod-1", "prod-6"])
    }
}
