import AWS
import Foundation
import Support
import Testing

/// Messages of no known shape that name objects, at a worker.
@Suite struct NamedObjectTests {
    @Test(arguments: [0, 1])
    func objectIsLoadedAtOnceHoweverAMessageNamesIt(shape: Int) throws {
        let cloud = try SimulatedCloud(.none)
        let billing = try Deliveries.billing(rows: 3)
        // Nothing but the message leads there.
        let worker = try cloud.startWorker([], ["SLUICE_SWEEP_MINUTES": "0"])
        try cloud.put([billing])
        let place = "s3://\(cloud.bucket)/\(billing.key)"
        let bodies = [
            #"{"task": {"s3Bucket": "\#(cloud.bucket)", "s3Key": "\#(billing.key)"}}"#,
            "copied to \(place), 3 rows",
        ]
        try cloud.send([bodies[shape]])
        #expect(try cloud.waitForRow("ingest.file where is_complete", while: worker))
        worker.signal(SIGTERM)
        let stopped = worker.wait(limitSeconds: 30)
        #expect(stopped.succeeded, "\(stopped)")
        #expect(try cloud.database.messages() == [])
    }

    /// Whoever wrote the message may have meant anything: it is kept, and nothing is tried again.
    @Test func whatIsNotThereOrNotTheSellersIsNoTrouble() throws {
        let cloud = try SimulatedCloud(.none)
        let billing = try Deliveries.billing(rows: 3)
        let foreign = try cloud.makeForeignBucket()
        try cloud.put([billing], into: foreign)
        try cloud.send([
            #"{"bucket": "\#(cloud.bucket)", "key": "\#(billing.key)"}"#,
            "s3://\(foreign)/\(billing.key)",
        ])
        try cloud.drain()
        #expect(try cloud.database.messages() == ["unknown|unknown|2"])
        #expect(try cloud.database.number("select count(*) from ingest.file") == 0)
        #expect(try cloud.attributes(ofDeadLetters: true).depth == 0)
    }
}
