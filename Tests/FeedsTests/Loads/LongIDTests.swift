import Feeds
import Postgres
import Support
import Testing

/// What is too long for an index is no id: a reject, and never a refresh that fails.
@Suite struct LongIDTests {
    private static let key = "ProductFeed_V1/year=2026/month=02/data.csv"

    private static func file(_ ids: [String]) -> String {
        "product_id,title,valid_from,update_date\n"
            + ids.map { "\($0),Title,2026-02-01T00:00:00Z,2026-02-01T00:00:00Z\n" }.joined()
    }

    /// Text that no compression makes fit into a page.
    private static func noise(_ bytes: Int) -> String {
        var generator = SeededGenerator(seed: UInt64(bytes))
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<bytes).map { _ in letters.randomElement(using: &generator) ?? "x" })
    }

    @Test func anIDBeyondTheBoundIsAReject() throws {
        let bench = try LoadBench()
        let longest = Self.noise(255)
        let outcome = try bench.deliver(
            Self.file([longest, Self.noise(256), Self.noise(9000), "p"]), as: Self.key)
        #expect((outcome.rowsLoaded, outcome.rowsRejected) == (2, 2))
        #expect(
            try bench.texts(
                "select column_name || ' ' || cause as text from ingest.reject where seller_id = $1"
            )
                == Array(
                    repeating: "product_id is longer than an id, which has at most 255 bytes",
                    count: 2))
        // Bytes count, not characters.
        let wide = String(repeating: "é", count: 128)
        #expect(try bench.deliver(Self.file([wide]), as: Self.key).rowsRejected == 1)
    }

    /// Rows that an older version loaded stay where they are and hold nobody up.
    @Test func aLongIDThatIsThereAlreadyBreaksNoRefresh() throws {
        let bench = try LoadBench(on: ScratchDatabase.create(from: LoadBench.schema))
        try bench.deliver(Self.file(["good", "bad"]), as: Self.key)
        try bench.postgres.query(
            "update sdds.product set product_id = $1 where product_id = 'bad'",
            [.text(Self.noise(9000))])
        for isFull in [false, true] {
            try bench.postgres.query("select * from marketplace.refresh(\(isFull))")
            let shown = "select product_id as text from marketplace.product where seller_id = $1"
            #expect(try bench.texts(shown) == ["good"])
        }
    }

    /// Every column of a feed that an index of resolved has, has a bound, and together they fit.
    @Test func everyIndexedTextOfAFeedHasABound() throws {
        let bench = try LoadBench()
        let indexed = try bench.texts(
            """
            select distinct c.relname || '.' || a.attname as text
            from pg_index i
            join pg_class c on c.oid = i.indrelid
                and c.relnamespace in ('resolved'::regnamespace, 'sdds'::regnamespace,
                    'cas'::regnamespace)
            join pg_attribute a on a.attrelid = c.oid and a.atttypid = 'text'::regtype
                and (a.attnum = any(i.indkey::int2[]) or exists (
                    select from pg_depend d
                    where d.objid = i.indexrelid and d.refobjid = c.oid
                        and d.refobjsubid = a.attnum))
            where $1::int is not null and ingest.bytes_max(a.attname) is null
                -- Words of ours, a key made of bounded ones, and what only a condition asks.
                and a.attname not in ('feed', 'kind', 'id', 'line_key', 'side', 'action',
                    'transaction_type', 'product_code', 'unknown_name')
            order by 1
            """)
        #expect(indexed == [])
        let widest = try bench.text(
            """
            select max(n)::text as text from (
                select count(*) * 255 as n from pg_index i
                join pg_attribute a on a.attrelid = i.indexrelid and a.atttypid = 'text'::regtype
                join pg_class c on c.oid = i.indrelid
                where c.relnamespace = 'resolved'::regnamespace and $1::int is not null
                group by i.indexrelid) as w
            """)
        #expect(try #require(Int(widest)) < 2000)
    }
}
