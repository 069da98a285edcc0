import Feeds
import Postgres
import Support
import Testing

/// Files that are read again from the start: after a feed got its table, or a table a column.
@Suite struct ReloadTests {
    private static let key = "ForecastFeed_V1/year=2026/month=09/data.csv"
    private static let header = "forecast_id,amount,Note,valid_from,update_date\n"

    private static func forecasts(_ numbers: some Sequence<Int>) -> String {
        header + numbers.map(row).joined()
    }

    private static func row(_ number: Int) -> String {
        "f\(number),\"\(number),000.5\",\"n, \"\"\(number)\"\"\",\(Delivery.day),\(Delivery.day)\n"
    }

    /// A feed's file in `Schema/`, as an operator would write it.
    private static let forecastFeed = """
        create table if not exists sdds.forecast (
            seller_id integer not null, version_id bigint not null, line bigint not null,
            forecast_id text not null, amount numeric, remark text, valid_from timestamptz not null,
            update_date timestamptz not null, extra jsonb,
            primary key (seller_id, version_id, line));
        insert into ingest.feed (feed, table_schema, table_name, kind, title, key_pattern,
            business_key, totals)
        values ('sdds.forecast', 'sdds', 'forecast', 'log', 'Forecasts',
            '^(.+/)?ForecastFeed_V1/year=[0-9]{4}/month=[0-9]{2}/data[.]csv$',
            array['forecast_id'], array['amount/']);
        insert into ingest.alias values ('sdds.forecast', 'note', 'remark');
        """

    private func bench() throws -> LoadBench {
        try LoadBench(on: ScratchDatabase.create(from: LoadBench.schema))
    }

    private func rows(_ bench: LoadBench, in table: String = "sdds.forecast") throws -> [String] {
        let isTyped = table == "sdds.forecast"
        let text =
            isTyped
            ? "concat_ws(' ', forecast_id, amount, remark, extra)"
            : "extra ->> 'forecast_id'"
        return try bench.texts(
            "select \(text) as text from \(table) where seller_id = $1 and extra is distinct from '{}'"
        )
    }

    private static func typed(_ numbers: some Sequence<Int>) -> [String] {
        numbers.map { "f\($0) \($0)000.5 n, \"\($0)\"" }.sorted()
    }

    // MARK: A feed that got its table

    @Test func unknownFeedsRowsMoveToTheirTableOnceItIsThere() throws {
        let bench = try bench()
        try bench.deliver(Self.forecasts(1...3), as: Self.key)
        try bench.deliver(Self.forecasts(1...5), as: Self.key)
        #expect(try rows(bench, in: "sdds.unclassified").count == 5)
        #expect(try Reload(.moved, on: bench.postgres).entries.isEmpty)
        try bench.database.psql(Self.forecastFeed)
        let reload = try Reload(.moved, on: bench.postgres)
        #expect(reload.entries.map(\.file.key) == [Self.key])
        #expect(reload.entries.first?.origin == "sdds.unclassified")
        #expect(reload.entries.first?.feed.name == "sdds.forecast")
        let outcome = try bench.reload(Self.key)
        #expect(outcome.kind == .reloaded)
        #expect((outcome.rowsLoaded, outcome.rowsRemoved, outcome.rowsRead) == (5, 5, 5))
        #expect(try rows(bench) == Self.typed(1...5))
        #expect(try rows(bench, in: "sdds.unclassified") == [])
        #expect(try Reload(.moved, on: bench.postgres).entries.isEmpty)
        try bench.expectClean()
        // From then on it is a file like any other.
        #expect(try bench.load(Self.key).kind == .unchanged)
        #expect(try bench.deliver(Self.forecasts(1...6), as: Self.key).kind == .extended)
        try bench.expectClean()
    }

