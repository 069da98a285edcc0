import AWS
import Foundation
import Support
import Testing

/// The n-th thing that a worker asks of the world fails: what it loads is the same.
@Suite struct WorkerFaultTests {
    /// Runs side by side: most of their time is spent waiting.
    private static let lanes = 3

    /// Every request fails in two of the four ways: half of the numbers for each.
    @Test(
        arguments: zip(
            [
                HTTPFaultProxy.Fault.cutBefore, .cutReply(bodyBytes: 100), .loseReply,
                .answer(status: 503, body: "<Error><Code>SlowDown</Code></Error>"),
            ], [1, 2, 1, 2]))
    func anyRequestToAWSMayFail(_ fault: HTTPFaultProxy.Fault, from first: Int) throws {
        let clean = try Self.cleanLoad.get()
        let count = try Self.requestCount.get()
        #expect(count > 8)
        for numbers in Self.laps(stride(from: first, through: count, by: 2)) {
            let runs = try numbers.map { number in
                let cloud = try Self.preparedCloud()
                let proxy = try HTTPFaultProxy(
                    to: .tcp(port: cloud.aws.port), fault: fault, at: .operation(number))
                return (cloud, proxy, try cloud.startWorker(awsPort: proxy.port, Self.settings))
            }
            for (cloud, proxy, worker) in runs {
                let finished = worker.wait(limitSeconds: 60)
                let place: Comment = "\(fault) at \(proxy.fired?.description ?? "none")"
                #expect(finished.succeeded, "\(place): \(finished)")
                #expect(try cloud.isQueueEmpty, place)
                #expect(try cloud.database.contents() == clean, place)
                #expect(try cloud.database.isBalanced(), place)
            }
        }
    }

    @Test(arguments: PostgresFaultProxy.Fault.allCases)
    func anyOperationOfPostgresMayFail(_ fault: PostgresFaultProxy.Fault) throws {
        let clean = try Self.cleanLoad.get()
        let counted = try Self.operations.get()
        // Before this the worker has not begun, and says at once that there is no database.
        let first = try #require(counted.firstIndex { $0.text.contains("ingest.file") })
        let step = max(1, (counted.count - first) / Self.postgresRuns)
        let chosen = stride(from: first + 1, through: counted.count, by: step)
        for numbers in Self.laps(chosen) {
            let runs = try numbers.map { number in
                let cloud = try Self.preparedCloud()
                let server = Endpoint.tcp(port: cloud.database.cluster.port)
                let proxy = try PostgresFaultProxy(
                    to: server, fault: fault,
                    at: .operation(number))
                let conninfo = cloud.database.tcpConninfo(port: proxy.port)
                return (cloud, proxy, try cloud.startWorker(on: conninfo, Self.settings))
            }
            for (cloud, proxy, worker) in runs {
                let finished = worker.wait(limitSeconds: 60)
                let place: Comment = "\(fault) at \(proxy.fired?.description ?? "none")"
                #expect(finished.succeeded, "\(place): \(finished)")
                #expect(try cloud.isQueueEmpty, place)
                #expect(try cloud.database.contents() == clean, place)
                #expect(try cloud.database.isBalanced(), place)
                #expect(try cloud.database.unfinishedFiles() == "", place)
            }
        }
    }

    @Test func crashOfTheServerIsSatOut() throws {
        let cluster = try PrivateCluster(
            settings: ["synchronous_commit": "on", "full_page_writes": "on"])
        let database = try ScratchDatabase(on: cluster)
        let migrated = try Program().run(["migrate", "--database", database.conninfo])
        try #require(migrated.succeeded, "\(migrated)")
        let cloud = try SimulatedCloud(database: database)
        try cloud.put(
            Deliveries.last.get().filter { !$0.key.hasPrefix("BillingEvent") }
                + [Deliveries.billing(rows: 10_000)])
        try database.hold(atLine: 5_200)
        let worker = try cloud.startWorker(["--drain"], ["SLUICE_BATCH_ROWS": "500"])
        #expect(try cloud.waitForRow(ScratchDatabase.held, while: worker))
        try cluster.crash()
        try database.letGo()
        let finished = worker.wait(limitSeconds: 120)
        #expect(finished.succeeded, "\(finished)")
        #expect(finished.standardError.contains("the database is in trouble, trying again"))
        #expect(try cloud.isQueueEmpty)
        #expect(try database.contents() == cloud.cleanLoad())
        #expect(try database.isBalanced())
        #expect(try database.unfinishedFiles() == "")
    }

    private static let postgresRuns = 9

    /// One file at a time, so that the n-th operation is the same one each time; and messages whose
    /// receipt got lost come back soon.
    private static let settings = [
        "SLUICE_FILES": "1", "SLUICE_VISIBILITY_SECONDS": "2", "SLUICE_BATCH_ROWS": "20",
        "SLUICE_RETRY_SECONDS": "1",
    ]

    private static let objects = Result {
        let all = try Deliveries.last.get()
        let snapshot = try #require(all.first { $0.isSnapshot && !$0.isMetadata })
        return [try Deliveries.billing(rows: 50), snapshot]
    }

    private static func preparedCloud() throws -> SimulatedCloud {
        let cloud = try SimulatedCloud()
        try cloud.put(objects.get())
        return cloud
    }

    private static let cleanLoad = Result { try preparedCloud().cleanLoad() }

    private static let requestCount = Result {
        let cloud = try preparedCloud()
        let proxy = try HTTPFaultProxy(to: .tcp(port: cloud.aws.port))
        try cloud.drain(awsPort: proxy.port, settings)
        return proxy.operations.count
    }

    private static let operations = Result {
        let cloud = try preparedCloud()
        let proxy = try PostgresFaultProxy(to: .tcp(port: cloud.database.cluster.port))
        try cloud.drain(on: cloud.database.tcpConninfo(port: proxy.port), settings)
        return proxy.operations
    }

    private static func laps(_ numbers: some Sequence<Int>) -> [ArraySlice<Int>] {
        let all = Array(numbers)
        return stride(from: 0, to: all.count, by: lanes).map {
            all[$0..<min($0 + lanes, all.count)]
        }
    }
}
