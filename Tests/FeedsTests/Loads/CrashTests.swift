import Dispatch
import Feeds
import Foundation
import Postgres
import Support
import Synchronization
import Testing

/// Whatever breaks, wherever: loaded again, the tables are those of one clean load.
@Suite struct CrashTests {
    struct Scenario: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let key: String
        /// What is loaded before anything breaks; `nil` for nothing.
        let before: String?
        /// Texts of the members of the version whose load is broken; plain if not compressed.
        let members: [String]
        let isCompressed: Bool
        /// Whether a reader may see part of the version.
        let isVisibleInParts: Bool

        func bytes() throws -> [UInt8] {
            let texts = members.map { Array($0.utf8) }
            return try isCompressed ? gzip(texts) : Array(texts.joined())
        }
    }

    private static let reject = "bad,record\n"

    static let scenarios = [
        Scenario(
            testDescription: "plain log in batches", key: Delivery.key,
            before: Delivery.month(1...2),
            members: [Delivery.month(1...4), reject, Delivery.events(6...9)],
            isCompressed: false, isVisibleInParts: true),
        Scenario(
            testDescription: "gzip log of two members", key: Delivery.key, before: nil,
            members: [Delivery.month(1...2) + reject, Delivery.events(3...4)],
            isCompressed: true, isVisibleInParts: true),
        Scenario(
            testDescription: "rewritten log", key: Delivery.key,
            before: Delivery.month([1, 2, 2, 3]) + reject,
            members: [Delivery.month([2, 1, 4]) + reject + reject],
            isCompressed: false, isVisibleInParts: false),
        Scenario(
            testDescription: "replaced snapshot", key: Delivery.snapshotKey,
            before: Delivery.snapshot(1...3) + reject,
            members: [Delivery.snapshot(2...5) + reject],
            isCompressed: false, isVisibleInParts: false),
    ]

    /// A bench on which the scenario's first version is loaded and its second one waits.
    private static func prepared(_ scenario: Scenario) throws -> LoadBench {
        let bench = try LoadBench()
        bench.limits.batchRows = 3
        bench.store.chunkBytes = 100
        if let before = scenario.before { try bench.deliver(before, as: scenario.key) }
        try bench.put(scenario.bytes(), as: scenario.key)
        return bench
    }

    /// What the tables are before, and after a load that nothing disturbs.
    private static func ends(_ scenario: Scenario) throws -> (
        before: BenchTables, after: BenchTables
    ) {
        let bench = try prepared(scenario)
        let before = try bench.tables()
        try bench.load(scenario.key)
        try bench.expectClean(exceptVanished: true)
        return (before, try bench.tables())
    }

    // MARK: The database

    @Test(
        "a connection that breaks at any operation costs nothing and doubles nothing",
        arguments: scenarios, PostgresFaultProxy.Fault.allCases)
    func connectionBreaks(scenario: Scenario, fault: PostgresFaultProxy.Fault) throws {
        let (before, after) = try Self.ends(scenario)
        var struck: [String] = []
        for number in 1...500 {
            let bench = try Self.prepared(scenario)
            let proxy = try PostgresFaultProxy(
                to: .tcp(port: bench.database.cluster.port), fault: fault,
                at: .operation(number))
            try loadAndBreak(bench, scenario.key, through: proxy)
            guard let operation = proxy.fired else { break }
            struck.append("\(operation.kind) \(operation.text.prefix(40))")
            if !scenario.isVisibleInParts {
                let rows = try bench.tables().rows
                #expect(rows == before.rows || rows == after.rows, "\(operation)")
            }
            try bench.load(scenario.key)
            #expect(try bench.tables() == after, "\(operation)")
            try bench.expectReconciled()
        }
        // Able to fail: everything that can go wrong did.
        for kind in ["Startup", "Query begin", "Query copy", "CopyData", "CopyDone", "Sync commit"]
        {
            #expect(struck.contains { $0.hasPrefix(kind) }, "\(kind) in \(struck)")
        }
        #expect(struck.count < 500)
    }

    /// Loads through the proxy; if it breaks, waits until the server has ended the session too.
    private func loadAndBreak(
        _ bench: LoadBench, _ key: String, through proxy: PostgresFaultProxy
    ) throws {
        var session: Int32?
        do {
            let postgres = try PostgresConnection(
                bench.database.tcpConninfo(port: proxy.port))
            session = postgres.backendPID
            try bench.load(key, over: postgres)
        } catch let error as LoadError {
            #expect(error.disposition == .retry && error.isOfDatabase, "\(error)")
        } catch let error as PostgresError {
            #expect(error.isTransient, "\(error)")
        }
        guard proxy.fired != nil, let session else { return }
        let deadline = Date() + 30
        while try isRunning(session, bench), Date() < deadline { usleep(1_000) }
    }

    private func isRunning(_ session: Int32, _ bench: LoadBench) throws -> Bool {
        try bench.postgres.query(
            "select exists (select from pg_stat_activity where pid = $1) as running",
            [.int(Int64(session))]
        ).only().bool("running")
    }

    // MARK: The store

    @Test("a store that fails before any chunk costs nothing", arguments: scenarios)
    func storeFails(scenario: Scenario) throws {
        let (before, after) = try Self.ends(scenario)
        var failures = 0
        for chunk in 1...500 {
            let bench = try Self.prepared(scenario)
            bench.store.chunkBytes = 40
            var isDown = false
            bench.store.beforeChunk = { number in
                guard number == chunk else { return }
                isDown = true
                throw StoreError(.unavailable, "the store is down")
            }
            do {
                try bench.load(scenario.key)
            } catch let error as LoadError {
                #expect(error.disposition == .retry && !error.isOfDatabase)
            }
            guard isDown else { break }
            failures += 1
            if !scenario.isVisibleInParts { #expect(try bench.tables().rows == before.rows) }
            bench.store.beforeChunk = { _ in }
            try bench.load(scenario.key)
            #expect(try bench.tables() == after, "chunk \(chunk)")
            try bench.expectReconciled()
        }
        #expect(failures > 3 && failures < 500)
    }

    @Test("a file that is replaced while it is read is read anew", arguments: scenarios)
    func fileChangesWhileItIsRead(scenario: Scenario) throws {
        for chunk in 1...500 {
            let bench = try Self.prepared(scenario)
            bench.store.chunkBytes = 120
            var isReplaced = false
            let newer =
                try scenario.isCompressed
                ? gzip(scenario.members.map { Array($0.utf8) } + [Array(Self.reject.utf8)])
                : scenario.bytes() + Array(Self.reject.utf8)
            bench.store.beforeChunk = { number in
                guard number == chunk, !isReplaced else { return }
                isReplaced = true
                try bench.put(newer, as: scenario.key)
                throw StoreError(.versionChanged, "the file was replaced")
            }
            try bench.load(scenario.key)
            guard isReplaced else { break }
            bench.store.beforeChunk = { _ in }
            #expect(try bench.load(scenario.key).kind == .unchanged, "the newer one was loaded")
            try bench.expectClean(exceptVanished: true)
        }
    }

    @Test func fileThatIsReplacedAllTheTimeIsTriedAgainLater() throws {
        let bench = try LoadBench()
        try bench.put(Delivery.month(1...3))
        bench.store.beforeChunk = { _ in
            throw StoreError(.versionChanged, "the file was replaced")
        }
        #expect { try bench.load() } throws: { error in
            (error as? LoadError)?.disposition == .retry
        }
        #expect(bench.store.reads == 3)
        bench.store.beforeChunk = { _ in }
        try bench.load()
        try bench.expectClean()
    }

    // MARK: The process

    @Test("a load that is asked to stop goes on where it stopped", arguments: scenarios)
    func loadIsStopped(scenario: Scenario) throws {
        let (_, after) = try Self.ends(scenario)
        let bench = try Self.prepared(scenario)
        bench.isStopping = { true }
        var stops = 0
        while stops < 10 {
            do {
                try bench.load(scenario.key)
                break
            } catch let error as LoadError {
                #expect(error.disposition == .stop)
                stops += 1
            }
        }
        #expect(stops == (scenario.isVisibleInParts ? 2 : 0), "once a batch, never in a short one")
        #expect(try bench.tables() == after)
        try bench.expectReconciled()
    }

    @Test("several loaders of one file take turns", arguments: scenarios)
    func severalLoadersTakeTurns(scenario: Scenario) throws {
        let (_, after) = try Self.ends(scenario)
        let bench = try Self.prepared(scenario)
        let (file, conninfo) = (bench.file(scenario.key), bench.database.conninfo)
        let (path, bucket, limits) = (bench.directory.path, bench.bucket, bench.limits)
        let results = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let result = Result {
                let postgres = try PostgresConnection(conninfo)
                let store = BenchStore(try DirectoryStore(path: path, bucket: bucket))
                store.chunkBytes = 50
                let feed = try #require(try Feed.of(key: file.key, on: postgres))
                let loader = Loader(
                    postgres: postgres, store: store, limits: limits, worker: "bench")
                return try loader.load(file, as: feed).kind.rawValue
            }
            results.withLock { $0.append((try? result.get()) ?? "\(result)") }
        }
        let found = results.withLock { $0 }
        #expect(found.filter { $0 == "unchanged" }.count == 3, "\(found)")
        #expect(try bench.tables() == after)
        try bench.expectReconciled()
    }

    /// A worker whose session is gone cannot commit what it still holds.
    @Test func loaderThatLostItsSessionCommitsNothing() throws {
        let bench = try LoadBench()
        bench.store.chunkBytes = 50
        bench.limits.batchRows = 2
        try bench.put(Delivery.month(1...9))
        let loading = try PostgresConnection(bench.database.conninfo)
        let session = loading.backendPID
        bench.store.beforeChunk = { [bench] number in
            guard number == 6 else { return }
            bench.store.beforeChunk = { _ in }
            try bench.postgres.query(
                "select pg_terminate_backend($1, 10000)", [.int(Int64(session))])
            try bench.load()
        }
        #expect { try bench.load(over: loading) } throws: { error in
            (error as? LoadError)?.disposition == .retry
        }
        try bench.expectClean()
    }
}
