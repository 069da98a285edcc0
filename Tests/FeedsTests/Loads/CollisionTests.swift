import Feeds
import Foundation
import Postgres
import Support
import Synchronization
import Testing

/// Two sessions load one file although the lock should keep them apart: each row is there once.
///
/// The lock is let go on the session of the first, as a pooler does that hands it to somebody else.
@Suite struct CollisionTests {
    struct Scenario: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let key: String
        /// What is loaded before; `nil` for nothing.
        let before: String?
        /// What the first begins to load.
        let first: String
        /// What the second finds; `nil` for the same version.
        let second: String?
    }

    static let scenarios = [
        Scenario(
            testDescription: "a new log, the same version", key: Delivery.key, before: nil,
            first: Delivery.month(1...9), second: nil),
        Scenario(
            testDescription: "a new log, a longer version", key: Delivery.key, before: nil,
            first: Delivery.month(1...9), second: Delivery.month(1...12)),
        Scenario(
            testDescription: "a log that grew", key: Delivery.key, before: Delivery.month(1...4),
            first: Delivery.month(1...9), second: Delivery.month(1...12)),
        Scenario(
            testDescription: "a log that grew, the same version", key: Delivery.key,
            before: Delivery.month(1...4), first: Delivery.month(1...9), second: nil),
        Scenario(
            testDescription: "a rewritten log", key: Delivery.key, before: Delivery.month(1...4),
            first: Delivery.month(2...9), second: Delivery.month(2...12)),
        Scenario(
            testDescription: "a new snapshot, two versions", key: Delivery.snapshotKey, before: nil,
            first: Delivery.snapshot(1...9), second: Delivery.snapshot(2...7)),
        Scenario(
            testDescription: "a new snapshot, the same version", key: Delivery.snapshotKey,
            before: nil, first: Delivery.snapshot(1...9), second: nil),
        Scenario(
            testDescription: "a replaced snapshot", key: Delivery.snapshotKey,
            before: Delivery.snapshot(1...4), first: Delivery.snapshot(1...9),
            second: Delivery.snapshot(2...7)),
    ]

    /// At which chunk of the first one's reading the second comes in.
    @Test(arguments: scenarios, [1, 2, 3])
    func whoCommitsSecondKeepsNothingAndLooksAgain(scenario: Scenario, chunk: Int) throws {
        let bench = try LoadBench()
        bench.limits.batchRows = 2
        bench.store.chunkBytes = 60
        if let before = scenario.before { try bench.deliver(before, as: scenario.key) }
        try bench.put(scenario.first, as: scenario.key)
        let other = try SecondSession(bench, scenario.key)
        var hasCollided = false
        bench.store.beforeChunk = { number in
            guard !hasCollided else { return }
            // Nothing else can be asked of a session in the middle of a COPY.
            if number == 1 { try bench.postgres.execute("select pg_advisory_unlock_all()") }
            guard number == chunk else { return }
            hasCollided = true
            if let second = scenario.second { try bench.put(second, as: scenario.key) }
            try other.loadUntilItWaits()
        }
        try bench.load(scenario.key)
        #expect(hasCollided)
        try other.finish()
        // A version that came while the first was reading is there by now, or comes with the next.
        try bench.load(scenario.key)

        let clean = try LoadBench()
        if let before = scenario.before { try clean.deliver(before, as: scenario.key) }
        try clean.deliver(scenario.second ?? scenario.first, as: scenario.key)
        #expect(try bench.tables().rows == clean.tables().rows)
        try bench.expectReconciled()
    }
}

/// Another worker on a thread of its own: it may have to wait for rows of the first.
private final class SecondSession: Sendable {
    private let result = Mutex<Result<Outcome, any Error>?>(nil)
    private let conninfo: String
    private let database: ScratchDatabase
    private let file: File
    private let directory: String

    init(_ bench: LoadBench, _ key: String) throws {
        conninfo = bench.database.conninfo + " application_name=\(Self.name(bench.sellerID))"
        database = bench.database
        file = bench.file(key)
        directory = bench.directory.path
    }

    private static func name(_ seller: Int32) -> String { "second_of_\(seller)" }

    /// Begins to load; returns when it is done, or waits for a transaction of the first.
    func loadUntilItWaits() throws {
        Thread.detachNewThread { [self] in
            let loaded = Result { try load() }
            result.withLock { $0 = loaded }
        }
        let waiting = """
            select count(*) from pg_stat_activity where wait_event_type = 'Lock'
                and application_name = '\(Self.name(file.sellerID))' and datname = '\(database.name)'
            """
        while result.withLock({ $0 == nil }), try database.psql(waiting) == "0" {
            usleep(2_000)  // a poll: a session that waits gives no sign
        }
    }

    func finish() throws {
        while result.withLock({ $0 == nil }) { usleep(2_000) }
        _ = try result.withLock { try $0?.get() }
    }

    private func load() throws -> Outcome {
        let postgres = try PostgresConnection(conninfo)
        var limits = LoadLimits()
        limits.batchRows = 2
        let loader = Loader(
            postgres: postgres, store: try DirectoryStore(path: directory, bucket: file.bucket),
            limits: limits, worker: "second")
        let feed = try Feed.of(key: file.key, on: postgres)
        return try loader.load(file, as: #require(feed))
    }
}
