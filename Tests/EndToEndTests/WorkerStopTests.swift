import AWS
import Foundation
import Support
import Testing

@Suite struct WorkerStopTests {
    private static let rows = 20_000
    private static let batchRows = ["SLUICE_BATCH_ROWS": "500"]

    @Test func stoppedLoadKeepsItsBatchesAndHandsTheMessageBack() throws {
        let cloud = try SimulatedCloud()
        try cloud.database.hold(atLine: 5_200)
        try cloud.put([Deliveries.billing(rows: Self.rows)])
        let loaded = try stopInMidLoad(cloud, Self.batchRows)
        #expect((5_200..<Self.rows).contains(loaded))
        #expect(try cloud.attributes().depth == 1)
        #expect(try cloud.attributes().inFlight == 0)

        try cloud.drain()
        #expect(try cloud.isQueueEmpty)
        #expect(try cloud.database.rowCount() == Self.rows)
        #expect(try cloud.database.isBalanced())
        #expect(try cloud.database.contents() == cloud.cleanLoad())
    }

    /// The batch is larger than the file, and the connection to S3 breaks while the load stands
    /// still: after the stop it is not taken up again.
    @Test func batchInHandIsCommitted() throws {
        let cloud = try SimulatedCloud()
        let billing = try Deliveries.billing(rows: Self.rows)
        try cloud.database.hold(atLine: 1_000)
        try cloud.put([billing])
        let proxy = try HTTPFaultProxy(
            to: .tcp(port: cloud.aws.port), fault: .cutReply(bodyBytes: billing.bytes.count / 2),
            at: .containing("BillingEventFeed", occurrence: 2))  // HEAD, GET
        let loaded = try stopInMidLoad(
            cloud, ["SLUICE_SWEEP_MINUTES": "0"], awsPort: proxy.port)
        #expect(proxy.fired?.kind == "GET")
        #expect((1_000..<Self.rows).contains(loaded))
        try cloud.drain()
        #expect(try cloud.database.contents() == cloud.cleanLoad())
    }

    /// Stops a worker whose load stands still, lets that go on, and returns the rows that are there.
    private func stopInMidLoad(
        _ cloud: SimulatedCloud, _ settings: [String: String], awsPort: Int? = nil
    ) throws -> Int {
        let worker = try cloud.startWorker([], awsPort: awsPort, settings)
        try #require(try cloud.waitForRow(ScratchDatabase.held, while: worker))
        worker.signal(SIGTERM)
        try worker.waitForOutput(containing: "finishing the batch in hand")
        try cloud.database.letGo()
        let stopped = worker.wait(limitSeconds: 30)
        #expect(stopped.succeeded, "\(stopped)")
        let loaded = try cloud.database.rowCount()
        #expect(try cloud.database.number("select rows from ingest.file") == loaded)
        #expect(try cloud.database.psql("select outcome from ingest.load") == "interrupted")
        return loaded
    }

    @Test func workerWithoutItsDatabaseStopsInGoodOrder() throws {
        let cloud = try SimulatedCloud()
        try cloud.database.hold(atLine: 100)
        try cloud.put([Deliveries.billing(rows: 200)])
        let proxy = try PostgresFaultProxy(to: .tcp(port: cloud.database.cluster.port))
        let worker = try cloud.startWorker(
            [], on: cloud.database.tcpConninfo(port: proxy.port), ["SLUICE_SWEEP_MINUTES": "0"])
        try #require(try cloud.waitForRow(ScratchDatabase.held, while: worker))
        proxy.stop()
        try worker.waitForOutput(containing: "trying again in 0.8 s")
        worker.signal(SIGTERM)
        let stopped = worker.wait(limitSeconds: 30)
        #expect(stopped.succeeded, "\(stopped)")
        #expect(stopped.standardError.contains("there is no summary"))
        #expect(try cloud.attributes().depth == 1)
        try cloud.database.letGo()
        try cloud.drain()
        #expect(try cloud.database.rowCount() == 200)
        #expect(try cloud.database.isBalanced())
    }

    @Test func idleWorkerStopsInTheMiddleOfALongPoll() throws {
        let cloud = try SimulatedCloud()
        let proxy = try HTTPFaultProxy(to: .tcp(port: cloud.aws.port))
        let worker = try cloud.startWorker([], awsPort: proxy.port)
        try proxy.waitForRequest("ReceiveMessage", while: worker)
        worker.signal(SIGTERM)
        // The poll itself lasts twenty seconds.
        let stopped = worker.wait(limitSeconds: 15)
        #expect(stopped.succeeded, "\(stopped)")
    }

    @Test func messageStaysInvisibleForAsLongAsItsLoadTakes() throws {
        let cloud = try SimulatedCloud()
        try cloud.database.hold(atLine: 100)
        try cloud.put([Deliveries.billing(rows: 200)])
        let proxy = try HTTPFaultProxy(to: .tcp(port: cloud.aws.port))
        let worker = try cloud.startWorker(
            awsPort: proxy.port, ["SLUICE_VISIBILITY_SECONDS": "2"])
        #expect(try cloud.waitForRow(ScratchDatabase.held, while: worker))
        // Three beats in two seconds: by the seventh a message that was not kept has come back.
        try proxy.waitForRequest("ChangeMessageVisibility", count: 7, while: worker)
        #expect(try cloud.attributes().depth == 0)
        #expect(try cloud.attributes().inFlight == 1)
        try cloud.database.letGo()
        let finished = worker.wait(limitSeconds: 30)
        #expect(finished.succeeded, "\(finished)")
        #expect(try cloud.isQueueEmpty)
        #expect(try cloud.database.rowCount() == 200)
    }

    @Test(arguments: [UInt64(1)])
    func killedWorkersLeaveNothingTwiceAndNothingOut(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let cloud = try SimulatedCloud()
        // A month of its own, so that the large file is one of its feed's.
        try cloud.put(
            Deliveries.last.get().filter { !$0.key.hasPrefix("BillingEvent") }
                + [Deliveries.billing(rows: Self.rows)])
        let settings = Self.batchRows.merging(["SLUICE_VISIBILITY_SECONDS": "1"]) { $1 }
        for _ in 1...10 {
            let start = try cloud.database.rowCount()
            let goal = start + Int.random(in: 0...2_000, using: &generator)
            let worker = try cloud.startWorker([], settings)
            let deadline = Date(timeIntervalSinceNow: 60)
            while worker.isRunning, try cloud.database.rowCount() < goal, Date() < deadline {
                usleep(5_000)  // a poll: a table cannot be waited for
            }
            usleep(UInt32.random(in: 0...50_000, using: &generator))  // to no particular point
            worker.signal(SIGKILL)
            #expect(worker.wait().ending == .killed(bySignal: SIGKILL))
        }
        try cloud.drain(settings)
        #expect(try cloud.isQueueEmpty)
        #expect(try cloud.database.contents() == cloud.cleanLoad())
        #expect(try cloud.database.isBalanced())
        #expect(try cloud.database.unfinishedFiles() == "")
        let interrupted = "select count(*) from ingest.load where outcome = 'interrupted'"
        #expect(try cloud.database.number(interrupted) > 0)
    }
}
