import AWS
import Foundation
import Support
import Testing

/// A database that goes away is not the message's fault: each message is received once, whatever
/// happens meanwhile, though its queue allows no second time.
@Suite struct DatabaseAwayTests {
    private func cloud() throws -> (SimulatedCloud, PrivateCluster) {
        let cluster = try PrivateCluster(
            settings: ["synchronous_commit": "on", "full_page_writes": "on"])
        let database = try ScratchDatabase(on: cluster)
        let migrated = try Program().run(["migrate", "--database", database.conninfo])
        try #require(migrated.succeeded, "\(migrated)")
        let cloud = try SimulatedCloud(receiveCountMax: 1, database: database)
        return (cloud, cluster)
    }

    @Test(arguments: [false, true])
    func crashesOfTheServerCostNoMessage(isOverTCP: Bool) throws {
        let (cloud, cluster) = try cloud()
        try cloud.put(Deliveries.last.get())
        try cloud.send(
            try (1...60).map { _ in
                try MessageShape.s3Event.body(
                    #require(Deliveries.last.get().first).key, in: cloud.bucket)
            })
        let worker = try cloud.startWorker(
            ["--drain"], on: isOverTCP ? cloud.database.tcpConninfo() : nil,
            ["SLUICE_BATCH_ROWS": "20"])
        try worker.waitForOutput(containing: "worker started")
        for crash in 1...8 where worker.isRunning {
            try cluster.crash()
            // So that the next one finds the worker at work again.
            let loads = "select count(*) from ingest.load where outcome <> 'running'"
            let before = try cloud.database.number(loads)
            var polls = 0
            while worker.isRunning, polls < 20, try cloud.database.number(loads) <= before {
                polls += 1
            }
            usleep(useconds_t(crash * 10_000))
        }
        try cloud.expectNobodyBlamed(worker)
    }

    @Test(arguments: ["", " target_session_attrs=any"])
    func aTimeInWhichTheServerOnlyReadsIsSatOut(words: String) throws {
        let (cloud, cluster) = try cloud()
        let name = cloud.database.name
        try cloud.put(Deliveries.last.get())
        try cloud.database.hold(atLine: 1)
        let worker = try cloud.startWorker(on: cloud.database.conninfo + words)
        #expect(try cloud.waitForRow(ScratchDatabase.held, while: worker))
        // As in a failover: the sessions are cut, and new ones find a server that only reads.
        try cluster.psql("alter database \(name) set default_transaction_read_only = on")
        try cluster.psql(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '\(name)'")
        try worker.waitForOutput(containing: words.isEmpty ? "session is read-only" : "25006")
        try cluster.psql("alter database \(name) reset default_transaction_read_only")
        try cloud.database.letGo()
        try cloud.expectNobodyBlamed(worker)
    }

    @Test func noMessagesAreTakenWhileTheDatabaseIsAway() throws {
        let (cloud, cluster) = try cloud()
        let name = cloud.database.name
        try cloud.put([Deliveries.billing(rows: 3)])
        try cloud.database.hold(atLine: 1)
        let worker = try cloud.startWorker([], ["SLUICE_FILES": "4"])
        #expect(try cloud.waitForRow(ScratchDatabase.held, while: worker))
        try cluster.psql("alter database \(name) allow_connections false")
        try cluster.psql(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '\(name)'")
        try worker.waitForOutput(containing: "not currently accepting connections")
        // A poll that was under way may still take what comes at once.
        Thread.sleep(forTimeInterval: 2)
        try cloud.send(
            try (1...9).map { try MessageShape.s3Event.body("\($0).csv", in: cloud.bucket) })
        Thread.sleep(forTimeInterval: 3)
        #expect(try cloud.attributes().depth == 9)
        try cluster.psql("alter database \(name) allow_connections true")
        try cloud.database.letGo()
        while worker.isRunning, try !cloud.isQueueEmpty { usleep(100_000) }
        worker.signal(SIGTERM)
        #expect(worker.wait(limitSeconds: 60).succeeded)
        #expect(try cloud.attributes(ofDeadLetters: true).depth == 0)
    }
}

extension SimulatedCloud {
    /// Expects a draining worker to end with everything loaded, and no message to be a dead letter
    /// or said to have failed.
    func expectNobodyBlamed(_ worker: ChildProcess) throws {
        let finished = worker.wait(limitSeconds: 200)
        #expect(finished.succeeded, "\(finished)")
        #expect(finished.standardError.contains("the database is in trouble, trying again"))
        #expect(!finished.standardError.contains("message failed"), "\(finished)")
        #expect(try attributes(ofDeadLetters: true).depth == 0)
        #expect(try isQueueEmpty)
        let failed = "select count(*) from ingest.message where outcome = 'failed'"
        #expect(try database.psql(failed) == "0")
        #expect(try database.contents() == cleanLoad())
        #expect(try database.isBalanced())
        #expect(try database.unfinishedFiles() == "")
    }
}
