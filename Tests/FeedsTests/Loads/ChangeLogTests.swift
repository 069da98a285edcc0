import Dispatch
import Feeds
import Foundation
import Postgres
import Support
import Synchronization
import Testing

/// Files of operations, and what those of all files come to.
@Suite struct ChangeLogTests {
    private static let header =
        "Product Id,Product Code,Customer Guid,Subscription Guid,Subscription Start Date,Organization,"
        + "AWS Customer Id,Given Name,Surname,Telephone Number,Email,Title,Country Code,ZIP Code,"
        + "Operation Time,Operation Type\n"
    private static let content =
        "concat_ws(' ', customer_guid, subscription_guid, surname, operation_time::time, operation_type)"

    /// The record of one operation on a customer's subscription, at so many seconds.
    private struct Operation: Equatable {
        let customer: Int
        let subscription: Int
        let second: Int
        let type: String
        var name = "Müller"

        var record: String {
            let isErasure = type == "DELETE"
            let personal = isErasure ? ",,,,," : "Ann,\(name),0123,a@example.com,CEO,DE"
            let time = "2022-01-01T00:00:\(second < 10 ? "0" : "")\(second).000Z"
            return "p,code,c\(customer),s\(customer)\(subscription),2021-01-01T00:00:00.000Z,"
                + "\(isErasure ? "" : "Org"),000000000001,\(personal),\(isErasure ? "" : "02139"),"
                + "\(time),\(type)\n"
        }

        var row: String {
            let time = "00:00:\(second < 10 ? "0" : "")\(second)"
            return "c\(customer) s\(customer)\(subscription) "
                + (type == "DELETE" ? "" : "\(name) ") + "\(time) \(type)"
        }
    }

    private static func key(_ export: Int) -> String {
        "contacts/customer_support_contacts_data_2022-01-\(export < 10 ? "0" : "")\(export)"
            + "T00-00-00Z.csv"
    }

    private static func file(_ operations: [Operation]) -> String {
        header + operations.map(\.record).joined()
    }

    private func rows(_ bench: LoadBench) throws -> [String] {
        try bench.texts(
            """
            select \(Self.content) as text from cas.customer_support_contacts_data
            where seller_id = $1
            """)
    }

    @Test func newestOperationOfASubscriptionStays() throws {
        let bench = try LoadBench()
        let first = Operation(customer: 1, subscription: 1, second: 1, type: "CREATE")
        let other = Operation(customer: 1, subscription: 2, second: 2, type: "CREATE")
        let newer = Operation(
            customer: 1, subscription: 1, second: 3, type: "UPDATE", name: "Žižek")
        let loaded = try bench.deliver(Self.file([first, other]), as: Self.key(1))
        #expect((loaded.kind, loaded.rowsLoaded, loaded.rowsRemoved) == (.loaded, 2, 0))
        let extended = try bench.deliver(Self.file([newer]), as: Self.key(2))
        #expect((extended.rowsLoaded, extended.rowsRemoved) == (1, 1))
        #expect(try rows(bench) == [newer.row, other.row].sorted())
        // An older export that comes last changes nothing.
        let late = try bench.deliver(Self.file([first]), as: Self.key(3))
        #expect((late.rowsLoaded, late.rowsRemoved) == (1, 1))
        #expect(try rows(bench) == [newer.row, other.row].sorted())
        try bench.expectReconciled()
    }

    @Test func deletionErasesTheCustomerAndNothingOlderComesBack() throws {
        let bench = try LoadBench()
        let olds = [1, 2].map {
            Operation(customer: 1, subscription: $0, second: $0, type: "CREATE")
        }
        let erasure = Operation(customer: 1, subscription: 1, second: 3, type: "DELETE")
        let neighbour = Operation(customer: 2, subscription: 1, second: 1, type: "CREATE")
        try bench.deliver(Self.file(olds + [neighbour]), as: Self.key(1))
        try bench.deliver(Self.file([erasure]), as: Self.key(2))
        #expect(try rows(bench) == [erasure.row, neighbour.row])
        try bench.deliver(Self.file(olds), as: Self.key(3))
        #expect(try rows(bench) == [erasure.row, neighbour.row])
        // A contact that is given anew does not make the older ones known again.
        let anew = Operation(customer: 1, subscription: 1, second: 4, type: "CREATE", name: "New")
        try bench.deliver(Self.file([anew]), as: Self.key(4))
        try bench.deliver(Self.file(olds), as: Self.key(5))
        #expect(try rows(bench) == [anew.row, erasure.row, neighbour.row].sorted())
        try bench.expectReconciled()
    }

