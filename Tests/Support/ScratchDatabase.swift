import Foundation
import Synchronization

/// A database of one test, dropped with its last reference.
package final class ScratchDatabase: Sendable {
    package let name: String
    package let cluster: PrivateCluster
    private let dropped = Mutex(false)

    /// Makes a database on the shared server: empty, or as `template` prepared it.
    package static func create(from template: DatabaseTemplate? = nil) throws -> ScratchDatabase {
        let cluster = try PrivateCluster.shared()
        return try ScratchDatabase(on: cluster, source: template?.database(on: cluster))
    }

    /// Makes an empty database on a server of the test's own.
    package convenience init(on cluster: PrivateCluster) throws {
        try self.init(on: cluster, source: nil)
    }

    private init(on cluster: PrivateCluster, source: String?) throws {
        self.cluster = cluster
        name = DatabaseTemplate.nextName("scratch")
        try cluster.psql("create database \(name) template \(source ?? "template0")")
    }

    deinit { drop() }

    /// How to connect through the unix socket.
    package var conninfo: String { cluster.conninfo(name) }

    /// How to connect over TCP; with `port` through a proxy that listens there.
    package func tcpConninfo(port: Int? = nil) -> String { cluster.tcpConninfo(name, port: port) }

    /// Runs SQL with psql and returns the rows, one a line, `|` between columns.
    @discardableResult
    package func psql(_ sql: String, as role: String = "postgres") throws -> String {
        try cluster.psql(sql, database: name, as: role)
    }

    /// A role that may log in and is a member of a group, as a person has one; made by the first use.
    package func member(of group: String) throws -> String {
        let name = "\(group)_member"
        try cluster.psql(
            """
            select pg_advisory_lock(\(Self.membersLock));
            select format('create role %I login in role %I', '\(name)', '\(group)')
            where not exists (select from pg_roles where rolname = '\(name)')
            \\gexec
            """)
        return name
    }

    private static let membersLock = 0x6D656D

    /// Drops it now, whoever is connected.
    package func drop() {
        dropped.withLock { done in
            guard !done else { return }
            done = true
            // A database that stays is removed with the server.
            _ = try? cluster.psql("drop database if exists \(name) with (force)")
        }
    }
}

/// A database that is prepared once and then copied: far quicker than preparing each.
package final class DatabaseTemplate: Sendable {
    private let prepare: @Sendable (ScratchDatabase.Connection) throws -> Void
    private let prepared = Mutex<Result<String, any Error>?>(nil)

    /// Names what to do with the empty database, such as to apply the schema; done by the first use.
    package init(prepare: @escaping @Sendable (ScratchDatabase.Connection) throws -> Void) {
        self.prepare = prepare
    }

    /// The prepared database's name; nobody may be connected to it when it is copied.
    func database(on cluster: PrivateCluster) throws -> String {
        try prepared.withLock { known in
            if let known { return try known.get() }
            let result = Result {
                let name = Self.nextName("template")
                try cluster.psql("create database \(name) template template0")
                try prepare(ScratchDatabase.Connection(cluster: cluster, name: name))
                return name
            }
            known = result
            return try result.get()
        }
    }

    private static let count = Mutex(0)

    static func nextName(_ kind: String) -> String {
        count.withLock { last in
            last += 1
            return "\(kind)_\(last)"
        }
    }
}

extension ScratchDatabase {
    /// The database being prepared, lent to the closure of a template.
    package struct Connection: Sendable {
        let cluster: PrivateCluster
        let name: String

        /// How to connect through the unix socket.
        package var conninfo: String { cluster.conninfo(name) }

        /// Runs SQL with psql and returns the rows.
        @discardableResult
        package func psql(_ sql: String) throws -> String {
            try cluster.psql(sql, database: name)
        }
    }
}