    /// Nobody has to say reload: a newer version, or only another message about it, will do.
    @Test(arguments: [5, 3])
    func newerVersionOfAFileWhoseFeedChangedMovesItsRows(last: Int) throws {
        let bench = try bench()
        try bench.deliver(Self.forecasts(1...3), as: Self.key)
        try bench.database.psql(Self.forecastFeed)
        let outcome = try bench.deliver(Self.forecasts(1...last), as: Self.key)
        #expect((outcome.kind, outcome.rowsLoaded) == (.reloaded, last))
        #expect(try rows(bench) == Self.typed(1...last))
        #expect(try rows(bench, in: "sdds.unclassified") == [])
        try bench.expectClean()
    }

    @Test func fileOfWhichNothingWasLoadedJustChangesItsFeed() throws {
        let bench = try bench()
        #expect(try bench.complaint("", as: Self.key).contains("is empty"))
        try bench.database.psql(Self.forecastFeed)
        #expect(try bench.deliver(Self.forecasts(1...2), as: Self.key).kind == .loaded)
        #expect(try rows(bench) == Self.typed(1...2))
        try bench.expectReconciled()
    }

    @Test func rowsThatVanishedMoveTooAndStillWaitForADecision() throws {
        let bench = try bench()
        try bench.deliver(Self.forecasts(1...4), as: Self.key)
        try bench.deliver(Self.forecasts(2...4), as: Self.key)
        _ = try Decision.keep.apply(to: Self.key, by: "tester", on: bench.postgres)
        try bench.deliver(Self.forecasts(3...4), as: Self.key)
        try bench.database.psql(Self.forecastFeed)
        // One more vanishes with the version that moves them all.
        try bench.deliver(Self.forecasts(4...5), as: Self.key)
        #expect(try rows(bench) == Self.typed(1...5))
        #expect(try rows(bench, in: "sdds.unclassified") == [])
        let vanished = try bench.texts(
            """
            select forecast_id || ' ' || coalesce(decision, 'waits') as text
            from ingest.vanished v join sdds.forecast t using (seller_id, version_id, line)
            where seller_id = $1 and feed = 'sdds.forecast'
            """)
        #expect(vanished == ["f1 kept", "f2 waits", "f3 waits"])
        try bench.expectClean(exceptVanished: true)
        #expect(try Decision.accept.apply(to: Self.key, by: "tester", on: bench.postgres) == 2)
        #expect(try rows(bench) == Self.typed([1, 4, 5]))
        try bench.expectReconciled()
    }

    /// Some megabytes at a time are moved.
    @Test func largeRowsThatVanishedMoveAll() throws {
        let bench = try bench()
        let note = String(repeating: "n", count: 200_000)
        func forecasts(_ numbers: ClosedRange<Int>) -> String {
            Self.header
                + numbers.map { "f\($0),1,\(note),\(Delivery.day),\(Delivery.day)\n" }.joined()
        }
        try bench.deliver(forecasts(1...50), as: Self.key)
        try bench.deliver(forecasts(50...50), as: Self.key)
        _ = try Decision.keep.apply(to: Self.key, by: "tester", on: bench.postgres)
        try bench.database.psql(Self.forecastFeed)
        try bench.deliver(forecasts(50...51), as: Self.key)
        let moved = try bench.text(
            """
            select concat_ws(' ', count(*), sum(octet_length(remark))) as text
            from sdds.forecast where seller_id = $1
            """)
        #expect(moved == "51 \(51 * 200_000)")
        #expect(try rows(bench, in: "sdds.unclassified") == [])
    }

    @Test func keptRowThatDoesNotFitItsNewTableStopsTheMove() throws {
        let bench = try bench()
        try bench.deliver("forecast_id,amount\nf1,1\nf2,2\n", as: Self.key)
        try bench.deliver("forecast_id,amount\nf2,2\n", as: Self.key)
        try bench.database.psql(Self.forecastFeed)
        let complaint = try bench.complaint(Self.forecasts(2...3), as: Self.key)
        #expect(complaint.contains("rows that its newest version lacks do not fit sdds.forecast"))
        #expect(complaint.contains("sluice accept"))
        #expect(try rows(bench, in: "sdds.unclassified").count == 4)
        _ = try Decision.accept.apply(to: Self.key, by: "tester", on: bench.postgres)
        #expect(try bench.load(Self.key).kind == .reloaded)
        #expect(try rows(bench) == Self.typed(2...3))
    }

