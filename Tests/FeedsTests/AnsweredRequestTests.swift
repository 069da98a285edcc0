import Feeds
import Postgres
import Testing

/// Which file answers a request, whoever says that it does.
@Suite struct AnsweredRequestTests {
    private static let own = "cas/daily_business_usage_by_instance_type_2026-03-01.csv"
    private static let other = "cas/disbursed_amount_by_product_2026-03-01.csv"
    private static let content = [
        own: "Product Code,Product Title,Instance Type\npc-1,Widget,m5.large\n",
        other: "Product,Product Code,Net Amount\nWidget,pc-1,10.25\n",
    ]

    private func status(_ bench: LoadBench) throws -> String {
        try bench.text(
            """
            select status || coalesce(' ' || key, '') as text
            from ingest.request r left join ingest.file f using (file_id)
            where r.seller_id = $1
            """)
    }

    /// A description that lies beside another file, or beside one that could not be read, may name
    /// the request all the same.
    @Test func requestIsDeliveredByACompleteFileOfItsDataSet() throws {
        let bench = try LoadBench()
        let key = try bench.postgres.query(
            """
            insert into ingest.request (seller_id, data_set, publication_date, status, request_ids,
                called_at, requested_by, created_at)
            values ($1, 'daily_business_usage_by_instance_type', '2026-03-01', 'requested', '{r1}',
                now(), 'test', '2030-01-01')
            returning request_key
            """, [.int(Int64(bench.sellerID))]
        ).only().int64("request_key")
        func say(_ file: String) throws {
            let answer = RequestAnswer(sellerID: bench.sellerID, on: bench.postgres)
            try answer.deliver(requestID: "r1", key: nil, in: bench.file(file))
            try answer.deliver(requestID: nil, key: key, in: bench.file(file))
        }
        try bench.deliver(try #require(Self.content[Self.other]), as: Self.other)
        try say(Self.other)
        #expect(try status(bench) == "requested")
        try bench.put("no header\n", as: Self.own)
        #expect(throws: LoadError.self) { try bench.load(Self.own) }
        try say(Self.own)
        #expect(try status(bench) == "requested")
        try bench.deliver(try #require(Self.content[Self.own]), as: Self.own)
        try say(Self.own)
        #expect(try status(bench) == "delivered \(Self.own)")
    }
}
