import Feeds
import Postgres
import Support
import Testing

/// What a file's first record says about the rest.
@Suite struct HeaderTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench() }

    private static let values = "x,INVOICED,SALE,\(Delivery.day),\(Delivery.day)"
    private static let titles = "billing_event_id,action,transaction_type,valid_from,update_date"

    @Test func columnsMayComeInAnyOrder() throws {
        try bench.deliver(
            "currency,update_date,valid_from,amount,transaction_type,action,billing_event_id\n"
                + "USD,2026-03-02T00:00:00Z,2026-03-01T00:00:00Z,7,SALE,INVOICED,x\n")
        #expect(
            try row(
                "billing_event_id, action, amount, currency, valid_from::date, update_date::date")
                == "x INVOICED 7 USD 2026-03-01 2026-03-02")
        try bench.expectClean()
    }

    @Test func unknownColumnsAreKeptAndNotedOnce() throws {
        let header = Self.titles + ",New Thing,Other\n"
        let rows = ["\"a \"\"b\"\"\\\t\u{1}é\",", ",2", ","].map { Self.values + ",\($0)\n" }
        try bench.deliver(header + rows.joined())
        try bench.deliver(
            header + rows.joined(), as: "BillingEventFeed_V1/year=2026/month=04/data.csv")
        let extras = try bench.texts(
            """
            select coalesce(extra::text, 'null') as text from sdds.billing_event t
            join ingest.version using (version_id) join ingest.file using (file_id)
            where t.seller_id = $1 and key = '\(Delivery.key)'
            """)
        #expect(
            extras
                == [
                    "null", #"{"New Thing": "a \"b\"\\\t\u0001é"}"#, #"{"Other": "2"}"#,
                ].sorted())
        #expect(try drift("unknown column") == ["New Thing", "Other"])
        try bench.expectClean()
    }

    @Test func unknownColumnsOfTheSameTitleAreBothKept() throws {
        try bench.deliver(Self.titles + ",Note,Note,\n" + Self.values + ",first,second,third\n")
        let kept = try bench.texts(
            """
            select value as text from sdds.billing_event, jsonb_each_text(extra)
            where seller_id = $1
            """)
        #expect(kept == ["first", "second", "third"])
        try bench.expectClean()
    }

    @Test func missingColumnsAreLoadedAsNullAndNoted() throws {
        try bench.deliver(Self.titles + ",amount\n" + Self.values + ",1\n")
        #expect(try row("billing_event_id, coalesce(currency, 'null'), amount") == "x null 1")
        let missing = try drift("missing column")
        #expect(missing.contains("currency"))
        #expect(!missing.contains("amount"))
        #expect(!missing.contains("extra"))
        try bench.expectClean()
    }

    @Test func driftIsNotedInTheTransactionThatLoadedTheRows() throws {
        let header = Self.titles + ",Thing\n"
        #expect(try bench.complaint(gzip(header + Self.values + ",1\n\"x\"y\n")) != "")
        #expect(try drift("unknown column") == [])
        try bench.expectReconciled()
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let header: String
        let problems: String
    }

    @Test(
        "a header that does not fit is refused with all that is wrong",
        arguments: [
            Fault(
                testDescription: "a column that may not be empty is missing",
                header: "billing_event_id,action,update_date",
                problems: "column valid_from, which may not be empty, is missing"),
            Fault(
                testDescription: "several are missing",
                header: "billing_event_id,amount",
                problems: "column valid_from, which may not be empty, is missing; "
                    + "column update_date, which may not be empty, is missing"),
            Fault(
                testDescription: "a column twice and one missing",
                header: "billing_event_id,action,transaction_type,valid_from,*Action",
                problems: "column update_date, which may not be empty, is missing"),
            Fault(
                testDescription: "no title is known",
                header: "a,b,c",
                problems: "none of its 3 titles is a column of sdds.billing_event: "
                    + "the first record is not a header of this feed"),
            Fault(
                testDescription: "the loader's own columns do not count",
                header: "seller_id,version_id,line,extra",
                problems: "none of its 4 titles is a column of sdds.billing_event: "
                    + "the first record is not a header of this feed"),
            Fault(
                testDescription: "a title with a NUL byte",
                header: titles + ",a\0b",
                problems: "title 6 contains a NUL byte"),
            Fault(
                testDescription: "more than a person reads",
                header: titles + String(repeating: ",a\0b", count: 12),
                problems: (6..<16).map { "title \($0) contains a NUL byte" }
                    .joined(separator: "; ") + "; and 2 more"),
        ])
    func headerThatDoesNotFit(_ fault: Fault) throws {
        let expected =
            bench.name(of: Delivery.key) + ": line 1: the header does not fit sdds.billing_event: "
            + fault.problems
            + ". Check that the file is what its name says, or add an alias to ingest.alias"
        #expect(try bench.complaint(fault.header + "\n" + Self.values + "\n") == expected)
        #expect(
            try bench.text("select failure as text from ingest.file where seller_id = $1")
                == expected)
        let load = try bench.text(
            "select outcome || ' ' || load.failure as text from ingest.load join ingest.file using (file_id) where seller_id = $1"
        )
        #expect(load == "failed " + expected)
        #expect(try bench.tables().rows == [])
        // Without a row, too.
        #expect(try bench.complaint(fault.header + "\n") == expected)
        try bench.expectReconciled()
        try bench.deliver(Delivery.month(1...3))
        #expect(
            try bench.text(
                "select failure as text from ingest.file where seller_id = $1 and failure is not null"
            ) == "")
        try bench.expectClean()
    }

    @Test func columnOfATypeThatCannotBeLoadedIsSaid() throws {
        let database = try ScratchDatabase.create(from: LoadBench.schema)
        try database.psql("alter table sdds.billing_event add column area point")
        let bench = try LoadBench(on: database)
        #expect(
            try bench.complaint(Self.titles + ",area\n" + Self.values + ",\"(1,2)\"\n")
                == bench.name(of: Delivery.key)
                + ": line 1: the header does not fit sdds.billing_event: "
                + "column area has type point, which cannot be loaded. "
                + "Check that the file is what its name says, or add an alias to ingest.alias")
        try bench.deliver(Delivery.month(1...3))
        try bench.expectClean()
    }

    /// The table may change between two batches; each is bound to it anew.
    @Test func columnThatTheTableGetsIsUsedFromTheNextLoadOn() throws {
        let database = try ScratchDatabase.create(from: LoadBench.schema)
        let bench = try LoadBench(on: database)
        let header = Self.titles + ",Place\n"
        try bench.deliver(header + Self.values + ",here\n")
        try database.psql("alter table sdds.billing_event add column place text")
        try bench.deliver(header + Self.values + ",here\n" + Self.values + ",there\n")
        let rows = try bench.texts(
            """
            select line || ' ' || coalesce(place, '-') || ' ' || coalesce(extra::text, '-') as text
            from sdds.billing_event where seller_id = $1
            """)
        #expect(rows == ["1 - {\"Place\": \"here\"}", "2 there -"])
    }

    @Test func aliasLeadsToItsColumn() throws {
        let key = "AgreementFeed_V1/year=2026/month=03/data.csv"
        try bench.deliver(
            "agreement_id,acceptancet_time,valid_from,update_date\n"
                + "a1,2026-01-02T03:04:05Z,\(Delivery.day),\(Delivery.day)\n", as: key)
        let time = try bench.text(
            "select acceptance_time::text as text from sdds.agreement where seller_id = $1")
        #expect(time == "2026-01-02 03:04:05+00")
        #expect(try drift("unknown column") == [])
        try bench.expectClean()
    }

    @Test(
        "titles as typesetters write them lead to their columns",
        arguments: [
            ("Customer Reference ID", "customer_reference_id"),
            ("User\u{2019}s Country", "users_country"),
            ("User's State", "users_state"),
            ("*Offer ID", "offer_id"),
            ("  Offer   Visibility ", "offer_visibility"),
            ("Customer AWS Account Number", "customer_aws_account_number"),
            ("\"Customer Zip-Code\"", "customer_zip_code"),
        ])
    func title(_ title: String, leadsTo column: String) throws {
        try bench.deliver("Product Code,\(title)\np1,value\n", as: Delivery.snapshotKey)
        let value = try bench.text(
            """
            select coalesce(\(column), 'null') as text
            from cas.daily_business_usage_by_instance_type where seller_id = $1
            """)
        #expect(value == "value")
        #expect(try drift("unknown column") == [])
        try bench.expectClean()
    }

    @Test func textThatIsNotJSONIsKeptAndCostsNoRow() throws {
        let key = "AgreementFeed_V1/year=2026/month=03/data.csv"
        let rows = ["\"[\"\"l1\"\"]\"", "[l1;l2]", "", "\"{\"\"a\"\": 1\""].enumerated().map {
            "a\($0.offset),\($0.element),\(Delivery.day),\(Delivery.day)\n"
        }
        let outcome = try bench.deliver(
            "agreement_id,license_ids,valid_from,update_date\n" + rows.joined(), as: key)
        #expect(outcome.rowsLoaded == 4)
        #expect(outcome.rowsRejected == 0)
        let kept = try bench.texts(
            """
            select concat_ws(' ', agreement_id, coalesce(license_ids::text, 'null'), extra) as text
            from sdds.agreement where seller_id = $1
            """)
        #expect(
            kept == [
                #"a0 ["l1"]"#, #"a1 null {"license_ids": "[l1;l2]"}"#, "a2 null",
                #"a3 null {"license_ids": "{\"a\": 1"}"#,
            ])
        try bench.expectClean()
    }

    @Test(arguments: ["", "\u{FEFF}"])
    func fileWithoutAHeaderIsRefused(text: String) throws {
        let expected =
            bench.name(of: Delivery.key)
            + ": is empty: not even a header. Deliver it again; a file without rows still has its "
            + "header"
        #expect(try bench.complaint(text) == expected)
        #expect(try bench.complaint(gzip(text)) == expected)
        #expect(
            try bench.complaint(text, as: Delivery.snapshotKey).hasSuffix("still has its header"))
        try bench.expectReconciled()
        try bench.deliver(Delivery.month(1...3))
        try bench.deliver(Delivery.snapshot(1...3), as: Delivery.snapshotKey)
        try bench.expectClean()
    }

    private func row(_ columns: String) throws -> String {
        try bench.text(
            "select concat_ws(' ', \(columns)) as text from sdds.billing_event where seller_id = $1"
        )
    }

    private func drift(_ kind: String) throws -> [String] {
        try bench.texts(
            "select name as text from ingest.drift where seller_id = $1 and kind = '\(kind)'")
    }
}
