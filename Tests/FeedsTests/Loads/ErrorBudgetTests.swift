import Feeds
import Foundation
import Postgres
import Support
import Testing

/// How many rejects a load may have.
@Suite struct ErrorBudgetTests {
    private let bench: LoadBench

    /// A database of its own, because budgets are of all sellers.
    init() throws {
        bench = try LoadBench(on: ScratchDatabase.create(from: LoadBench.schema))
    }

    private static let bad = "\(Delivery.event("x", "?"))\n"

    private func allow(_ rows: Int?, _ share: String? = nil, of key: String) throws {
        let feed = try #require(try Feed.of(key: key, on: bench.postgres))
        try ErrorBudget.set(
            feed: feed.name, rowsMax: rows, shareMax: share, by: "tester", on: bench.postgres)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var key = Delivery.key
        /// What is loaded before there is a budget.
        var before: String?
        /// Members of the version that is judged.
        let members: [String]
        var isCompressed = false
        let rows: Int?
        var share: String?
        /// What the message counts, where the load is given up.
        let rejected: String

        func bytes() throws -> [UInt8] {
            let texts = members.map { Array($0.utf8) }
            return try isCompressed ? gzip(texts) : Array(texts.joined())
        }
    }

    static let beyond = [
        Case(
            testDescription: "a plain log of several batches",
            members: [Delivery.month(1...9), bad, Delivery.events(11...19), bad],
            rows: 1, rejected: "2 of the first 20 records"),
        Case(
            testDescription: "a share of it", members: [Delivery.month(1...7), bad],
            rows: nil, share: "0.1249", rejected: "1 of 8 records"),
        Case(
            testDescription: "either limit", members: [Delivery.month(1...7), bad],
            rows: 5, share: "0.1", rejected: "1 of 8 records"),
        Case(
            testDescription: "no reject at all is allowed", members: [Delivery.header, bad],
            rows: 0, rejected: "1 of the first 1 records"),
        Case(
            testDescription: "members of a gzip log",
            members: [Delivery.month(1...4), Delivery.events(5...6), bad + bad],
            isCompressed: true, rows: 1, rejected: "2 of the first 8 records"),
        Case(
            testDescription: "what is new of a log that has grown",
            before: Delivery.month(1...2) + bad,
            members: [Delivery.month(1...2), bad, Delivery.events(3...4), bad, bad],
            rows: 1, rejected: "2 of the first 4 records"),
        Case(
            testDescription: "what is new of a rewritten log", before: Delivery.month(1...3) + bad,
            members: [Delivery.month([3, 1]), bad, bad, bad],
            rows: 1, rejected: "2 of 5 records"),
        Case(
            testDescription: "a snapshot", key: Delivery.snapshotKey,
            before: Delivery.snapshot(1...3), members: [Delivery.snapshot(2...4), bad, bad],
            rows: 1, rejected: "2 of the first 5 records"),
    ]

    @Test("a load with more rejects than its budget allows leaves nothing", arguments: beyond)
    func loadBeyondTheBudgetLeavesNothing(_ test: Case) throws {
        bench.limits.batchRows = 3
        bench.store.chunkBytes = 50
        if let before = test.before { try bench.deliver(before, as: test.key) }
        let (tables, states) = (try bench.tables(), try bench.states())
        try allow(test.rows, test.share, of: test.key)
        let complaint = try bench.complaint(test.bytes(), as: test.key)
        #expect(
            complaint.hasPrefix("\(bench.name(of: test.key)): \(test.rejected) were rejected, "),
            "\(complaint)")
        let after = try bench.tables()
        #expect(after.rows == tables.rows)
        #expect(after.rejects == tables.rejects)
        #expect(try bench.states() == states)
        if test.before != nil { #expect(after.checkpoints == tables.checkpoints) }
        #expect(try bench.outcomes().last == "failed")
        try bench.expectReconciled()
        // Without the budget all of it is loaded.
        try allow(nil, of: test.key)
        try bench.load(test.key)
        try bench.expectClean(exceptVanished: true)
    }

    static let within = [
        Case(
            testDescription: "as many rejects as allowed",
            members: [Delivery.month(1...9), bad, Delivery.events(11...19), bad],
            rows: 2, rejected: ""),
        Case(
            testDescription: "exactly the share", members: [Delivery.month(1...7), bad],
            rows: nil, share: "0.125", rejected: ""),
        Case(
            testDescription: "29 % of 100, which floating point would refuse",
            members: [Delivery.month(1...71)] + Array(repeating: bad, count: 29),
            rows: nil, share: "0.29", rejected: ""),
        Case(
            testDescription: "rejects that a rewritten log had already",
            before: Delivery.month(1...3) + bad + bad,
            members: [Delivery.month([3, 1]), bad, bad],
            rows: 0, rejected: ""),
        Case(
            testDescription: "a snapshot", key: Delivery.snapshotKey,
            before: Delivery.snapshot(1...3), members: [Delivery.snapshot(2...4), bad],
            rows: 1, rejected: ""),
    ]

    @Test("a load within its budget is loaded", arguments: within)
    func loadWithinTheBudgetIsLoaded(_ test: Case) throws {
        bench.limits.batchRows = 3
        if let before = test.before { try bench.deliver(before, as: test.key) }
        try allow(test.rows, test.share, of: test.key)
        try bench.deliver(test.bytes(), as: test.key)
        try allow(nil, of: test.key)
        try bench.expectClean(exceptVanished: true)
    }

    /// A share is judged with each reject once it says something.
    @Test func hopelessFileEndsEarly() throws {
        try allow(nil, "0.01", of: Delivery.key)
        let few = Delivery.header + String(repeating: Self.bad, count: 9_000)
        #expect(try bench.complaint(few).contains(": 9000 of 9000 records were rejected"))
        let many = few + String(repeating: Self.bad, count: 9_000)
        #expect(
            try bench.complaint(many).contains(": 10000 of the first 10000 records were rejected"))
    }

    @Test func fileThatBreaksOffKeepsNothingUnderABudget() throws {
        try allow(5, of: Delivery.key)
        bench.limits.batchRows = 2
        let complaint = try bench.complaint(Delivery.month(1...5) + "\"x\"y")
        #expect(complaint.contains("line 7, byte "))
        #expect(try bench.tables().rows == [])
        try bench.expectReconciled()
        try bench.deliver(Delivery.month(1...6))
        try bench.expectClean()
    }

    @Test func threeMostFrequentCausesAreTold() throws {
        try allow(7, of: Delivery.key)
        let rows =
            Array(repeating: Delivery.event("x", "?"), count: 3)
            + Array(repeating: Delivery.event(""), count: 2)
            + ["x,y", "x", Delivery.event("x", "1", "U\0D")]
        let complaint = try bench.complaint(Delivery.header + rows.joined(separator: "\n"))
        #expect(
            complaint.contains(
                "the budget of sdds.billing_event allows 7 records: amount is not numeric (3, "
                    + "first on line 2); billing_event_id is empty, and it may not be (2, first on "
                    + "line 5); a record has not as many fields as the header (2, first on line "
                    + "7). Nothing of this load was kept. "), "\(complaint)")
    }

    /// One transaction, but it can still be asked to stop.
    @Test func longLoadUnderABudgetStops() throws {
        try allow(5, of: Delivery.key)
        bench.limits.batchRows = 10
        bench.isStopping = { true }
        try bench.put(Delivery.header + Delivery.events(1...10_001))
        #expect { try bench.load() } throws: { error in
            (error as? LoadError)?.disposition == .stop
        }
        #expect(try bench.tables().rows == [])
        #expect(try bench.outcomes() == ["interrupted"])
    }
}
