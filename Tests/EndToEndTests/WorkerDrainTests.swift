import Support
import Testing

@Suite struct WorkerDrainTests {
    @Test(arguments: [SimulatedCloud.Announcement.direct, .wrapped, .raw])
    func everyDaysDeliveryIsLoadedOnce(_ announcement: SimulatedCloud.Announcement) throws {
        let cloud = try SimulatedCloud(announcement)
        for day in try Deliveries.days.get() {
            try cloud.put(day)
            try cloud.drain()
            #expect(try cloud.isQueueEmpty)
        }
        #expect(try cloud.database.contents() == cloud.cleanLoad())
        #expect(try cloud.database.isBalanced())
        #expect(try cloud.database.unfinishedFiles() == "")
        #expect(try cloud.database.rowCount() > 100)
    }

    @Test func secondRunLoadsNothing() throws {
        let cloud = try SimulatedCloud()
        try cloud.put(Deliveries.last.get())
        try cloud.drain()
        let loads = try cloud.database.number("select count(*) from ingest.load")
        #expect(loads > 0)
        let second = try cloud.drain()
        #expect(second.standardOutput.contains("0 files in 0 loads"))
        #expect(try cloud.database.number("select count(*) from ingest.load") == loads)
    }

    @Test func fourWorkersOnOneQueueWithDuplicatesLoadEachRowOnce() throws {
        let cloud = try SimulatedCloud(.none)
        var generator = SeededGenerator(seed: 4)
        for day in try Deliveries.days.get() {
            try cloud.put(day)
            let announced = try day.map {
                try MessageShape.s3Event.body($0.key, in: cloud.bucket)
            }
            try cloud.send((announced + announced + announced).shuffled(using: &generator))
            let workers = try (1...4).map { _ in try cloud.startWorker() }
            for worker in workers {
                let finished = worker.wait(limitSeconds: 120)
                #expect(finished.succeeded, "\(finished)")
            }
            #expect(try cloud.isQueueEmpty)
        }
        #expect(try cloud.database.contents() == cloud.cleanLoad())
        #expect(try cloud.database.isBalanced())
        #expect(try cloud.database.unfinishedFiles() == "")
    }
}
