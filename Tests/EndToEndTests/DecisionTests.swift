import Foundation
import Support
import Testing

/// `sluice accept` and `sluice keep`: what is to become of rows that a rewritten file lacks.
@Suite struct DecisionTests {
    /// Two files of which each has lost one row.
    private func rewrittenDesk() throws -> Desk {
        let desk = try Desk()
        for month in 1...2 {
            try desk.deliver(
                Desk.products(10 * month + 1...10 * month + 3), to: Desk.productKey(month))
        }
        #expect(try desk.backfill(["--bucket", "acme-data"]).status == 0)
        for month in 1...2 {
            let rows = Desk.productRows([10 * month + 1, 10 * month + 3])
            try desk.deliver(Desk.productHeader + rows, to: Desk.productKey(month))
        }
        let done = try desk.backfill(["--bucket", "acme-data"])
        #expect(done.status == 0, "\(done)")
        #expect(
            done.standardOutput.hasLine(
                "2 rows vanished from rewritten files; see: sluice status"))
        #expect(try desk.products().count == 6)
        return desk
    }

    /// The three ways to name a file.
    @Test(arguments: ["", "acme-data/", "s3://acme-data/"])
    func acceptRemovesTheRowsOfTheFileNamed(prefix: String) throws {
        let desk = try rewrittenDesk()
        let file = prefix + Desk.productKey(1)
        let done = try desk.run(["accept", file])
        #expect(done.status == 0)
        #expect(done.standardOutput.hasPrefix("1 rows removed\nmarketplace refreshed in "))
        #expect(
            try desk.products() == ["prod-11", "prod-13", "prod-21", "prod-22", "prod-23"])
        #expect(try desk.run(["status", "--check"]).status == 1)
        #expect(try desk.run(["accept", file]).standardOutput == "0 rows removed\n")
    }

    @Test func keepEndsTheAlarmAndLeavesTheRows() throws {
        let desk = try rewrittenDesk()
        let done = try desk.run(["keep", "--all"])
        #expect(done.status == 0)
        #expect(done.standardOutput == "2 rows kept\n")
        #expect(try desk.products().count == 6)
        #expect(try desk.run(["status", "--check"]).status == 0)
        #expect(try desk.run(["accept", "--all"]).standardOutput == "0 rows removed\n")
        let decided = try desk.database.psql(
            "select distinct decision, decided_by ~ '.@.' from ingest.vanished")
        #expect(decided == "kept|t")
    }

    @Test func acceptOfAllRemovesAll() throws {
        let desk = try rewrittenDesk()
        let done = try desk.run(["accept", "--all"])
        #expect(done.standardOutput.hasPrefix("2 rows removed\nmarketplace refreshed in "))
        #expect(try desk.products() == ["prod-11", "prod-13", "prod-21", "prod-23"])
        #expect(try desk.run(["status", "--check"]).status == 0)
    }

    @Test(arguments: ["accept", "keep"])
    func aFileThatThereIsNotIsTold(command: String) throws {
        let desk = try Desk()
        let done = try desk.run([command, "nope/data.csv"])
        #expect(done.status == 78)
        #expect(
            done.standardError
                == "sluice: there is no file nope/data.csv; name its key as sluice status shows "
                + "it, or say --all\n")
    }
}
