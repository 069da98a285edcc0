import Postgres
import Support
import Testing

@Suite struct CopyInTests {
    private static let sql = "copy t (n, word) from stdin (format binary)"

    private let letter: [UInt8] = [0x61]

    private func connect() throws -> PostgresConnection {
        let connection = try PrivateCluster.connect()
        try connection.execute("create temp table t (n int primary key, word text not null)")
        return connection
    }

    private func count(_ connection: PostgresConnection) throws -> Int {
        try connection.query("select count(*) as rows from t").only().int("rows")
    }

    @Test func finishedRowsAreThereAndCounted() throws {
        let connection = try connect()
        let copy = try connection.copyIn(Self.sql)
        var row = BinaryRow(capacity: 0)
        for n in 0..<10_000 {
            row.begin(fields: 2)
            row.append(int32: Int32(n))
            row.append(text: Array("word \(n)".utf8).span.bytes)
            if row.byteCount > 50_000 { try row.flush(to: copy) }
        }
        try row.flush(to: copy)
        let rows = try copy.finish()
        #expect(rows == 10_000)
        let last = try connection.query("select word from t where n = 9999").only()
        #expect(try last.string("word") == "word 9999")
    }

    @Test func emptyCopyIsZeroRows() throws {
        let connection = try connect()
        let rows = try connection.copyIn(Self.sql).finish()
        #expect(rows == 0)
    }

    @Test func abandonedCopyLeavesNothingAndAUsableConnection() throws {
        struct Stop: Error {}
        let connection = try connect()
        #expect(throws: Stop.self) {
            try connection.transaction {
                let copy = try connection.copyIn(Self.sql)
                var row = BinaryRow(capacity: 100)
                row.begin(fields: 2)
                row.append(int32: 1)
                row.append(text: letter.span.bytes)
                try row.flush(to: copy)
                throw Stop()
            }
        }
        #expect(try count(connection) == 0)
    }

    @Test func abandonedCopyEndsAtOnce() throws {
        let connection = try connect()
        let observer = try PrivateCluster.connect()
        func state() throws -> String {
            try observer.query(
                "select state from pg_stat_activity where pid = $1",
                [.int(Int64(connection.backendPID))]
            ).only().string("state")
        }
        do {
            let copy = try connection.copyIn(Self.sql)
            #expect(try state() == "active")
            try copy.send(letter.span.bytes)
        }
        #expect(try state() == "idle")
    }

    @Test func refusedRowGivesTheServersError() throws {
        let connection = try connect()
        let error = try #require(
            try postgresError {
                try connection.transaction {
                    let copy = try connection.copyIn(Self.sql)
                    var row = BinaryRow(capacity: 100)
                    row.begin(fields: 2)
                    row.append(int32: 1)
                    row.appendNull()
                    try row.flush(to: copy)
                    _ = try copy.finish()
                }
            })
        #expect(error.sqlState == "23502")
        #expect(error.column == "word")
        #expect(try count(connection) == 0)
    }

    @Test func errorDuringSendingIsTheServersOwn() throws {
        let connection = try connect()
        let error = try #require(
            try postgresError {
                let copy = try connection.copyIn(Self.sql)
                var row = BinaryRow(capacity: 100)
                // The same key again and again: the server stops long before we do.
                for _ in 0..<2_000_000 {
                    row.begin(fields: 2)
                    row.append(int32: 1)
                    row.append(text: letter.span.bytes)
                    if row.byteCount > 50_000 { try row.flush(to: copy) }
                }
                _ = try copy.finish()
            })
        #expect(error.sqlState == "23505")
        #expect(try count(connection) == 0)
    }

    @Test func lostConnectionDuringCopyIsLost() throws {
        let connection = try connect()
        let killer = try PrivateCluster.connect()
        let error = try #require(
            try postgresError {
                try connection.transaction {
                    let copy = try connection.copyIn(Self.sql)
                    try killer.query(
                        "select pg_terminate_backend($1, 10000)",
                        [.int(Int64(connection.backendPID))])
                    var row = BinaryRow(capacity: 100)
                    for n in 0..<1_000_000 {
                        row.begin(fields: 2)
                        row.append(int32: Int32(n))
                        row.append(text: letter.span.bytes)
                        if row.byteCount > 50_000 { try row.flush(to: copy) }
                    }
                    _ = try copy.finish()
                }
            })
        #expect(error.isConnectionLost)
    }

    @Test(arguments: [
        "copy t from stdin", "select 1", "copy t to stdout (format binary)",
        "copy nowhere from stdin (format binary)",
    ])
    func anythingElseIsRefused(sql: String) throws {
        let connection = try connect()
        #expect(throws: PostgresError.self) { _ = try connection.copyIn(sql).finish() }
        #expect(try count(connection) == 0)
    }
}
