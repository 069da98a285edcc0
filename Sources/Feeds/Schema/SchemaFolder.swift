internal import Crypto
internal import Foundation
package import Postgres

/// The `Schema/` folder: definitions that can be applied again, and dated changes that cannot.
///
/// A definition names what it needs from its own folder in a first line `-- after: a, b`; everything
/// in `ingest` comes before every other folder, and what is made of delivered rows after all of them.
package struct SchemaFolder: Sendable {
    /// A file of the folder.
    package struct Definition: Sendable, Equatable {
        /// Path below `Schema/`, such as `sdds/billing_event.sql`.
        package let path: String
        package let sql: String

        package var sha256: String {
            SHA256.hash(data: Data(sql.utf8)).map { byte in
                String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }.joined()
        }
    }

    /// In the order in which they are applied.
    package let definitions: [Definition]
    /// By date.
    package let changes: [Definition]

    private static let firstFolders = ["ingest"]
    private static let lastFolders = ["resolved", "marketplace"]

    /// Two that migrate at the same time take turns.
    private static let lockKey: Int64 = 0x736C_7500

    /// Reads the folder.
    ///
    /// - Throws: ``LoadError`` when it cannot be read, or when its files need each other in a circle.
    package init(path: String) throws {
        let folders = try Self.entries(path).filter { $0 != "changes" && !$0.contains(".") }
        let named = Self.firstFolders + Self.lastFolders
        let ordered =
            Self.firstFolders.filter(folders.contains) + folders.filter { !named.contains($0) }
            + Self.lastFolders.filter(folders.contains)
        definitions = try ordered.flatMap { folder in
            try Self.inOrder(try Self.files(path, folder))
        }
        changes = try Self.entries(path).contains("changes") ? Self.files(path, "changes") : []
    }

    /// Applies what differs from what was applied last, in one transaction, under a lock.
    ///
    /// - Parameters:
    ///   - postgres: a connection as the owner.
    ///   - note: told what somebody has to do or to know about the roles that only read, a sentence
    ///     each.
    /// - Returns: the paths that were applied.
    /// - Throws: ``LoadError`` naming the file that cannot be applied.
    package func apply(
        on postgres: PostgresConnection, note: (String) -> Void = { _ in }
    ) throws -> [String] {
        try postgres.transaction {
            try postgres.query("select pg_advisory_xact_lock($1)", [.int(Self.lockKey)])
            try SchemaOwners.check(folders, on: postgres)
            let applied = try Self.applied(on: postgres)
            let done = try run(lacking(applied), on: postgres)
            for file in definitions + changes where applied[file.path] != file.sha256 {
                try postgres.query(
                    """
                    insert into ingest.definition (path, sha256) values ($1, $2)
                    on conflict (path) do update set sha256 = excluded.sha256, applied_at = now()
                    """, [.text(file.path), .text(file.sha256)])
            }
            try Self.grantRights(on: postgres).forEach(note)
            return done
        }
    }

    /// Gives the roles that only read what they lack, and takes from everybody what nobody meant to
    /// give; where roles may not be made, they stay lacking.
    private static func grantRights(on postgres: PostgresConnection) throws -> [String] {
        let isThere = try postgres.query(
            "select to_regprocedure('resolved.grant_rights()') is not null as found")
        guard try isThere.only().bool("found") else { return [] }
        return try postgres.query("select * from resolved.grant_rights() as lacking").map {
            try $0.string("lacking")
        }
    }

    /// Paths whose newest text has not been applied to this database.
    ///
    /// - Throws: ``LoadError`` where somebody else made what is in its place.
    package func pending(on postgres: PostgresConnection) throws -> [String] {
        try SchemaOwners.check(folders, on: postgres)
        return lacking(try Self.applied(on: postgres)).map(\.path)
    }

    /// The schemas that its folders are named after.
    private var folders: Set<String> {
        Set(definitions.map { String($0.path.prefix { $0 != "/" }) })
    }

    private func lacking(_ applied: [String: String]) -> [Definition] {
        // A new database is made as it should be now: the way that led there is only noted.
        let dated = applied.isEmpty ? [] : changes.filter { applied[$0.path] == nil }
        return dated + definitions.filter { applied[$0.path] != $0.sha256 }
    }

    private func run(_ files: [Definition], on postgres: PostgresConnection) throws -> [String] {
        for file in files {
            do {
                try postgres.execute(file.sql)
            } catch {
                throw LoadError(.stop, "Schema/\(file.path): \(error)")
            }
        }
        return files.map(\.path)
    }

    /// Hashes of what was applied, by path; empty in a new database.
    private static func applied(on postgres: PostgresConnection) throws -> [String: String] {
        let table = try postgres.query(
            "select to_regclass('ingest.definition') is not null as found")
        guard try table.only().bool("found") else { return [:] }
        var hashes: [String: String] = [:]
        for row in try postgres.query("select path, sha256 from ingest.definition") {
            hashes[try row.string("path")] = try row.string("sha256")
        }
        return hashes
    }

    private static func entries(_ path: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw LoadError(
                .stop,
                "\(path): cannot be read: \(error.localizedDescription). "
                    + "Name the Schema folder with --schema or SLUICE_SCHEMA")
        }
    }

    private static func files(_ path: String, _ folder: String) throws -> [Definition] {
        try entries(path + "/" + folder).filter { $0.hasSuffix(".sql") }.map { name in
            let sql = try String(contentsOfFile: "\(path)/\(folder)/\(name)", encoding: .utf8)
            return Definition(path: folder + "/" + name, sql: sql)
        }
    }

    /// Sorts files so that each comes after those that its first line names.
    private static func inOrder(_ files: [Definition]) throws -> [Definition] {
        var waiting = files
        var ordered: [Definition] = []
        while !waiting.isEmpty {
            let names = Set(waiting.map(\.name))
            let ready = waiting.filter { names.isDisjoint(with: $0.needs) }
            guard !ready.isEmpty else {
                let circle = waiting.map(\.path).joined(separator: ", ")
                throw LoadError(.stop, "Schema: these files need each other in a circle: \(circle)")
            }
            ordered += ready
            waiting.removeAll { file in ready.contains(file) }
        }
        return ordered
    }
}

extension SchemaFolder.Definition {
    fileprivate var name: String {
        String(path.split(separator: "/").last?.dropLast(".sql".count) ?? "")
    }

    fileprivate var needs: [String] {
        let marker = "-- after:"
        guard let line = sql.split(separator: "\n").first, line.hasPrefix(marker) else { return [] }
        return line.dropFirst(marker.count).split(separator: ",")
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