    @Test func deletionIsEmptiedOfPersonalData() throws {
        let bench = try LoadBench()
        var record = Operation(customer: 1, subscription: 1, second: 1, type: "CREATE").record
        record.replace("CREATE", with: "DELETE")
        record.replace("\n", with: ",secret\n")
        var header = Self.header
        header.replace("\n", with: ",Note\n")
        try bench.deliver(header + record, as: Self.key(1))
        let kept = try bench.text(
            """
            select jsonb_strip_nulls(to_jsonb(t))::text as text
            from cas.customer_support_contacts_data t where seller_id = $1
            """)
        for text in ["Org", "Ann", "Müller", "0123", "a@example", "CEO", "02139", "secret"] {
            #expect(!kept.contains(text))
        }
        #expect(kept.contains("\"customer_guid\": \"c1\""))
    }

    @Test func newerVersionOfAFileReplacesItsRows() throws {
        let bench = try LoadBench()
        let wrong = Operation(
            customer: 1, subscription: 1, second: 5, type: "UPDATE", name: "Wrong")
        let right = Operation(
            customer: 1, subscription: 1, second: 5, type: "UPDATE", name: "Right")
        try bench.deliver(Self.file([wrong]), as: Self.key(1))
        let outcome = try bench.deliver(Self.file([right]), as: Self.key(1))
        #expect((outcome.kind, outcome.rowsLoaded, outcome.rowsRemoved) == (.replaced, 1, 1))
        #expect(try rows(bench) == [right.row])
        #expect(try bench.load(Self.key(1)).kind == .unchanged)
        try bench.expectReconciled()
    }

    @Test func oneSellersDeletionIsNotAnothers() throws {
        let bench = try LoadBench()
        let other = try LoadBench()
        let contact = Operation(customer: 1, subscription: 1, second: 1, type: "CREATE")
        let erasure = Operation(customer: 1, subscription: 1, second: 2, type: "DELETE")
        try other.deliver(Self.file([contact]), as: Self.key(1))
        try bench.deliver(Self.file([contact, erasure]), as: Self.key(1))
        #expect(try rows(bench) == [erasure.row])
        #expect(try rows(other) == [contact.row])
    }

    // MARK: Any order

    /// Which operations there should be at the end, worked out one by one.
    private static func settled(_ operations: [Operation]) -> [Operation] {
        var kept: [Operation] = []
        for customer in Set(operations.map(\.customer)) {
            let own = operations.filter { $0.customer == customer }
            let erasure = own.filter { $0.type == "DELETE" }.max { $0.second < $1.second }
            if let erasure { kept.append(erasure) }
            for subscription in Set(own.map(\.subscription)) {
                let newest = own.filter {
                    $0.subscription == subscription && $0.type != "DELETE"
                        && $0.second > erasure?.second ?? -1
                }.max { $0.second < $1.second }
                if let newest { kept.append(newest) }
            }
        }
        return kept
    }

