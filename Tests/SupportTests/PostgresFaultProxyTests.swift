import Foundation
import Support
import Testing

@Suite struct PostgresFaultProxyTests {
    private static let template = DatabaseTemplate { try $0.psql("create table t (a int)") }
    private let database: ScratchDatabase

    init() throws { database = try ScratchDatabase.create(from: Self.template) }

    /// Ten rows by COPY in a transaction.
    private static let load =
        "begin;\n\\copy t from program 'seq 10'\ninsert into t select 11;\ncommit;\n"

    // The server may still be ending a session: its lock on the table tells when it has.
    private static let countOnceFree = "begin; lock table t; select count(*) from t; commit"

    private func proxy(
        _ fault: PostgresFaultProxy.Fault = .cutBefore, at trigger: FaultTrigger = .never,
        counting: Set<PostgresOperation> = PostgresOperation.untilTerminate
    ) throws -> PostgresFaultProxy {
        try PostgresFaultProxy(
            to: .tcp(port: database.cluster.port), fault: fault, at: trigger, counting: counting)
    }

    private func psql(_ proxy: PostgresFaultProxy, _ sql: String) throws -> Finished {
        let options = ["-XAtq", "-v", "ON_ERROR_STOP=1", "-f", "-"]
        let conninfo = database.tcpConninfo(port: proxy.port)
        return try Command("psql", options + ["-d", conninfo], input: sql).run()
    }

    @Test func operationsAreCountedInOrder() throws {
        let proxy = try proxy()
        let done = try psql(proxy, Self.load)
        #expect(done.succeeded, "\(done)")
        let seen = proxy.operations.map { "\($0.kind) \($0.text)" }.filter { $0 != "CopyData " }
        #expect(
            seen == [
                "Startup ", "Query begin;", "Query COPY  t FROM STDIN ", "CopyDone ",
                "Query insert into t select 11;", "Query commit;",
            ])
        #expect(proxy.fired == nil)
    }

    @Test(arguments: PostgresFaultProxy.Fault.allCases)
    func theAnswerToCommitIsLostOrCommitItself(fault: PostgresFaultProxy.Fault) throws {
        let proxy = try proxy(fault, at: .containing("commit"))
        let done = try psql(proxy, Self.load)
        #expect(!done.succeeded)
        #expect(proxy.fired?.text == "commit;")
        let count = try database.psql(Self.countOnceFree)
        #expect(count == (fault == .cutBefore ? "0" : "11"))
    }

    /// The loop that a crash test runs: the n-th operation fails, for every n there is.
    @Test(arguments: PostgresFaultProxy.Fault.allCases)
    func everyOperationCanBeStruck(fault: PostgresFaultProxy.Fault) throws {
        var struck: [String] = []
        for number in 1...100 {
            let proxy = try proxy(fault, at: .operation(number))
            let done = try psql(proxy, Self.load)
            guard let fired = proxy.fired else { break }
            #expect(fired.number == number)
            #expect(!done.succeeded, "\(fired)")
            struck.append(fired.kind)
        }
        #expect(struck.first == "Startup")
        #expect(struck.last == "Query")
        let count = try #require(Int(try database.psql(Self.countOnceFree)))
        #expect(count % 11 == 0)
    }

    @Test func onlyChosenKindsCount() throws {
        let proxy = try proxy(at: .operation(2), counting: [.query, .copyDone])
        #expect(try !psql(proxy, Self.load).succeeded)
        #expect(proxy.fired?.text.hasPrefix("COPY") == true)
    }

    @Test(arguments: PostgresFaultProxy.Fault.allCases)
    func aStatementWithParametersIsOneOperation(fault: PostgresFaultProxy.Fault) throws {
        let proxy = try proxy(fault, at: .containing("insert"))
        let script = "/tmp/\(database.name).pgbench"
        defer { unlink(script) }
        try "insert into t values (:client_id);\n".write(
            toFile: script, atomically: true, encoding: .utf8)
        let bench = try Command(
            "/usr/lib/postgresql/15/bin/pgbench",
            [
                "-n", "-M", "extended", "-t", "1", "-f", script,
                database.tcpConninfo(port: proxy.port),
            ]
        ).run()
        #expect(!bench.succeeded)
        #expect(proxy.fired?.kind == "Sync")
        #expect(proxy.fired?.text == "insert into t values ($1);")
        let count = try database.psql(Self.countOnceFree)
        #expect(count == (fault == .cutBefore ? "0" : "1"))
    }

    @Test func aRequestForEncryptionPasses() throws {
        let proxy = try proxy(at: .containing("select 2"))
        let conninfo = database.tcpConninfo(port: proxy.port)
            .replacingOccurrences(of: "sslmode=disable", with: "sslmode=prefer")
        let first = try Command("psql", ["-XAtc", "select 1", "-d", conninfo]).run()
        #expect(first.standardOutput == "1\n", "\(first)")
        #expect(try !Command("psql", ["-XAtc", "select 2", "-d", conninfo]).run().succeeded)
    }
}
