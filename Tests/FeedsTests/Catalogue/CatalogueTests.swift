import Feeds
import Postgres
import Support
import Testing

/// The tables of `Schema/`, compared with what AWS publishes of its feeds.
@Suite struct CatalogueTests {
    private let bench: LoadBench

    init() throws { bench = try LoadBench() }

    @Test func everyPublishedKindHasItsTableAndItsSample() throws {
        let published = PublishedFeed.all.map(\.feed)
        #expect(published.count == 42)
        #expect(Set(published).count == 42)
        // Its rows come from kinds that nobody has published yet.
        let ours = ["sdds.unclassified"]
        #expect(try bench.feeds().sorted() == (published + ours).sorted())
        #expect(try PublishedFeed.samples() == (published + ours).sorted())
    }

    /// What differs from the published list on purpose: table and column, ours, and why.
    private static let differences: [String: (ours: String, reason: String)] = [
        "cas.us_sales_and_use_tax_records seller_id text null": (
            "cas.us_sales_and_use_tax_records seller_of_record_id text null",
            "seller_id of every table is the seller whose bucket held the file"
        )
    ]

    @Test(arguments: PublishedFeed.all)
    func columnsAreThePublishedOnes(published: PublishedFeed) throws {
        let expected = published.columns.map { column in
            let text =
                "\(published.feed) \(column.pg_column) \(column.pg_type) "
                + (column.nullable ? "null" : "not null")
            return Self.differences[text]?.ours ?? text
        }
        let loaders = ["seller_id", "version_id", "line", "extra"]
        // What is published as never empty is not null, or expected: a finding where it is empty.
        let expectation = try bench.postgres.query(
            "select array_to_string(never_empty, ' ') as text from ingest.feed where feed = $1",
            [.text(published.feed)]
        ).only().string("text").split(separator: " ").map(String.init)
        let columns = try bench.postgres.columns(of: published.feed).columns
            .filter { !loaders.contains($0.name) }
            .map { column in
                let type =
                    column.typeName == "timestamp with time zone" ? "timestamptz" : column.typeName
                return "\(published.feed) \(column.name) \(type) "
                    + (column.isNullable && !expectation.contains(column.name)
                        ? "null" : "not null")
            }
        #expect(columns == expected)
    }

    @Test func everyListedDifferenceIsOne() throws {
        let published = PublishedFeed.all.flatMap { feed in
            feed.columns.map {
                "\(feed.feed) \($0.pg_column) \($0.pg_type) \($0.nullable ? "null" : "not null")"
            }
        }
        #expect(Set(Self.differences.keys).isSubset(of: published))
    }

