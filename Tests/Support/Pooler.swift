import Foundation

/// A pgbouncer before a server, on a free port of 127.0.0.1.
package final class Pooler: Sendable {
    /// When a session of the server is given to another client.
    package enum Mode: String, Sendable {
        case session, transaction
    }

    package let port: Int
    private let directory: ScratchDirectory
    private let server: GuardedServer

    /// Starts one that lets everybody in as the server's superuser.
    package init(_ mode: Mode, to cluster: PrivateCluster, poolSize: Int = 20) throws {
        directory = try ScratchDirectory()
        port = try Socket.freePort()
        try giveToServerUser(directory.path)
        let settings = """
            [databases]
            * = host=\(cluster.socketDirectory) port=\(cluster.port) user=postgres
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = \(port)
            unix_socket_dir =
            auth_type = any
            admin_users = postgres
            pool_mode = \(mode.rawValue)
            default_pool_size = \(poolSize)
            """
        let file = try directory.write(settings, to: "pgbouncer.ini")
        server = try GuardedServer(
            asServerUser("/usr/sbin/pgbouncer", [file], in: directory.path),
            directory: directory, stopSignal: "TERM")
        try server.waitUntil { [port] in
            // One that does not listen yet is an answer too.
            guard let socket = try? Socket.connect(to: .tcp(port: port)) else { return false }
            socket.close()
            return true
        }
    }

    /// How to connect through it.
    package func conninfo(_ database: String) -> String {
        "host=127.0.0.1 port=\(port) user=postgres dbname=\(database)"
    }
}
