import Foundation
import Support
import Testing

/// `sluice rejects`: the rows that their table would not take.
@Suite struct RejectsTests {
    private static let instant = "2026-01-01T00:00:00Z"

    private func deskWithRejects() throws -> Desk {
        let desk = try Desk()
        var content = Data((Desk.productHeader + Desk.productRows(1...1)).utf8)
        content += Data("prod-2,T,lately,\(Self.instant)\n".utf8)
        content += Data("prod-3,\"two\nlines\",\(Self.instant)\n".utf8)
        content += Data("prod-4,".utf8) + [0xff] + Data(",\(Self.instant),\(Self.instant)\n".utf8)
        content += Data("prod-5,T,\u{1B}[31mred,\(Self.instant)\n".utf8)
        content += Data(Desk.productRows(6...6).utf8)
        try desk.deliver(content, to: Desk.productKey(1))
        return desk
    }

    @Test func theyAreShownNewestFirstAsDeliveredAndTheRestIsLoaded() throws {
        let desk = try deskWithRejects()
        let loaded = try desk.backfill()
        #expect(loaded.status == 0, "\(loaded)")
        #expect(loaded.standardOutput.hasLine("6 rows read = 2 loaded + 4 rejected"))
        #expect(try desk.products() == ["prod-1", "prod-6"])
        let file = desk.name(Desk.productKey(1))
        let done = try desk.run(["rejects"])
        #expect(done.status == 0)
        #expect(
            done.standardOutput == """
                \(file) line 7, valid_from: "\\u{1B}[31mred" is not a timestamp
                    prod-5,T,\\u{1B}[31mred,\(Self.instant)
                \(file) line 6, title: "\u{FFFD}" is not valid UTF-8
                    prod-4,\\377,\(Self.instant),\(Self.instant)
                \(file) line 4: has 3 fields where the header has 4
                    prod-3,"two
                lines",\(Self.instant)
                \(file) line 3, valid_from: "lately" is not a timestamp
                    prod-2,T,lately,\(Self.instant)

                """)
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

    @Test func theyCanBeLimitedAndChosenByFeed() throws {
        let desk = try deskWithRejects()
        #expect(try desk.backfill().status == 0)
        let one = try desk.run(["rejects", "--limit", "1", "--feed", "sdds.product"])
        #expect(one.standardOutput.split(separator: "\n").count == 2)
        let none = try desk.run(["rejects", "--feed", "sdds.account"])
        #expect(none.status == 0)
        #expect(none.standardOutput == "There are no rejects.\n")
        let wrong = try desk.run(["rejects", "--feed", "sdds.accounts"])
        #expect(wrong.status == 78)
        #expect(
            wrong.standardError.hasPrefix("sluice: there is no feed sdds.accounts; there are "))
    }
}
