import Foundation
import Postgres
import Support
import Testing

/// A pooler between us and the server.
@Suite struct PoolerTests {
    @Test func aPoolThatSharesSessionsIsRefusedAndLeftAsItWas() throws {
        let cluster = try PrivateCluster()
        let pooler = try Pooler(.transaction, to: cluster, poolSize: 5)
        for purpose in [SessionPurpose.work, .reading] {
            let error = try #require(
                try postgresError {
                    _ = try PostgresConnection(pooler.conninfo("postgres"), for: purpose)
                })
            #expect(error.message.contains("pool_mode = transaction"))
            #expect(error.hint?.contains("pool_mode = session") == true)
            #expect(!error.isTransient)
        }
        // Nothing of ours stays on a session that others will get.
        let seen = try Command(
            "psql",
            ["-XAtc", "show search_path", pooler.conninfo("postgres")]
        ).output()
        #expect(seen == "\"$user\", public\n")
    }

    @Test func aPoolThatOthersUseIsRefusedToo() throws {
        let cluster = try PrivateCluster()
        let pooler = try Pooler(.transaction, to: cluster, poolSize: 3)
        // Two clients that come and go between our own statements.
        let busy = try Command(
            "/usr/bin/env",
            [
                "bash", "-c",
                "while true; do for n in {1..500}; do echo 'select 1;'; done; done "
                    + "| psql -Xqo /dev/null '\(pooler.conninfo("postgres"))'",
            ]
        ).start()
        defer { busy.signal(SIGKILL) }
        for _ in 1...20 {
            let error = try postgresError {
                let connection = try PostgresConnection(pooler.conninfo("postgres"))
                for key in Int64(1)...20 { _ = try connection.tryAdvisoryLock(key) }
            }
            #expect(error?.message.contains("pool_mode = transaction") == true, "\(error as Any)")
        }
    }

    @Test(arguments: [1, 20])
    func aPoolWithSessionsOfOnesOwnWillDo(poolSize: Int) throws {
        let cluster = try PrivateCluster()
        let pooler = try Pooler(.session, to: cluster, poolSize: poolSize)
        let connection = try PostgresConnection(pooler.conninfo("postgres"))
        #expect(try connection.tryAdvisoryLock(7))
        let path = try connection.query("select current_setting('search_path') as path").only()
        #expect(try path.string("path") == "pg_catalog, pg_temp")
        try connection.advisoryUnlock(7)
    }
}
