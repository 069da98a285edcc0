import Foundation
import Postgres
import Support
import Testing

/// Which errors are the database's trouble, as a real server and libpq make them.
@Suite struct ServerTroubleTests {
    @Test func aServerThatStopsAtOnceLosesEveryConnection() throws {
        let cluster = try PrivateCluster()
        // Through the socket a write fails while the server's last words are still unread.
        let places = [cluster.conninfo("postgres"), cluster.tcpConninfo("postgres")]
        let connections = try (0..<20).map { try PostgresConnection(places[$0 % 2]) }
        cluster.stop()
        for (number, connection) in connections.enumerated() {
            let error = try #require(
                try postgresError {
                    switch number % 5 {
                    case 0: try connection.execute("select 1")
                    case 1: try connection.query("select $1::integer", [1])
                    case 2: try connection.begin()
                    case 3: _ = try connection.copyIn("copy t from stdin (format binary)").finish()
                    default: _ = try connection.tryAdvisoryLock(1)
                    }
                })
            #expect(error.isConnectionLost, "\(error)")
            #expect(error.isTransient, "\(error)")
        }
    }

    struct Ending: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let setting: String
        let begin: String
        let states: Set<String?>
    }

    @Test(arguments: [
        Ending(
            testDescription: "idle in transaction",
            setting: "idle_in_transaction_session_timeout", begin: "begin",
            states: ["25P03", nil]),
        Ending(
            testDescription: "idle session", setting: "idle_session_timeout", begin: "select 1",
            states: ["57P05", nil]),
    ])
    func aSessionThatTheServerEndsIsLost(ending: Ending) throws {
        let connection = try PostgresConnection(
            PrivateCluster.shared().conninfo("postgres"), for: .reading)
        try connection.execute("set \(ending.setting) to '10ms'; \(ending.begin)")
        let observer = try PrivateCluster.connect()
        let pid = PostgresValue.int(Int64(connection.backendPID))
        let query = "select from pg_stat_activity where pid = $1"
        while try !observer.query(query, [pid]).isEmpty { usleep(5_000) }
        let error = try #require(try postgresError { try connection.execute("select 1") })
        #expect(ending.states.contains(error.sqlState), "\(error)")
        #expect(error.isConnectionLost && error.isTransient, "\(error)")
    }

    @Test(arguments: [
        ("25006", true, false), ("25P02", false, false), ("25P03", true, true),
        ("25P04", true, true), ("53100", true, false), ("53200", true, false),
        ("53300", true, false), ("53400", true, false), ("57P01", true, true),
        ("57P02", true, true), ("57P03", true, true), ("57P04", true, true),
        ("57P05", true, true), ("57014", false, false), ("58000", true, false),
        ("58P01", true, false), ("08P01", true, true), ("40001", true, false),
        ("42501", false, false), ("22003", false, false),
    ])
    func oneRuleTellsWhoseFaultItIs(state: String, isTransient: Bool, isLost: Bool) {
        let error = PostgresError("made up", sqlState: state)
        #expect(error.isTransient == isTransient)
        #expect(error.isConnectionLost == isLost)
        #expect(PostgresError("x", sqlState: state, connectionIsBad: true).isTransient)
    }
}
