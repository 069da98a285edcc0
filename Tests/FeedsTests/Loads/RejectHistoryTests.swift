import Feeds
import Postgres
import Support
import Testing

/// Rejects, fixes, replays and versions in any order: in the end the tables are those of one clean
/// load of the newest version under the schema of the end.
@Suite struct RejectHistoryTests {
    /// A feed, rows for it, and fixes of its table that let some of them in.
    struct Subject: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let key: String
        let header: String
        /// What makes the table strict, and each fix; a fix may come twice.
        let strictness: String
        let fixes: [String]
        let row: @Sendable (inout SeededGenerator) -> String
    }

    private static let usage = "cas.daily_business_usage_by_instance_type"

    static let subjects = [
        Subject(
            testDescription: "log", key: Delivery.key, header: Delivery.header, strictness: "",
            fixes: [
                "alter table sdds.billing_event alter billing_event_id drop not null",
                "alter table sdds.billing_event alter valid_from drop not null",
            ],
            row: { random in
                let (id, amount) = ("e\(random.below(4))", "\(random.below(2)).5")
                let undated = { (id: String) in
                    "\(id),INVOICED,SALE,\(amount),USD,,,\(Delivery.day)"
                }
                return switch random.below(8) {
                case 0, 1: Delivery.event("", amount)
                case 2: undated(id)
                case 3: undated("")
                case 4: Delivery.event(id, "?")
                case 5: "\(id),INVOICED"
                default: Delivery.event(id, amount)
                }
            }),
        Subject(
            testDescription: "snapshot", key: Delivery.snapshotKey,
            header: Delivery.snapshotHeader,
            strictness: """
                alter table \(usage) alter product_title set not null, alter currency set not null
                """,
            fixes: [
                "alter table \(usage) alter product_title drop not null",
                "alter table \(usage) alter currency drop not null",
            ],
            row: { random in
                let revenue = ["1.5", "2.5", "?"][random.below(3)]
                let (title, currency) = (["", "P"][random.below(2)], ["", "USD"][random.below(2)])
                return "c\(random.below(4)),\(title),\(revenue),\(currency)"
            }),
    ]

    @Test("any history ends as a clean load does", arguments: subjects, 1...10)
    func anyHistoryEndsAsACleanLoad(subject: Subject, seed: UInt64) throws {
        let bench = try LoadBench(on: ScratchDatabase.create(from: LoadBench.schema))
        try bench.postgres.execute(subject.strictness)
        bench.limits.batchRows = 2
        bench.store.chunkBytes = 70
        var random = SeededGenerator(seed: seed)
        var rows: [String] = []
        for _ in 1...12 {
            switch random.below(6) {
            case 0: try bench.postgres.execute(subject.fixes[random.below(2)])
            case 1, 2: try replay(bench, &random)
            default:
                change(&rows, of: subject, &random)
                try deliver(rows, of: subject, to: bench, &random)
            }
            try bench.expectReconciled()
        }
        // The end, with a fix before or after the last version.
        for fix in subject.fixes where random.below(2) == 0 { try bench.postgres.execute(fix) }
        try bench.load(subject.key)
        for fix in subject.fixes { try bench.postgres.execute(fix) }
        try bench.replay()
        _ = try Decision.accept.apply(
            to: bench.name(of: subject.key), by: "tester", on: bench.postgres)
        try bench.expectClean()
        let waiting = try bench.tables()
        #expect(try bench.replay().moved == 0)
        #expect(try bench.tables() == waiting)
    }

    /// Rows at the end, others at the beginning, fewer, or in another order.
    private func change(
        _ rows: inout [String], of subject: Subject, _ random: inout SeededGenerator
    ) {
        let new = (0..<random.below(6)).map { _ in subject.row(&random) }
        switch random.below(5) {
        case 0: rows = new + rows
        case 1: rows = Array(rows.prefix(random.below(8))) + new
        case 2: rows = rows.reversed()
        default: rows += new
        }
    }

    /// A version that may break off.
    private func deliver(
        _ rows: [String], of subject: Subject, to bench: LoadBench,
        _ random: inout SeededGenerator
    ) throws {
        let text = subject.header + rows.map { $0 + "\n" }.joined()
        let isCompressed = random.below(3) == 0
        try bench.put(isCompressed ? gzip(text) : Array(text.utf8), as: subject.key)
        let last = random.below(3) == 0 ? random.below(text.utf8.count / 70 + 1) : Int.max
        bench.store.beforeChunk = { number in
            guard number > last else { return }
            throw StoreError(.unavailable, "the store is down")
        }
        defer { bench.store.beforeChunk = { _ in } }
        do {
            try bench.load(subject.key)
        } catch let error as LoadError {
            #expect(error.disposition == .retry)
        }
    }

    /// All of them, or those of one kind.
    private func replay(_ bench: LoadBench, _ random: inout SeededGenerator) throws {
        var selection = RejectSelection()
        if random.below(3) == 0 { selection.cause = "is empty, and it may not be" }
        if random.below(4) == 0 { selection.column = "valid_from" }
        let report = try bench.replay(selection, isDryRun: random.below(4) == 0)
        #expect(report.failures == [])
    }
}
