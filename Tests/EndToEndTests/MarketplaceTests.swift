import Foundation
import Simulator
import Support
import Testing

/// What an analyst reads: the schema `marketplace`, made of what was delivered.
@Suite struct MarketplaceTests {
    private func simulate(_ desk: Desk, days: Int, seed: Int) throws {
        let data = desk.exports.path + "/data"
        let options = ["--months", "3", "--days", "\(days)", "--seed", "\(seed)"]
        #expect(try desk.run(["simulate", data] + options).status == 0)
        let done = try desk.run(["backfill", data], limitSeconds: 400)
        #expect(done.status == 0, "\(done)")
    }

    /// Takes rows of every feed away, and brings some of those back that went before.
    private static let disturb = """
        do $$
        declare
            f record;
        begin
            for f in select feed, split_part(feed, '.', 2) as name from resolved.feed loop
                execute format(
                    'create table if not exists public.held_%1$s as select * from %2$s limit 0',
                    f.name, f.feed);
                execute format(
                    'with back as (delete from public.held_%1$s where random() < 0.7 returning *),
                    put as (insert into %2$s select * from back returning *)
                    insert into resolved.pending (seller_id, feed, version_id, lines, is_removed)
                    select seller_id, %2$L, version_id, int8multirange(int8range(line, line, ''[]'')),
                        false
                    from put', f.name, f.feed);
                execute format(
                    'with gone as (delete from %2$s where random() < 0.15 returning *)
                    insert into public.held_%1$s select * from gone', f.name, f.feed);
            end loop;
        end
        $$
        """

    // Loads that add, rows that go and come again: what is kept up to date is what would be made anew.
    @Test(arguments: [1, 2])
    func refreshingBitByBitEqualsWorkingItOutAnew(seed: Int) throws {
        let desk = try Desk()
        for days in [9, 20, 50] {
            try simulate(desk, days: days, seed: seed)
            try desk.database.psql("select count(*) from marketplace.refresh()")
        }
        for step in 1...3 {
            try desk.database.psql("select setseed(0.\(seed)\(step)); \(Self.disturb)")
            try desk.database.psql("select count(*) from marketplace.refresh()")
            let kept = try desk.database.resolved()
            try desk.database.psql("select count(*) from marketplace.refresh(true)")
            #expect(try desk.database.resolved() == kept)
        }
        let behind = "select sum(pending_loads) from marketplace.freshness"
        #expect(try desk.database.psql(behind) == "0")
    }

    // An operator may let a feed's table take rows without a part of the key.
    @Test func rowWithoutItsKeyStaysOutAndHoldsNothingUp() throws {
        let desk = try Desk()
        try desk.database.psql(
            "alter table sdds.product alter valid_from drop not null, alter product_id drop not null"
        )
        let rows = [
            "prod-1,One,,2026-01-01T00:00:00Z", ",None,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z",
        ]
        try desk.deliver(
            Desk.products(2...3) + rows.joined(separator: "\n") + "\n", to: Desk.productKey())
        #expect(try desk.backfill().succeeded)
        for isFull in [false, true] {
            try desk.database.psql("select count(*) from marketplace.refresh(\(isFull))")
            let shown = try desk.database.psql(
                "select string_agg(product_id, ',' order by product_id) from marketplace.product")
            #expect(shown == "prod-2,prod-3")
        }
        #expect(try desk.database.psql("select count(*) from sdds.product") == "4")
    }

    @Test func whatWasKnownLastIsTheHistory() throws {
        let desk = try Desk()
        try simulate(desk, days: 50, seed: 5)
        try desk.database.psql("select count(*) from marketplace.refresh()")
        let names = try desk.database.psql(
            "select split_part(feed, '.', 2) from resolved.feed order by 1")
        for name in names.split(separator: "\n") {
            let differences = try desk.database.psql(
                """
                select count(*) from (
                    (select * from marketplace.\(name)
                    except all select * from marketplace.\(name)_as_of('infinity'))
                    union all
                    (select * from marketplace.\(name)_as_of('infinity')
                    except all select * from marketplace.\(name))) as d
                """)
            #expect(differences == "0", "\(name)")
        }
    }

    /// Also when the feed is new, and no migration comes after it.
    @Test func aFeedThatGotItsTableHasItsRelationsAfterARefresh() throws {
        let desk = try Desk()
        try desk.database.psql(
            """
            create table sdds.forecast (
                seller_id integer not null, version_id bigint not null, line bigint not null,
                forecast_id text not null, valid_from timestamptz not null,
                insert_date timestamptz, update_date timestamptz not null,
                delete_date timestamptz, extra jsonb, primary key (seller_id, version_id, line));
            insert into ingest.feed (feed, table_schema, table_name, kind, title, key_pattern,
                business_key, cadence)
            values ('sdds.forecast', 'sdds', 'forecast', 'log', 'Forecasts', '^Forecast',
                array['forecast_id', 'valid_from', 'update_date'], 'daily')
            """)
        #expect(try desk.run(["refresh"]).status == 0)
        for relation in ["forecast", "forecast_current", "forecast_as_of(now())"] {
            let count = try desk.database.psql("select count(*) from marketplace.\(relation)")
            #expect(count == "0", "\(relation)")
        }
    }

    // Billed, taxes, fees, costs, written off, collected, open, paid out and metered.
    @Test(arguments: [3, 4])
    func monthlyTotalsAreTheTruth(seed: Int) throws {
        let desk = try Desk()
        try simulate(desk, days: 57, seed: seed)
        try desk.database.psql("select count(*) from marketplace.refresh()")
        let truth = try JSONDecoder().decode(
            Truth.self,
            from: Data(contentsOf: URL(fileURLWithPath: desk.exports.path + "/data/truth.json")))
        let expected = truth.months.map { month in
            "('\(month.month)-01'::date, '\(month.product)', '\(month.currency)', \(month.billed), "
                + "\(month.taxes), \(month.fees), \(month.costs), \(month.forgiven), "
                + "\(month.collected), \(month.outstanding), \(month.disbursed), \(month.usage))"
        }
        #expect(expected.count > 5)
        let differences = try desk.database.psql(
            """
            with expected as (
                select * from (values \(expected.joined(separator: ", "))) as e (month, product_id,
                    currency, billed, taxes, fees, costs, forgiven, collected, outstanding,
                    disbursed, usage)
                where (billed, taxes, fees, costs, forgiven, collected, outstanding, disbursed, usage)
                    <> (0, 0, 0, 0, 0, 0, 0, 0, 0)
            ), found as (
                select month, product_id, currency, sum(billed), sum(taxes), sum(fees), sum(costs),
                    sum(forgiven), sum(collected), sum(outstanding), sum(disbursed),
                    sum(estimated_usage)
                from marketplace.monthly_totals
                where product_id is not null
                    and (billed, taxes, fees, costs, forgiven, collected, outstanding, disbursed,
                        estimated_usage) <> (0, 0, 0, 0, 0, 0, 0, 0, 0)
                group by month, product_id, currency
            )
            (select * from expected except select * from found)
            union all
            (select * from found except select * from expected)
            """)
        #expect(differences == "")
    }
}
