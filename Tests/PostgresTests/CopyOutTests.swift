import Postgres
import Support
import Testing

/// COPY to us, row by row.
@Suite struct CopyOutTests {
    let postgres: PostgresConnection

    init() throws { postgres = try PrivateCluster.connect() }

    private func rows(_ sql: String) throws -> [String] {
        var rows: [String] = []
        try postgres.copyOut(sql) { rows.append(String(decoding: $0, as: UTF8.self)) }
        return rows
    }

    @Test func rowsComeAsTheServerWritesThem() throws {
        #expect(
            try rows("copy (values (1, 'a,b'), (2, null)) to stdout (format csv, header)")
                == ["column1,column2\n", "1,\"a,b\"\n", "2,\n"])
        #expect(try rows("copy (select 1 where false) to stdout") == [])
        #expect(try postgres.query("select 1 as one").only().int("one") == 1)
    }

    /// What would go on for ever is given up, and the connection goes on.
    @Test func aTakerThatThrowsEndsIt() throws {
        struct Enough: Error {}
        var taken = 0
        #expect(throws: Enough.self) {
            try postgres.copyOut("copy (select generate_series(1, 9e15::bigint)) to stdout") { _ in
                taken += 1
                if taken == 1000 { throw Enough() }
            }
        }
        #expect(taken == 1000)
        #expect(try postgres.query("select 1 as one").only().int("one") == 1)
    }

    @Test func aFaultAmongTheRowsIsThrownAfterThem() throws {
        var taken = 0
        #expect(throws: PostgresError.self) {
            try postgres.copyOut(
                "copy (select 1 / (5000 - n) from generate_series(1, 9999) n) to stdout"
            ) {
                _ in taken += 1
            }
        }
        #expect(taken > 0)
        #expect(try postgres.query("select 1 as one").only().int("one") == 1)
    }

    @Test(arguments: ["select 1", "copy (select 1 from nowhere) to stdout", "copy x from stdin"])
    func anythingElseIsRefused(sql: String) throws {
        try postgres.execute("create temporary table x (a integer)")
        #expect(throws: PostgresError.self) { try rows(sql) }
        #expect(try postgres.query("select 1 as one").only().int("one") == 1)
    }
}
