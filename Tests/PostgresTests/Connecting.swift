import Postgres
import Support

extension PrivateCluster {
    /// Opens a connection to the server that the tests share.
    static func connect() throws -> PostgresConnection {
        try PostgresConnection(shared().conninfo("postgres"))
    }
}

/// Runs `body`, and gives back the `PostgresError` that it threw, or nil.
func postgresError(_ body: () throws -> Void) throws -> PostgresError? {
    do {
        try body()
        return nil
    } catch let error as PostgresError {
        return error
    }
}