    /// Operations of three customers with overlapping exports, in which each second has at most one.
    private static func exports(_ random: inout SeededGenerator) -> [[Operation]] {
        let operations = (1...30).map { second in
            Operation(
                customer: Int.random(in: 1...3, using: &random),
                subscription: Int.random(in: 1...2, using: &random), second: second,
                type: ["CREATE", "UPDATE", "UPDATE", "UPDATE", "DELETE"].randomElement(
                    using: &random) ?? "", name: "N\(second)")
        }
        // The last operation of each record in a span of time is what an export shows.
        return (1...6).map { _ in
            let end = Int.random(in: 10...30, using: &random)
            let span = operations[Int.random(in: 0..<end, using: &random)..<end]
            let newest = Dictionary(
                span.map { ("\($0.customer) \($0.subscription)", $0) }, uniquingKeysWith: { $1 })
            return newest.values.sorted { $0.second < $1.second }.shuffled(using: &random)
        }
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func orderOfArrivalDoesNotMatter(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let exports = Self.exports(&random)
        let expected = Self.settled(exports.flatMap(\.self)).map(\.row).sorted()
        for _ in 1...3 {
            let bench = try LoadBench()
            for (number, export) in exports.enumerated().shuffled(using: &random) {
                try bench.deliver(Self.file(export), as: Self.key(number + 1))
            }
            #expect(try rows(bench) == expected)
            try bench.expectReconciled()
        }
    }

    /// Two exports of the same contact, told apart by content only, come to the same row.
    @Test func operationsOfOneMomentAreSettledAlikeInAnyOrder() throws {
        let one = Operation(customer: 1, subscription: 1, second: 1, type: "CREATE")
        let two = Operation(customer: 1, subscription: 1, second: 1, type: "UPDATE", name: "Žižek")
        var outcomes: Set<[String]> = []
        for order in [[one, two], [two, one]] {
            let bench = try LoadBench()
            for (number, operation) in order.enumerated() {
                try bench.deliver(Self.file([operation]), as: Self.key(number + 1))
            }
            outcomes.insert(try rows(bench))
        }
        #expect(outcomes.count == 1)
        #expect(outcomes.first?.count == 1)
    }

    @Test func exportsThatAreLoadedAtOnceSeeEachOther() throws {
        let bench = try LoadBench()
        let contacts = (1...9).map {
            Operation(customer: 1, subscription: 1, second: $0, type: "UPDATE", name: "N\($0)")
        }
        for contact in contacts {
            try bench.put(Array(Self.file([contact]).utf8), as: Self.key(contact.second))
        }
        let (conninfo, sellerID) = (bench.database.conninfo, bench.sellerID)
        let (path, bucket) = (bench.directory.path, bench.bucket)
        let problems = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: contacts.count) { index in
            do {
                let postgres = try PostgresConnection(conninfo)
                let key = Self.key(index + 1)
                let feed = try #require(try Feed.of(key: key, on: postgres))
                let loader = Loader(
                    postgres: postgres, store: try DirectoryStore(path: path, bucket: bucket),
                    limits: LoadLimits(), worker: "bench")
                _ = try loader.load(File(sellerID: sellerID, bucket: bucket, key: key), as: feed)
            } catch {
                problems.withLock { $0.append("\(error)") }
            }
        }
        #expect(problems.withLock { $0 } == [])
        #expect(try rows(bench) == [contacts[8].row])
        try bench.expectReconciled()
    }

    /// Whoever inserts: a transaction that is not yet committed is waited for.
    @Test func insertionsTakeTurns() throws {
        let bench = try LoadBench()
        func insert(second: Int) -> String {
            """
            insert into cas.customer_support_contacts_data (seller_id, version_id, line, product_id,
                product_code, customer_guid, subscription_guid, subscription_start_date,
                aws_customer_id, operation_time, operation_type)
            select \(bench.sellerID), -1, \(second), 'p', 'c', 'c1', 's11', now(), '1',
                '2022-01-01T00:00:0\(second)Z', 'UPDATE'
            """
        }
        let first = try PostgresConnection(bench.database.conninfo)
        try first.begin()
        try first.execute(insert(second: 2))
        let (conninfo, statement) = (bench.database.conninfo, insert(second: 1))
        let session = Mutex<Int32?>(nil)
        let ended = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            defer { ended.signal() }
            // A failure leaves a row too few, or one too many.
            guard let second = try? PostgresConnection(conninfo) else { return }
            session.withLock { $0 = second.backendPID }
            try? second.execute(statement)
        }
        let deadline = Date() + 30
        while try !isWaiting(bench, session.withLock { $0 }), Date() < deadline { usleep(1_000) }
        #expect(try isWaiting(bench, session.withLock { $0 }))
        try first.commit()
        ended.wait()
        #expect(try rows(bench) == ["c1 s11 00:00:02 UPDATE"])
    }

    private func isWaiting(_ bench: LoadBench, _ session: Int32?) throws -> Bool {
        try bench.postgres.query(
            "select cardinality(pg_blocking_pids($1::integer)) > 0 as waiting",
            [.int(Int64(session ?? 0))]
        ).only().bool("waiting")
    }
}