    /// A file that lacks columns is loaded all the same, but for those without which a row is none.
    @Test func dataSetsOfTheCommerceServiceRequireNoColumn() throws {
        let strict = try bench.postgres.query(
            """
            select distinct table_name as text from information_schema.columns
            where table_schema = 'cas' and is_nullable = 'NO'
                and column_name not in ('seller_id', 'version_id', 'line') order by 1
            """
        ).map { try $0.string("text") }
        #expect(
            strict == ["customer_support_contacts_data", "test_customer_support_contacts_data"])
    }

    // MARK: Keys

    @Test(arguments: PublishedFeed.all)
    func keysOfAKindAreThatKindsOnly(published: PublishedFeed) throws {
        // AWS spells out one folder of the seller feeds only: no capital is relied upon.
        let isAnyCase = published.source == "sdds"
        let keys = published.fileKeys.flatMap { key in
            [key, key + ".gz", "a/b c/\(key)", isAnyCase ? key.lowercased() : "\(key)/\(key)"]
        }
        #expect(!keys.isEmpty)
        let claims = try claims(of: keys, where: "not is_fallback")
        for key in keys { #expect(claims[key] == [published.feed], "\(key)") }
        let feeds = try Feed.matching(keys, on: bench.postgres)
        for key in keys { #expect(feeds[ExactText(key)]?.name == published.feed, "\(key)") }
    }

    @Test func metadataIsOfNoFeed() throws {
        let keys = PublishedFeed.all.flatMap(\.keys).filter { $0.hasSuffix(".meta.json") }
        #expect(keys.count == 25)
        #expect(try claims(of: keys + keys.map { $0 + ".gz" }, where: "true").isEmpty)
    }

    @Test(
        "a name within a name is not mistaken for it",
        arguments: [
            (
                "disbursed_amount_by_product_with_uncollected_funds_2015-01-25.csv",
                "cas.disbursed_amount_by_product_with_uncollected_funds"
            ),
            ("disbursed_amount_by_product_2015-01-26.csv", "cas.disbursed_amount_by_product"),
            (
                "test_customer_support_contacts_data_2022-01-18T00-00-00Z.csv",
                "cas.test_customer_support_contacts_data"
            ),
            (
                "test/customer_support_contacts_data_2022-01-18T00-00-00Z.csv",
                "cas.customer_support_contacts_data"
            ),
            (
                "agreement-details-report/daily_business_fees_2026-09-15.csv",
                "cas.daily_business_fees"
            ),
            (
                "agreement details report/BillingEventFeed_V1/year=2026/month=09/data.csv",
                "sdds.billing_event"
            ),
            ("reports/Agreement_Details_Report_2026-09-15.csv", "sdds.agreement_details_report"),
            ("AgreementDetailsReport/2026/09/15.csv.gz", "sdds.agreement_details_report"),
            ("AGREEMENTTERMFEED_V1/year=2026/month=09/data.csv", "sdds.agreement_term"),
            ("PIIFeed/year=2020/month=05/data.csv", "sdds.pii_feed_legacy"),
            ("ForecastFeed_V1/year=2026/month=09/data.csv", "sdds.unclassified"),
            ("BillingEventFeed_V2/year=2026/month=09/data.csv.gz", "sdds.unclassified"),
        ])
    func keyOfAKind(key: String, feed: String) throws {
        #expect(try Feed.of(key: key, on: bench.postgres)?.name == feed)
    }

    private func claims(of keys: [String], where condition: String) throws -> [String: [String]] {
        let rows = try bench.postgres.query(
            """
            select key, feed from unnest($1::text[]) as k (key)
            join ingest.feed on key ~ key_pattern where \(condition)
            """, [.textArray(keys)])
        var claims: [String: [String]] = [:]
        for row in rows { claims[try row.string("key"), default: []] += [try row.string("feed")] }
        return claims
    }

    // MARK: Headers

    @Test(arguments: PublishedFeed.all)
    func titlesAndTheirVariantsMeanTheirColumn(published: PublishedFeed) throws {
        let key = try #require(published.fileKeys.first)
        let found = try Feed.of(key: key, on: bench.postgres)
        let feed = try #require(found)
        for column in published.columns {
            let text = "\(published.feed) \(column.pg_column) \(column.pg_type) null"
            let ours = Self.differences[text]?.ours.split(separator: " ")[1]
            for title in [column.name, column.name.uppercased()] + (column.aliases ?? []) {
                let normalised = normalisedTitle(title)
                let meant = feed.aliases[normalised] ?? normalised
                #expect(meant == ours.map(String.init) ?? column.pg_column, "\(title)")
            }
        }
    }

    // MARK: Samples

    @Test(arguments: PublishedFeed.all)
    func sampleOfAKindFillsItsTable(published: PublishedFeed) throws {
        let key = try #require(published.fileKeys.first)
        let outcome = try bench.deliver(try published.sample, as: key)
        #expect(outcome.rowsLoaded == 3)
        #expect(outcome.rowsRejected == 0)
        #expect(
            try bench.texts(
                "select kind || ' ' || name as text from ingest.drift where seller_id = $1") == [])
        let filled = try bench.texts(
            """
            select k.key as text from \(published.feed) t,
                jsonb_object_keys(jsonb_strip_nulls(to_jsonb(t))) as k (key)
            where seller_id = $1 group by 1
            """)
        let columns = try bench.postgres.columns(of: published.feed).columns.map(\.name)
        // An address feed's end of validity is published as always empty; nothing is unknown but
        // where nothing is known.
        let isUntyped = published.columns.isEmpty
        let empty = Set(isUntyped ? ["valid_to"] : ["valid_to", "extra"])
        #expect(filled == columns.filter { !empty.contains($0) }.sorted())
        try bench.expectClean()
    }

    @Test func sampleOfAnUnknownFeedIsKept() throws {
        let key = "ForecastFeed_V1/year=2026/month=09/data.csv"
        let outcome = try bench.deliver(
            try PublishedFeed.sample(of: "sdds.unclassified"), as: key)
        #expect(outcome.rowsLoaded == 3)
        let rows = try bench.texts(
            """
            select extra ->> 'forecast_id' || ' ' || coalesce(extra ->> 'note', '-') as text
            from sdds.unclassified where seller_id = $1
            """)
        #expect(rows == ["007 null", "f-0001 Größe \"XL\"", "f-0002 line one\nline two"])
        #expect(
            try bench.texts("select name as text from ingest.drift where seller_id = $1") == [])
        try bench.expectClean()
    }
}
