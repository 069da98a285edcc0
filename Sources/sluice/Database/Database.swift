internal import AWS
internal import Feeds
internal import Foundation
internal import Postgres

/// The database that a command works with, reachable and with its schema.
struct Database: Sendable {
    let conninfo: String
    /// What a person types to look around; no password in it.
    let psqlCommand: String
    /// Who reads only gets by with a replica.
    var purpose = SessionPurpose.work
    /// Prints the password of a connection; `nil` where libpq knows it.
    var passwordCommand: PasswordCommand?

    /// What makes any other command work with it; no password in it.
    var option: String { "--database \(shownConninfo.shellWord)" }

    private var shownConninfo: String { PostgresConnection.withoutPasswords(conninfo) }

    /// Finds the database, or starts the private one.
    static func find(
        _ settings: Settings, for purpose: SessionPurpose = .work
    ) throws -> Database {
        var database = try find(settings)
        database.purpose = purpose
        return database
    }

    private static func find(_ settings: Settings) throws -> Database {
        if let conninfo = settings.database {
            let shown = PostgresConnection.withoutPasswords(conninfo)
            return Database(
                conninfo: conninfo,
                psqlCommand: "psql" + (shown.isEmpty ? "" : " " + shown.shellWord),
                passwordCommand: settings.passwordCommand)
        }
        let own = PrivatePostgres(
            stateFolder: settings.stateFolder, database: settings.privateDatabase)
        try own.start()
        return Database(conninfo: own.conninfo, psqlCommand: own.psqlCommand)
    }

    /// Finds the database, and sees to it that its schema is there.
    ///
    /// The private one is migrated; the operator's own must have been, because a loader's role need
    /// not be allowed to change it.
    static func open(
        _ settings: Settings, for purpose: SessionPurpose = .work
    ) throws -> Database {
        let database = try find(settings, for: purpose)
        let postgres = try database.connect()
        if purpose == .work { try ServerFitness(of: postgres).throwIfUnfit() }
        let schema = try SchemaFolder(path: settings.locateSchema())
        if settings.database == nil {
            _ = try schema.apply(on: postgres)
        } else if let path = try schema.pending(on: postgres).first {
            throw CommandFailure(
                .configuration,
                "the database lacks Schema/\(path), or has an older one; run: sluice migrate")
        }
        return database
    }

    func connect() throws -> PostgresConnection {
        do {
            return try PostgresConnection(
                conninfo, for: purpose, password: passwordCommand?.passwordSource)
        } catch {
            // Without a connection that failed, it was the connection string.
            throw CommandFailure(
                error.isConnectionLost ? .unavailable : .configuration,
                "the database cannot be reached: \(error); check --database, "
                    + "SLUICE_DATABASE_URL or the PG* variables, and that the server runs")
        }
    }
}

extension PasswordCommand {
    /// Asks the command; one that fails may succeed later, like a server that is away.
    fileprivate var passwordSource: PasswordSource {
        { () throws(PostgresError) -> String in
            do {
                return try password(environment: .current())
            } catch {
                throw PostgresError("\(error)", connectionIsBad: true)
            }
        }
    }
}

extension ServerFitness {
    /// Ends the command where the server is not one that Sluice can work with.
    func throwIfUnfit() throws {
        guard let text = complaint else { return }
        throw CommandFailure(.configuration, text)
    }
}

extension Settings {
    /// The Schema folder: as set, or beside the program, or above it in a build folder.
    ///
    /// - Throws: ``CommandFailure`` also where somebody else may write into it: it is SQL that runs
    ///   with the caller's rights.
    func locateSchema() throws -> String {
        let folder = try schemaFolder ?? Self.schemaNearProgram()
        // One that is not there is told by whoever reads it.
        if FileManager.default.fileExists(atPath: folder) {
            try TrustedPlace.check(tree: folder, what: "the Schema folder")
        }
        return folder
    }

    private static func schemaNearProgram() throws -> String {
        var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        var looked: [String] = []
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            for candidate in ["Schema", "share/sluice/Schema"] {
                let path = folder.appendingPathComponent(candidate).path
                if FileManager.default.fileExists(atPath: path + "/ingest") { return path }
                looked.append(path)
            }
        }
        throw CommandFailure(
            .configuration,
            "the Schema folder is not near the program (looked in "
                + looked.joined(separator: ", ") + "); name it with --schema or SLUICE_SCHEMA")
    }
}
