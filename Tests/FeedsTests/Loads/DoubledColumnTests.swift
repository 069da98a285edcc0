import Feeds
import Postgres
import Support
import Testing

/// Files with two titles that come to one column.
@Suite struct DoubledColumnTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench() }

    private static let values = "x,INVOICED,SALE,\(Delivery.day),\(Delivery.day)"
    private static let titles = "billing_event_id,action,transaction_type,valid_from,update_date"

    private static func file(_ header: String, _ rows: [String]) -> String {
        (["\(titles),\(header)"] + rows.map { "\(values),\($0)" }).map { $0 + "\n" }.joined()
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let header: String
        let row: String
        /// Of the table, as text.
        let stored: String
        let drift: [String]
        /// Whether it is a finding.
        let differs: Bool
    }

    @Test(
        "the first title is the column, and the other stays in extra",
        arguments: [
            Case(
                testDescription: "in another case", header: "amount,Amount", row: "1,2",
                stored: #"1 - {"Amount": "2"}"#, drift: ["Amount"], differs: true),
            Case(
                testDescription: "the column's own name comes second", header: "Amount,amount",
                row: "1,2", stored: #"1 - {"amount": "2"}"#, drift: ["amount"], differs: true),
            Case(
                testDescription: "the same title twice", header: "amount,amount", row: "1,2",
                stored: #"1 - {"amount (column 7)": "2"}"#, drift: ["amount (column 7)"],
                differs: true),
            Case(
                testDescription: "three of them", header: "amount,*Amount,AMOUNT", row: "1,1,3",
                stored: #"1 - {"AMOUNT": "3", "*Amount": "1"}"#, drift: ["*Amount", "AMOUNT"],
                differs: true),
            Case(
                testDescription: "equal values", header: "amount,Amount", row: "1,1",
                stored: #"1 - {"Amount": "1"}"#, drift: ["Amount"], differs: false),
            Case(
                testDescription: "nothing in the other", header: "amount,Amount", row: "1,",
                stored: "1 - -", drift: ["Amount"], differs: false),
            Case(
                testDescription: "nothing in the first", header: "amount,Amount", row: ",2",
                stored: #"- - {"Amount": "2"}"#, drift: ["Amount"], differs: true),
            Case(
                testDescription: "beside an unknown one", header: "currency,New,Currency",
                row: "USD,n,EUR", stored: #"- USD {"New": "n", "Currency": "EUR"}"#,
                drift: ["Currency", "New"], differs: true),
        ])
    func firstTitleIsTheColumn(_ test: Case) throws {
        let outcome = try bench.deliver(Self.file(test.header, [test.row]))
        #expect((outcome.rowsLoaded, outcome.rowsRejected) == (1, 0))
        let stored = try bench.text(
            """
            select concat_ws(' ', coalesce(amount::text, '-'), coalesce(currency, '-'),
                coalesce(extra::text, '-')) as text
            from sdds.billing_event where seller_id = $1
            """)
        #expect(stored == test.stored)
        let drift = try bench.texts(
            """
            select name as text from ingest.drift where seller_id = $1 and kind = 'unknown column'
            """)
        #expect(drift == test.drift.sorted())
        #expect(try findings().isEmpty != test.differs)
        try bench.expectClean()
    }

    /// Also where only the alias of a feed makes two titles one column.
    @Test func titleAndAliasOfOneColumn() throws {
        let key = "AgreementFeed_V1/year=2026/month=03/data.csv"
        let day = Delivery.day
        try bench.deliver(
            "agreement_id,acceptance_time,acceptancet_time,valid_from,update_date\n"
                + "a1,2026-01-02T03:04:05Z,2026-01-02T03:04:06Z,\(day),\(day)\n", as: key)
        let stored = try bench.text(
            """
            select acceptance_time || ' ' || extra as text from sdds.agreement where seller_id = $1
            """)
        #expect(
            stored == #"2026-01-02 03:04:05+00 {"acceptancet_time": "2026-01-02T03:04:06Z"}"#)
        #expect(try findings().count == 1)
    }

    /// What is no JSON stays in extra under its column's name, and another title may be that name.
    @Test func columnOfJSONAndItsDoubleKeepBothTexts() throws {
        try bench.deliver(
            "agreement_id,License Ids,license_ids,valid_from,update_date\n"
                + "a1,no JSON,other,\(Delivery.day),\(Delivery.day)\n",
            as: "AgreementFeed_V1/year=2026/month=03/data.csv")
        let extra = "select extra as text from sdds.agreement where seller_id = $1"
        #expect(
            try bench.text(extra)
                == #"{"license_ids": "no JSON", "license_ids (column 3)": "other"}"#)
    }

    @Test(arguments: [1, 100])
    func fileIsOneFindingWithItsRowsAndItsFirstLine(batchRows: Int) throws {
        bench.limits.batchRows = batchRows
        let rows = ["1,1", "2,3", "oops,9", "4,5", ",6"]
        try bench.deliver(Self.file("amount,Amount", Array(rows.prefix(4))))
        #expect(try counts() == ["amount Amount 2 2"])
        try bench.deliver(Self.file("amount,Amount", rows))
        #expect(try counts() == ["amount Amount 3 2"])
        let findings = try findings()
        #expect(findings.count == 1)
        let told = "has another value in 3 rows, first in version_id "
        #expect(findings.first?.contains(told) == true)
        try bench.expectClean()
    }

    @Test func findingEndsWithAVersionWithoutDifferences() throws {
        try bench.deliver(Self.file("amount,Amount", ["1,2"]))
        #expect(try findings().count == 1)
        #expect(try bench.deliver(Self.file("amount,Amount", ["1,1"])).kind == .rewritten)
        #expect(try findings().isEmpty)
    }

    @Test func snapshotsAndTheirNewerVersionsAreFindingsToo() throws {
        let header = "Product Code,product code,Customer Country\n"
        try bench.deliver(header + "p1,p2,x\np3,p4,x\n", as: Delivery.snapshotKey)
        #expect(try counts() == ["product_code product code 2 1"])
        try bench.deliver(header + "p1,p1,x\np3,p4,x\n", as: Delivery.snapshotKey)
        #expect(try counts() == ["product_code product code 1 2"])
        try bench.expectClean()
    }

    /// Values in extra are not from before the table had the column: nothing vanishes, none moves.
    @Test(arguments: ["amount,Amount", "Amount,amount", "amount,amount"])
    func rewrittenFileComparesThemAsTheyAre(header: String) throws {
        try bench.deliver(Self.file(header, ["1,2", ",3", "4,4"]))
        let rewritten = try bench.deliver(Self.file(header, ["9,9", "1,2", ",3", "4,4"]))
        #expect(rewritten.kind == .rewritten)
        #expect((rewritten.rowsLoaded, rewritten.rowsVanished) == (1, 0))
        try bench.expectClean()
    }

    /// Rows of a time when the table had no such column, under equal titles.
    @Test(arguments: ["Place,place", "place,Place", "Place,Place"])
    func rowsFromBeforeTheColumnAreReadAsTodays(header: String) throws {
        let database = try ScratchDatabase.create(from: LoadBench.schema)
        let bench = try LoadBench(on: database)
        try bench.deliver(Self.file(header, ["here,there", ",where"]))
        try database.psql("alter table sdds.billing_event add column place text")
        let rewritten = try bench.deliver(Self.file(header, ["new,new", "here,there", ",where"]))
        #expect(rewritten.kind == .rewritten)
        #expect((rewritten.rowsLoaded, rewritten.rowsVanished) == (1, 0))
    }

    private func counts() throws -> [String] {
        try bench.texts(
            """
            select concat_ws(' ', column_name, title, rows, line) as text
            from ingest.doubled_column where seller_id = $1
            """)
    }

    private func findings() throws -> [String] {
        try bench.texts(
            """
            select what as text from ingest.finding f join ingest.seller s on s.name = f.seller
            where seller_id = $1 and kind = 'doubled'
            """)
    }
}
