import Postgres
import Support
import Testing

@Suite struct TransactionTests {
    private struct Stop: Error {}

    @Test func commitKeepsAndThrowRollsBack() throws {
        let connection = try PrivateCluster.connect()
        try connection.execute("create temp table t (n int)")
        let count = try connection.transaction {
            try connection.query("insert into t values (1)").affectedRows
        }
        #expect(count == 1)
        #expect(throws: Stop.self) {
            try connection.transaction {
                try connection.execute("insert into t values (2)")
                throw Stop()
            }
        }
        #expect(try connection.query("select n from t").count == 1)
    }

    @Test func failedRollbackDoesNotHideTheFirstError() throws {
        let connection = try PrivateCluster.connect()
        let killer = try PrivateCluster.connect()
        #expect(throws: Stop.self) {
            try connection.transaction {
                try killer.query(
                    "select pg_terminate_backend($1, 10000)",
                    [.int(Int64(connection.backendPID))])
                throw Stop()
            }
        }
    }

    @Test func swallowedFailureMakesCommitFail() throws {
        let connection = try PrivateCluster.connect()
        let error = try #require(
            try postgresError {
                try connection.transaction {
                    _ = try postgresError { try connection.execute("select 1 / 0") }
                }
            })
        #expect(error.sqlState == "25P02")
        try connection.transaction { try connection.execute("select 1") }
    }

    @Test func deferredConstraintFailsAtCommit() throws {
        let connection = try PrivateCluster.connect()
        try connection.execute(
            "create temp table t (n int unique deferrable initially deferred)")
        let error = try #require(
            try postgresError {
                try connection.transaction {
                    try connection.execute("insert into t values (1), (1)")
                }
            })
        #expect(error.sqlState == "23505")
        try connection.transaction { try connection.execute("select 1") }
    }

    @Test func advisoryLockHasOneHolder() throws {
        let holder = try PrivateCluster.connect()
        let other = try PrivateCluster.connect()
        let key = Int64.max - 7
        #expect(try holder.tryAdvisoryLock(key))
        #expect(try !other.tryAdvisoryLock(key))
        #expect(throws: PostgresError.self) { try other.advisoryUnlock(key) }
        try holder.advisoryUnlock(key)
        #expect(try other.tryAdvisoryLock(key))
    }
}
