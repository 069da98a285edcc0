import Foundation
import Support
import Testing

/// An operator's desk: a migrated database of its own, a folder of exports, and the real program.
final class Desk: Sendable {
    let program: Program
    let database: ScratchDatabase
    let exports: ScratchDirectory

    private static let template = DatabaseTemplate { database in
        let done = try Program().run(["migrate", "--database", database.conninfo])
        guard done.succeeded else { throw done }
    }

    /// Makes database and folder; `isMigrated` says whether the database has the schema.
    init(isMigrated: Bool = true) throws {
        program = try Program()
        database = try ScratchDatabase.create(from: isMigrated ? Self.template : nil)
        exports = try ScratchDirectory()
    }

    /// Runs a command with the database, in the folder of exports.
    func run(
        _ arguments: [String], environment: [String: String] = [:], limitSeconds: Int = 120
    ) throws -> Finished {
        try program.run(
            arguments, environment: self.environment.merging(environment) { $1 },
            directory: exports.path, limitSeconds: limitSeconds)
    }

    /// Starts a command that a signal will end.
    func start(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> ChildProcess {
        try program.start(
            arguments, environment: self.environment.merging(environment) { $1 },
            directory: exports.path)
    }

    /// Loads the folder of exports.
    func backfill(
        _ arguments: [String] = [], environment: [String: String] = [:]
    ) throws -> Finished {
        try run(["backfill", exports.path] + arguments, environment: environment)
    }

    var environment: [String: String] {
        [
            "SLUICE_DATABASE_URL": database.conninfo, "SLUICE_STATE": exports.path + "/.state",
            "AWS_EC2_METADATA_DISABLED": "true", "HOME": exports.path,
        ]
    }

    /// How a person connects who may read `marketplace` only.
    func readerConninfo() throws -> String {
        database.conninfo + " user=" + (try database.member(of: "sluice_reader"))
    }

    // MARK: Deliveries

    /// Key of the month file of the product feed; the feed has few columns.
    static func productKey(_ month: Int = 1, gzip: Bool = false) -> String {
        let padded = month < 10 ? "0\(month)" : "\(month)"
        return "ProductFeed_V1/year=2026/month=\(padded)/data.csv" + (gzip ? ".gz" : "")
    }

    static let productHeader = "product_id,title,valid_from,update_date\n"

    /// Product rows with the given numbers.
    static func productRows(_ numbers: some Sequence<Int>) -> String {
        numbers.map { number in
            "prod-\(number),Title \(number),2025-12-01T00:00:00Z,2026-01-01T00:00:00Z\n"
        }.joined()
    }

    /// A whole product file.
    static func products(_ numbers: some Sequence<Int> = 1...3) -> String {
        productHeader + productRows(numbers)
    }

    /// Writes a delivery; folders are made.
    @discardableResult
    func deliver(_ bytes: Data, to key: String) throws -> String {
        let path = exports.path + "/" + key
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
            withIntermediateDirectories: true)
        try bytes.write(to: URL(fileURLWithPath: path))
        return path
    }

    @discardableResult
    func deliver(_ text: String, to key: String) throws -> String {
        try deliver(Data(text.utf8), to: key)
    }

    // MARK: What a person sees

    /// How the file is called in messages.
    func name(_ key: String) -> String { "file://\(exports.path)/\(key)" }

    /// What the ledger has of a file: failure, and outcome and counts of the newest load.
    func ledger(_ key: String) throws -> (failure: String, load: String) {
        let failure = try database.psql(
            "select coalesce(failure, '') from ingest.file where key = '\(key)'")
        let load = try database.psql(
            """
            select outcome, rows_read, rows_loaded, rows_rejected from ingest.load
            join ingest.file using (file_id) where key = '\(key)' order by load_id desc limit 1
            """)
        return (failure, load)
    }

    /// Titles of the product rows that are in the table.
    func products() throws -> [String] {
        try database.psql("select product_id from sdds.product order by product_id collate \"C\"")
            .split(separator: "\n").map(String.init)
    }
}

extension String {
    /// Whether a whole line of the text is that line.
    func hasLine(_ line: String) -> Bool {
        split(separator: "\n", omittingEmptySubsequences: false).contains { $0 == line }
    }

    /// Whether a whole line of the text matches.
    func hasLine(_ pattern: Regex<Substring>) -> Bool {
        split(separator: "\n").contains { $0.wholeMatch(of: pattern) != nil }
    }
}