    @Test func readersSeeTheRowsInOneTableOrTheOther() throws {
        let bench = try bench()
        try bench.deliver(Self.forecasts(1...50), as: Self.key)
        try bench.database.psql(Self.forecastFeed)
        let reader = try PostgresConnection(bench.database.conninfo)
        bench.store.chunkBytes = 300
        var counts: Set<String> = []
        bench.store.beforeChunk = { _ in
            counts.insert(
                try reader.query(
                    """
                    select (select count(*) from sdds.unclassified) || ' '
                        || (select count(*) from sdds.forecast) as text
                    """
                ).only().string("text"))
        }
        try bench.reload(Self.key)
        #expect(counts == ["50 0"])
        #expect(try rows(bench).count == 50)
    }

    @Test(arguments: 1...6)
    func reloadThatFailsChangesNothing(chunk: Int) throws {
        let bench = try bench()
        try bench.deliver(Self.forecasts(1...20), as: Self.key)
        try bench.database.psql(Self.forecastFeed)
        let before = try bench.tables()
        bench.store.chunkBytes = 200
        bench.store.beforeChunk = {
            if $0 == chunk { throw StoreError(.unavailable, "gone") }
        }
        #expect(throws: LoadError.self) { try bench.reload(Self.key) }
        #expect(try bench.tables() == before)
        #expect(try rows(bench) == [])
        bench.store.beforeChunk = { _ in }
        try bench.reload(Self.key)
        #expect(try rows(bench) == Self.typed(1...20))
        try bench.expectClean()
    }

    // MARK: A table that got a column

    private static let colours = Delivery.header.replacing("\n", with: ",Colour\n")

    private static func coloured(_ numbers: some Sequence<Int>) -> String {
        colours + numbers.map { Delivery.event("e\($0)") + ",\($0)\n" }.joined()
    }

    private func colours(_ bench: LoadBench) throws -> [String] {
        try bench.texts(
            """
            select concat_ws(' ', billing_event_id, colour, extra) as text
            from sdds.billing_event where seller_id = $1
            """)
    }

