import Feeds
import Postgres
import Support
import Testing

/// The days that a key names, and keys that only look as if they named some.
@Suite struct KeyPeriodTests {
    @Test(arguments: [
        ("BillingEventFeed_V1/year=2026/month=03/data.csv", "[2026-03-01,2026-04-01)"),
        ("BillingEventFeed_V1/year=2026/month=12/data.csv", "[2026-12-01,2027-01-01)"),
        ("AccountFeed_V1/year=2010/month=01/data.csv", "[2010-01-01,2020-05-01)"),
        ("daily_business_fees_2026-03-01.csv", "[2026-03-01,2026-03-02)"),
        ("AccountFeed_V1/year=9999/month=12/data.csv", "[9999-12-01,10000-01-01)"),
        ("AccountFeed_V1/year=0000/month=01/data.csv", ""),
        ("AccountFeed_V1/year=2026/month=13/data.csv", ""),
        ("daily_business_fees_2026-02-30.csv", ""), ("daily_business_fees_2026-00-01.csv", ""),
        // What is matched comes after something that looks alike.
        ("year=0000/AccountFeed_V1/year=2026/month=03/data.csv", "[2026-03-01,2026-04-01)"),
        ("month=99/AccountFeed_V1/year=2026/month=03/data.csv", "[2026-03-01,2026-04-01)"),
        ("old_0000-00-00.csv/daily_business_fees_2026-03-01.csv", "[2026-03-01,2026-03-02)"),
        ("old_2026-13-01.csv/daily_business_fees_2026-03-01.csv", "[2026-03-01,2026-03-02)"),
    ])
    func keyNamesDaysOrNone(key: String, period: String) throws {
        let bench = try LoadBench()
        let found = try bench.postgres.query(
            "select coalesce(ingest.key_period($1)::text, '') as period", [.text(key)]
        ).only().string("period")
        #expect(found == period)
    }
}
