import Foundation
import Support
import Testing

@Suite struct SweepTests {
    @Test func drainLoadsWhatNobodyAnnounced() throws {
        let cloud = try SimulatedCloud(.none)
        try cloud.put(Deliveries.last.get())
        try cloud.drain()
        #expect(try cloud.database.contents() == cloud.cleanLoad())
        #expect(try cloud.database.number("select count(*) from ingest.sweep") == 1)
    }

    @Test func workerSweepsAtOnceWhereNoSweepIsOnRecord() throws {
        let cloud = try SimulatedCloud(.none)
        try cloud.put(Deliveries.last.get())
        let worker = try cloud.startWorker([])
        #expect(try cloud.waitForRow("ingest.sweep", while: worker))
        #expect(try stop(worker).succeeded)
        #expect(try cloud.database.contents() == cloud.cleanLoad())
    }

    /// Nothing happens where nothing may, so a file that was announced shows that time has passed.
    @Test(
        arguments: [
            // Minutes between sweeps, minutes since the last one, whether one is made.
            (60, 59, false), (60, 61, true), (0, 61, false), (100_000, 61, false),
        ])
    func sweepIsMadeSoLongAfterTheLast(minutes: Int, ago: Int, isDue: Bool) throws {
        let cloud = try SimulatedCloud(.none)
        let billing = try Deliveries.billing(rows: 3)
        try cloud.put([billing])
        try cloud.database.psql(
            """
            insert into ingest.sweep (seller_id, location, finished_at, listed, found)
            select seller_id, '\(cloud.bucket)', now() - interval '\(ago) minutes', 0, 0
            from ingest.seller
            """)
        let proxy = try HTTPFaultProxy(to: .tcp(port: cloud.aws.port))
        let worker = try cloud.startWorker(
            [], awsPort: proxy.port, ["SLUICE_SWEEP_MINUTES": "\(minutes)"])
        if isDue {
            #expect(
                try cloud.waitForRow("ingest.sweep where listed = 1", while: worker))
        } else {
            try cloud.send([MessageShape.s3Event.body(billing.key, in: cloud.bucket)])
            #expect(try cloud.waitForRow("sdds.billing_event", while: worker))
        }
        #expect(try stop(worker).succeeded)
        let listings = proxy.operations.filter { $0.text.contains("list-type=2") }
        #expect(listings.isEmpty == !isDue)
        #expect(try cloud.database.number("select count(*) from sdds.billing_event") == 3)
    }

    private func stop(_ worker: ChildProcess) throws -> Finished {
        worker.signal(SIGTERM)
        return worker.wait(limitSeconds: 15)
    }
}
