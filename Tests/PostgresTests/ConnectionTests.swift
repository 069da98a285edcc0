import Postgres
import Support
import Testing

@Suite struct ConnectionTests {
    @Test func sessionSpeaksUTCAndUTF8WhateverTheDatabasePrefers() throws {
        let database = try ScratchDatabase.create()
        try database.psql(
            """
            alter database \(database.name) set timezone to 'Asia/Tokyo';
            alter database \(database.name) set client_encoding to 'LATIN1'
            """)
        let connection = try PostgresConnection(database.conninfo)
        let row = try connection.query(
            """
            select current_setting('timezone') as zone, current_setting('client_encoding') as enc,
                   current_setting('application_name') as app, pg_backend_pid() as pid
            """
        ).only()
        #expect(try row.string("zone") == "UTC")
        #expect(try row.string("enc") == "UTF8")
        #expect(try row.string("app") == "sluice")
        #expect(try row.int("pid") == Int(connection.backendPID))
        #expect(connection.isAlive)
        #expect(connection.serverVersion >= 150_000)
    }

    @Test func unreachableServerIsLostAndTransient() throws {
        let error = try #require(
            try postgresError { _ = try PostgresConnection("host=/nonexistent user=nobody") })
        #expect(error.isConnectionLost)
        #expect(error.isTransient)
        #expect(error.sqlState == nil)
        #expect(error.message.contains("/nonexistent"))
    }

    @Test func unknownDatabaseIsReportedInTheServersWords() throws {
        let conninfo = try PrivateCluster.shared().conninfo("nowhere")
        let error = try #require(try postgresError { _ = try PostgresConnection(conninfo) })
        #expect(error.message.contains("database \"nowhere\" does not exist"))
    }

    @Test(arguments: [
        "host=/nonexistent password=s3cret and more",
        "postgresql://user:s3cret@@/nonexistent",
        "postgresql://user:p/s3cret@host/db",
        "postgresql://user:s3cret%zz@host/db",
        "postgresql://user:p@s3cret@127.0.0.1:1/db",
        "password='s3cret",
        "host=/nonexistent password=s3cret user=u",
    ])
    func passwordNeverShows(conninfo: String) throws {
        let error = try #require(try postgresError { _ = try PostgresConnection(conninfo) })
        #expect(!"\(error)".contains("s3cret"))
    }

    @Test func noticesGoToTheClosure() throws {
        let connection = try PrivateCluster.connect()
        var notices: [String] = []
        connection.onNotice = { notices.append($0) }
        try connection.execute("do $$ begin raise warning 'careful'; end $$")
        #expect(notices == ["careful"])
    }

    @Test func terminatedBackendInMidTransactionIsLost() throws {
        let connection = try PrivateCluster.connect()
        let killer = try PrivateCluster.connect()
        var reachedEnd = false
        let error = try #require(
            try postgresError {
                try connection.transaction {
                    try killer.query(
                        "select pg_terminate_backend($1, 10000)",
                        [.int(Int64(connection.backendPID))])
                    try connection.execute("select 1")
                    reachedEnd = true
                }
            })
        #expect(!reachedEnd)
        // The server's last words are read unless the broken pipe is noticed first.
        #expect(error.sqlState == nil || error.sqlState == "57P01")
        #expect(error.isConnectionLost)
        #expect(error.isTransient)
        let later = try #require(try postgresError { try connection.execute("select 1") })
        #expect(later.isConnectionLost)
        #expect(!connection.isAlive)
    }

    @Test(arguments: [
        ("40001", true, false), ("40P01", true, false), ("53100", true, false),
        ("55P03", true, false), ("57P03", true, true), ("57014", false, false),
        ("58030", true, false), ("08006", true, true), ("23505", false, false),
        ("22P02", false, false),
    ])
    func sqlStateTellsWhetherToTryAgain(state: String, isTransient: Bool, isLost: Bool) {
        let error = PostgresError("made up", sqlState: state)
        #expect(error.isTransient == isTransient)
        #expect(error.isConnectionLost == isLost)
    }
}
