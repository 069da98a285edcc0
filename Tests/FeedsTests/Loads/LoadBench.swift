import Feeds
import Foundation
import Postgres
import Support

/// A seller of its own with a folder as its bucket: what one test puts there, and loads.
///
/// Nothing of one seller is seen by another, so benches share a database; a test that changes the
/// database itself takes one of its own.
final class LoadBench {
    let database: ScratchDatabase
    let postgres: PostgresConnection
    let sellerID: Int32
    let store: BenchStore
    var limits = LoadLimits()
    var isStopping: @Sendable () -> Bool = { false }
    let directory: ScratchDirectory

    /// The whole schema, applied once.
    static let schema = DatabaseTemplate { database in
        let postgres = try PostgresConnection(database.conninfo)
        _ = try SchemaFolder(path: Program.packageRoot + "/Schema").apply(on: postgres)
    }

    private static let shared = Result { try ScratchDatabase.create(from: schema) }

    /// A bench with an empty folder, or one that looks at another's folder as a new seller.
    init(on database: ScratchDatabase? = nil, files other: LoadBench? = nil) throws {
        self.database = try database ?? other?.database ?? Self.shared.get()
        directory = try other?.directory ?? ScratchDirectory()
        postgres = try PostgresConnection(self.database.conninfo)
        sellerID = Int32(
            try postgres.query(
                """
                insert into ingest.seller (name) values ('bench-' || gen_random_uuid())
                returning seller_id
                """
            ).only().int("seller_id"))
        store = BenchStore(try DirectoryStore(path: directory.path, bucket: "bench-\(sellerID)"))
    }

    var bucket: String { store.bucket }

    /// As messages name the file.
    func name(of key: String) -> String { "s3://\(bucket)/\(key)" }

    func file(_ key: String) -> File { File(sellerID: sellerID, bucket: bucket, key: key) }

    // MARK: The bucket

    private var versions = 0

    /// Puts a version of a file into the folder; every one has another ETag.
    func put(_ bytes: [UInt8], as key: String) throws {
        let url = URL(fileURLWithPath: directory.path).appending(path: key)
        let manager = FileManager.default
        try manager.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        versions += 1
        // Two puts in one tick of the clock would have the same time of change.
        let time = Date(timeIntervalSince1970: 1_800_000_000 + Double(versions))
        try manager.setAttributes([.modificationDate: time], ofItemAtPath: url.path)
    }

    func put(_ text: String, as key: String = Delivery.key) throws {
        try put(Array(text.utf8), as: key)
    }

    // MARK: Loading

    /// Loads the newest version of a file, over the bench's connection or another one.
    @discardableResult
    func load(
        _ key: String = Delivery.key, over connection: PostgresConnection? = nil
    ) throws -> Outcome {
        let connection = connection ?? postgres
        return try loader(connection).load(file(key), as: feed(of: key, connection))
    }

    /// Reads the newest version of a file again from the start.
    @discardableResult
    func reload(_ key: String = Delivery.key) throws -> Outcome {
        try loader(postgres).reload(file(key), as: feed(of: key, postgres))
    }

    /// Says on which line a file goes on that stops at damage.
    @discardableResult
    func skip(toLine line: Int, _ key: String = Delivery.key) throws -> Outcome {
        try loader(postgres).skip(
            file(key), as: feed(of: key, postgres),
            SkipDecision(fromLine: line, person: "mary@desk", note: "case 12"))
    }

    private func feed(of key: String, _ connection: PostgresConnection) throws -> Feed {
        guard let feed = try Feed.of(key: key, on: connection) else {
            throw LoadError(.setAside, "\(key): matches no feed")
        }
        return feed
    }

    private func loader(_ connection: PostgresConnection) -> Loader {
        Loader(
            postgres: connection, store: store, limits: limits, worker: "bench",
            isStopping: isStopping)
    }

    /// Puts a version and loads it.
    @discardableResult
    func deliver(_ text: String, as key: String = Delivery.key) throws -> Outcome {
        try put(text, as: key)
        return try load(key)
    }

    /// Puts a version and loads it.
    @discardableResult
    func deliver(_ bytes: [UInt8], as key: String = Delivery.key) throws -> Outcome {
        try put(bytes, as: key)
        return try load(key)
    }

    /// What loading a version that cannot be read on complains about; empty when it does not.
    func complaint(_ bytes: [UInt8], as key: String = Delivery.key) throws -> String {
        try put(bytes, as: key)
        do {
            try load(key)
            return ""
        } catch let error as LoadError {
            return error.description
        }
    }

    func complaint(_ text: String, as key: String = Delivery.key) throws -> String {
        try complaint(Array(text.utf8), as: key)
    }
}
