internal import Foundation

/// The installed programs of one major version of Postgres.
struct ServerPrograms {
    /// Folder of `initdb`, `pg_ctl`, `postgres` and so on.
    let folder: String

    private static let debianRoot = "/usr/lib/postgresql"

    /// Finds them.
    ///
    /// - Parameter major: the version that made the data; nil for the newest that is installed.
    /// - Returns: those that were asked for, Debian's before others.
    /// - Throws: ``CommandFailure`` that names what to install.
    static func find(major: Int?) throws -> ServerPrograms {
        // A missing folder only means that Debian's package is not installed.
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: debianRoot)) ?? []
        let debian = versions.compactMap(Int.init).sorted(by: >)
            .filter { major == nil || $0 == major }.map { "\(debianRoot)/\($0)/bin" }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map(String.init).filter { $0.hasPrefix("/") }
        let installed = (debian + path).filter {
            FileManager.default.isExecutableFile(atPath: $0 + "/initdb")
        }.map(ServerPrograms.init)
        if let found = try installed.first(where: { try major == nil || $0.major() == major }) {
            return found
        }
        guard let major else {
            throw CommandFailure(
                .configuration,
                "there is no Postgres server on this machine (no initdb in \(debianRoot) or PATH); "
                    + "install the package postgresql, or name a server with --database")
        }
        throw CommandFailure(
            .configuration,
            "the private Postgres was made by PostgreSQL \(major), whose programs are not installed "
                + "any more; install the package postgresql-\(major), move the data with pg_dump or "
                + "pg_upgrade, or name another --state to start anew")
    }

    /// Path of one program.
    func path(_ program: String) -> String { folder + "/" + program }

    /// First number of what `postgres --version` prints: `postgres (PostgreSQL) 15.14 (Debian …)`.
    private func major() throws -> Int? {
        let log = FileManager.default.temporaryDirectory
            .appendingPathComponent("sluice-\(UUID().uuidString).log").path
        defer { unlink(log) }
        _ = try ChildProgram([path("postgres"), "--version"], environment: .only([:]), log: log)
            .wait()
        let words = try String(contentsOfFile: log, encoding: .utf8).split(separator: " ")
        return words.dropFirst(2).first.flatMap { Int($0.prefix(while: \.isNumber)) }
    }
}