    @Test func valuesLeaveExtraForTheirNewColumn() throws {
        let bench = try bench()
        try bench.deliver(Self.coloured(1...2))
        try bench.database.psql("alter table sdds.billing_event add column colour integer")
        try bench.deliver(Self.coloured(1...3))
        #expect(
            try colours(bench)
                == ["e1 {\"Colour\": \"1\"}", "e2 {\"Colour\": \"2\"}", "e3 3"])
        let reload = try Reload(.feeds(["sdds.billing_event"]), on: bench.postgres)
        #expect(reload.entries.map(\.file.key) == [Delivery.key])
        try bench.reload()
        #expect(try colours(bench) == ["e1 1", "e2 2", "e3 3"])
        let drift = try bench.texts(
            """
            select name as text from ingest.drift
            where seller_id = $1 and kind = 'unknown column'
            """)
        #expect(drift == [])
        try bench.expectClean()
    }

    /// A rewritten file is compared with rows as they would be loaded today.
    @Test func rowsFromBeforeTheColumnDoNotSeemToHaveVanished() throws {
        let bench = try bench()
        try bench.deliver(Self.coloured(1...1_200))
        try bench.database.psql("alter table sdds.billing_event add column colour integer")
        let outcome = try bench.deliver(Self.coloured((2...1_201).reversed()))
        #expect(outcome.kind == .rewritten)
        #expect((outcome.rowsLoaded, outcome.rowsStanding, outcome.rowsVanished) == (1, 1_199, 1))
        try bench.expectReconciled()
        try bench.reload()
        #expect(try colours(bench).filter { $0.contains("{") } == ["e1 {\"Colour\": \"1\"}"])
        #expect(try Decision.accept.apply(to: nil, by: "tester", on: bench.postgres) == 1)
        try bench.expectClean()
    }

    /// Text that is no JSON stays in extra, under the name of a column that there is.
    @Test func textThatStaysInExtraIsNotLost() throws {
        let bench = try bench()
        let key = "AgreementFeed_V1/year=2026/month=03/data.csv"
        let header = "agreement_id,license_ids,valid_from,update_date\n"
        let rows = ["a1,[l1;l2]", "a2,\"[\"\"l1\"\"]\"", "a3,"].map {
            "\($0),\(Delivery.day),\(Delivery.day)\n"
        }
        try bench.deliver(header + rows.joined(), as: key)
        let outcome = try bench.deliver(header + rows.reversed().joined(), as: key)
        #expect((outcome.rowsStanding, outcome.rowsVanished, outcome.rowsLoaded) == (3, 0, 0))
        try bench.expectClean()
        try bench.reload(key)
        try bench.expectClean()
    }

    @Test func rejectedRowsAreReadAgainToo() throws {
        let bench = try bench()
        try bench.deliver(Delivery.month(of: Delivery.event("a", "1"), Delivery.event("b", "one")))
        #expect(
            try bench.texts("select reason as text from ingest.reject where seller_id = $1").count
                == 1)
        try bench.database.psql("alter table sdds.billing_event alter column amount type text")
        try bench.database.psql(
            "update ingest.feed set totals = '{}' where feed = 'sdds.billing_event'")
        let outcome = try bench.reload()
        #expect((outcome.rowsLoaded, outcome.rowsRejected, outcome.rowsRemoved) == (2, 0, 1))
        #expect(
            try bench.texts("select amount as text from sdds.billing_event where seller_id = $1")
                == ["1", "one"])
        try bench.expectReconciled()
    }

    // MARK: Other kinds

    @Test func snapshotIsReadAgainAsAWhole() throws {
        let bench = try bench()
        try bench.deliver(Delivery.snapshot(1...4), as: Delivery.snapshotKey)
        let outcome = try bench.reload(Delivery.snapshotKey)
        #expect((outcome.kind, outcome.rowsLoaded, outcome.rowsRemoved) == (.reloaded, 4, 4))
        try bench.expectClean()
    }

    @Test func changeLogIsReadAgainAsAWhole() throws {
        let bench = try bench()
        let published = try #require(
            PublishedFeed.all.first { $0.feed == "cas.customer_support_contacts_data" })
        for key in published.fileKeys { try bench.deliver(try published.sample, as: key) }
        let before = try bench.tables()
        for key in published.fileKeys { #expect(try bench.reload(key).kind == .reloaded) }
        #expect(try bench.tables() == before)
        try bench.expectReconciled()
    }

    // MARK: Which files

    @Test func fileIsFoundByItsKeyOrItsWholeName() throws {
        let bench = try bench()
        try bench.deliver(Delivery.month(1...1))
        for name in [Delivery.key, "\(bench.bucket)/\(Delivery.key)", bench.name(of: Delivery.key)]
        {
            let entries = try Reload(.file(name), on: bench.postgres).entries
            #expect(entries.map(\.file) == [bench.file(Delivery.key)])
        }
        #expect { try Reload(.file("nowhere.csv"), on: bench.postgres) } throws: { error in
            "\(error)".hasPrefix("there is no file nowhere.csv")
        }
    }

    @Test func fileThatMatchesNoFeedAnyMoreStaysAsItIs() throws {
        let bench = try bench()
        try bench.deliver(Delivery.snapshot(1...2), as: Delivery.snapshotKey)
        try bench.database.psql(
            "update ingest.feed set key_pattern = '^$' where feed ~ 'usage_by_instance'")
        let reload = try Reload(.moved, on: bench.postgres)
        #expect(reload.entries.isEmpty)
        #expect(reload.unmatched == [bench.name(of: Delivery.snapshotKey)])
    }
}
