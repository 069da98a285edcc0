import Foundation
import Support
import Testing

@Suite struct FaultProxyTests {
    private func psql(_ database: ScratchDatabase, _ port: Int, _ sql: String) throws -> Finished {
        let arguments = ["-XAtq", "-d", database.tcpConninfo(port: port), "-c", sql]
        return try Command("psql", arguments).run()
    }

    @Test func everythingPassesWithoutAFault() throws {
        let database = try ScratchDatabase.create()
        for endpoint in [
            Endpoint.tcp(port: database.cluster.port),
            .unix(path: "\(database.cluster.socketDirectory)/.s.PGSQL.\(database.cluster.port)"),
        ] {
            let proxy = try FaultProxy(to: endpoint)
            let done = try psql(database, proxy.port, "select repeat('x', 1000000)")
            #expect(done.standardOutput.utf8.count == 1_000_001, "\(done.standardError)")
            #expect(!proxy.fired)
        }
    }

    @Test func theNthConnectionIsRefused() throws {
        let database = try ScratchDatabase.create()
        let proxy = try FaultProxy(
            to: .tcp(port: database.cluster.port), fault: .refuse(connection: 2))
        let ends = try (1...3).map { _ in try psql(database, proxy.port, "select 1").succeeded }
        #expect(ends == [true, false, true])
        #expect(proxy.fired)
    }

    @Test(arguments: [FaultProxy.Direction.toServer, .toClient], [0, 1, 50])
    func aConnectionEndsAfterSoManyBytes(direction: FaultProxy.Direction, bytes: Int) throws {
        let database = try ScratchDatabase.create()
        let proxy = try FaultProxy(
            to: .tcp(port: database.cluster.port),
            fault: .cut(connection: 1, afterBytes: bytes, direction))
        #expect(try !psql(database, proxy.port, "select 1").succeeded)
        #expect(proxy.fired)
        #expect(try psql(database, proxy.port, "select 1").succeeded)
    }

    @Test func aStoppedProxyRefuses() throws {
        let database = try ScratchDatabase.create()
        let proxy = try FaultProxy(to: .tcp(port: database.cluster.port))
        let port = proxy.port
        proxy.stop()
        #expect(try !psql(database, port, "select 1").succeeded)
    }
}
