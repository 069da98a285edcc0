import Foundation
import Simulator
import Support
import Testing

/// The questions of `docs/queries.md`: each is answered, and where the answer is known, rightly.
@Suite struct QuestionTests {
    // MARK: The page

    @Test func thereAreTwentyQuestionsEachWithAQueryAndHowToReadIt() throws {
        let questions = try Question.all()
        #expect(questions.map(\.number) == Array(1...20))
        for question in questions {
            #expect(question.title.hasSuffix("?"))
            #expect(question.reading.count > 40, "\(question)")
            #expect(question.sql.split(separator: "\n").allSatisfy { $0.count <= 100 })
            // A function around a column hides it from its index.
            let hiding = #/(?:date_trunc|extract|to_char)\(|::date\b|between/#
            #expect(question.sql.firstMatch(of: hiding) == nil, "\(question)")
        }
        #expect(try Manual("README.md").linkedFiles.contains("docs/queries.md"))
    }

    @Test(arguments: QuestionDesk.seeds)
    func everyQuestionHasAnAnswer(seed: Int) throws {
        let desk = try QuestionDesk.of(seed)
        for question in try Question.all() {
            let answer = try desk.database.psql(
                "copy (\(question.sql)) to stdout (format csv, header)",
                as: desk.database.member(of: question.role))
            let lines = answer.split(separator: "\n")
            #expect(lines.count > 1, "\(question): nobody is told anything")
            let columns = lines[0].split(separator: ",").map(String.init)
            #expect(Set(columns).count == columns.count, "\(question): \(columns)")
            for column in columns {
                // What has no name of its own is called after its function.
                let isSensible =
                    column.wholeMatch(of: #/[a-z][a-z0-9_]+/#) != nil
                    && !["sum", "count", "round", "case", "coalesce"].contains(column)
                #expect(isSensible, "\(question): \(column)")
            }
            let money = #/amount|revenue|fees|sold|paid$|outstanding|tax$|^value/#
            if columns.contains(where: { $0.firstMatch(of: money) != nil }) {
                #expect(columns.contains("currency"), "\(question): \(columns)")
            }
        }
    }

    // MARK: The figures

    /// Compares sums of an answer with what is known; both as rows of one text and numbers.
    private func expect(
        _ number: Int, _ summed: String, equals known: String, seed: Int
    ) throws {
        let desk = try QuestionDesk.of(seed)
        let question = try Question.all()[number - 1]
        let differences = try desk.database.psql(
            """
            with answer as (\(question.sql)), found as (\(summed)), known as (\(known))
            (select 'found', f.* from found f except select 'found', k.* from known k)
            union all
            (select 'known', k.* from known k except select 'known', f.* from found f)
            """)
        #expect(differences == "", "\(question) of seller \(seed)")
        let isEmpty = try desk.database.psql(
            "with answer as (\(question.sql)) select not exists (\(known))")
        #expect(isEmpty == "f", "\(question) of seller \(seed)")
    }

    /// A figure of the simulator's truth for March, per currency.
    private func truth(
        _ figure: KeyPath<Truth.Month, String>, seed: Int
    ) throws -> String {
        let months = try QuestionDesk.of(seed).truth.months.filter { $0.month == "2026-03" }
        let rows = months.map { "('\($0.currency)', \($0[keyPath: figure])::numeric)" }
        return """
            select currency, sum(amount) from (values \(rows.joined(separator: ", ")))
                as truth (currency, amount) group by currency having sum(amount) <> 0
            """
    }

    @Test(arguments: QuestionDesk.seeds)
    func whatWasBilledCollectedTaxedAndUsedIsTheTruth(seed: Int) throws {
        try expect(
            1,
            """
            select currency, sum(coalesce(sold, 0) + coalesce(refunded, 0) + coalesce(seller_tax, 0))
            from answer where product_title is not null group by currency having sum(sold) <> 0
            """, equals: truth(\.billed, seed: seed), seed: seed)
        try expect(
            1, "select currency, sum(listing_fees) from answer group by currency",
            equals: truth(\.fees, seed: seed), seed: seed)
        try expect(
            2,
            "select currency, sum(for_us) from answer group by currency having sum(for_us) <> 0",
            equals: truth(\.collected, seed: seed), seed: seed)
        try expect(
            7, "select currency, sum(tax) from answer group by currency",
            equals: truth(\.taxes, seed: seed), seed: seed)
        try expect(
            15,
            """
            select currency, sum(estimated_revenue) from answer group by currency
            having sum(estimated_revenue) <> 0
            """, equals: truth(\.usage, seed: seed), seed: seed)
    }

    /// Entries as they were delivered, the newest row of each: no view of ours between.
    private static let entries = """
        select * from (
            select distinct on (seller_id, billing_event_id) * from sdds.billing_event
            order by seller_id, billing_event_id, update_date desc) e
        where delete_date is null
        """

    @Test(arguments: QuestionDesk.seeds)
    func moneyIsWhatTheDeliveredEntriesComeTo(seed: Int) throws {
        // A transfer pays what the bank got, but for a hundredth an entry.
        try expect(
            4, "select count(distinct currency) = 1, true from answer",
            equals: """
                with entry as materialized (\(Self.entries)), transfer as (
                    select * from entry
                    where transaction_type = 'DISBURSEMENT' and bank_trace_id is not null
                        and invoice_date >= '2026-03-01 00:00Z' and invoice_date < '2026-04-01 00:00Z'
                        and billing_event_id not in (select parent_billing_event_id from entry
                            where transaction_type = 'DISBURSEMENT_FAILURE')
                    order by invoice_date, bank_trace_id limit 1)
                select true, abs(t.amount - (select sum(paid) from answer)) <= 0.01 * (
                    select count(*) from entry c
                    where c.disbursement_billing_event_id = t.billing_event_id)
                from transfer t
                """, seed: seed)
        // AWS's own report has what is open per line.
        try expect(
            3, "select currency, sum(outstanding) from answer group by currency",
            equals: """
                select currency, sum(uncollected_net_revenue) from (
                    select distinct silent_internal_report_transaction, invoice_id, currency,
                        uncollected_net_revenue
                    from marketplace.billed_revenue_report
                    where invoice_id is not null) as r
                group by currency having sum(uncollected_net_revenue) <> 0
                """, seed: seed)
        try expect(
            5, "select currency, expected_on, amount from answer",
            equals: """
                with entry as materialized (\(Self.entries)), failed as (
                    select parent_billing_event_id as id from entry
                    where transaction_type = 'DISBURSEMENT_FAILURE'
                ), line as (
                    select coalesce(buyer_invoice_id, invoice_id) as invoice,
                        coalesce(buyer_line_item_id, line_item_id) as item, currency,
                        sum(amount) filter (where action in ('COLLECTED', 'INVOICED')) as collected,
                        sum(amount) filter (where action = 'DISBURSED') as paid
                    from entry
                    where transaction_type not like 'DISBURSEMENT%'
                        and (action = 'COLLECTED'
                            -- AWS's corrections have no buyer who pays.
                            or action = 'INVOICED' and transaction_type = 'BALANCE_ADJUSTMENT'
                            or action = 'DISBURSED'
                            and disbursement_billing_event_id not in (select id from failed)
                            and disbursement_billing_event_id not in (
                                select billing_event_id from entry
                                where transaction_type = 'DISBURSEMENT_FAILURE'))
                    group by 1, 2, 3
                )
                select currency, date '2026-05-13', sum(collected + coalesce(paid, 0)) from line
                where collected is not null group by currency
                """, seed: seed)
        try expect(
            8, "select currency, sum(amount) from answer group by currency",
            equals: """
                select currency, sum(amount) from (\(Self.entries)) e
                where action = 'INVOICED'
                    and transaction_type in ('SELLER_REV_SHARE_REFUND', 'SELLER_REV_SHARE_CREDIT')
                    and charge_side is distinct from 'BUYING'
                    and invoice_date >= '2026-01-01 00:00Z' and invoice_date < '2026-05-01 00:00Z'
                group by currency
                """, seed: seed)
        // Shares are of everything in the currency, also beyond the tenth place.
        try expect(
            9, "select currency, sum(revenue) > 0, max(place) <= 10 from answer group by currency",
            equals: """
                select distinct currency, true, true from (\(Self.entries)) e
                where action = 'INVOICED' and transaction_type = 'SELLER_REV_SHARE'
                    and charge_side is distinct from 'BUYING'
                    and invoice_date >= '2025-05-01 00:00Z'
                """, seed: seed)
        // The report is checked elsewhere: nothing of its months is left out or counted twice.
        for (number, months) in [(6, "'2026-01', '2026-02', '2026-03'"), (13, "'2026-03'")] {
            try expect(
                number, "select currency, sum(revenue) from answer group by currency",
                equals: """
                    select currency, sum(gross_revenue + gross_refund)
                    from marketplace.billed_revenue_report
                    where to_char(invoice_date at time zone 'UTC', 'YYYY-MM') in (\(months))
                    group by currency having sum(gross_revenue + gross_refund) <> 0
                    """, seed: seed)
        }
        // Who resells, and who pays for goods: the one has a reseller, the other a cost.
        try expect(
            14,
            "select currency, sum(cost_of_goods) from answer where channel = 'we resell' group by currency",
            equals: """
                select currency, sum(amount) from marketplace.sales
                where action = 'INVOICED' and kind ~ '^wholesale_cost'
                    and buyer_invoice_id in (
                        select invoice_id from marketplace.invoice_to_cash
                        where invoiced_at >= '2026-01-01 00:00Z'
                            and invoiced_at < '2026-04-01 00:00Z')
                group by currency
                """, seed: seed)
    }

    @Test(arguments: QuestionDesk.seeds)
    func agreementsAndCustomersAreThoseDelivered(seed: Int) throws {
        let agreements = """
            select * from (
                select distinct on (seller_id, agreement_id, valid_from) * from sdds.agreement
                order by seller_id, agreement_id, valid_from, update_date desc) a
            where delete_date is null
            """
        try expect(
            10, "select at from answer where change = 'won'",
            equals: """
                select min(acceptance_time) from (\(agreements)) a group by acceptor_account_id
                having min(acceptance_time) >= '2026-01-01 00:00Z'
                    and min(acceptance_time) < '2026-04-01 00:00Z'
                """, seed: seed)
        try expect(
            11, "select distinct agreement_id from answer",
            equals: """
                select agreement_id from (
                    select distinct on (agreement_id) * from (\(agreements)) a
                    where status not in ('SUPERSEDED', 'ROLLED_BACK')
                    order by agreement_id, valid_from desc) c
                where status = 'ACTIVE' and end_time >= '2026-04-01 00:00Z'
                    and end_time < '2026-06-30 00:00Z'
                """, seed: seed)
        try expect(
            12, "select change, agreement_id from answer",
            equals: """
                select case intent when 'AMEND' then 'amended' when 'RENEW' then 'renewed'
                    else 'replaced' end, agreement_id
                from (\(agreements)) a
                where intent in ('AMEND', 'RENEW', 'REPLACE') and status <> 'ROLLED_BACK'
                group by intent, agreement_id
                having min(valid_from) >= '2025-12-01 00:00Z'
                    and min(valid_from) < '2026-04-01 00:00Z'
                """, seed: seed)
    }

    @Test(arguments: QuestionDesk.seeds)
    func lostMoneyIsFoundWhereItWasPut(seed: Int) throws {
        try expect(
            16, "select month, estimated_revenue, currency, agreement_id from answer",
            equals: """
                select date '2026-02-01', 77.50, 'USD', agreement_id from sdds.daily_usage
                where usage_feed_id = 'crafted'
                """, seed: seed)
        try expect(
            16, "select buyer_company is not null, product_title is not null from answer",
            equals: "select true, true", seed: seed)
        try expect(
            17, "select dimension, quantity, product_title is not null from answer",
            equals: "select 'crafted', 5::numeric, true", seed: seed)
    }

    @Test(arguments: QuestionDesk.seeds)
    func whatWasRestatedIsWhatWasDeliveredTwice(seed: Int) throws {
        try expect(
            18, "select distinct billing_event_id from answer where change <> 'added'",
            equals: """
                select billing_event_id from sdds.billing_event e
                where update_date > '2026-04-03 00:00Z' and update_date <= '2026-05-03 00:00Z'
                    and exists (
                        select from sdds.billing_event o
                        where o.billing_event_id = e.billing_event_id
                            and o.update_date <= '2026-04-03 00:00Z')
                """, seed: seed)
        try expect(
            20, "select bool_and(pending_loads = 0 and refreshed_at is not null) from answer",
            equals: "select true", seed: seed)
    }

    /// The record of the file is the entry: file and line lead there without the database.
    @Test(arguments: QuestionDesk.seeds)
    func aFigureLeadsToItsRecord(seed: Int) throws {
        let desk = try QuestionDesk.of(seed)
        let question = try Question.all()[18]
        let traced = try desk.database.psql(
            "with answer as (\(question.sql)) select file, line, amount from answer",
            as: desk.database.member(of: question.role))
        let script = """
            import csv, decimal, sys, urllib.parse
            for row in sys.stdin.read().split():
                file, line, amount = row.rsplit("|", 2)
                with open(urllib.parse.urlparse(file).path, newline="", encoding="utf-8") as source:
                    for number, record in enumerate(csv.DictReader(source), 1):
                        if number == int(line):
                            assert decimal.Decimal(record["amount"]) == decimal.Decimal(amount), row
                            print("found")
            """
        let found = try Command("python3", ["-c", script], input: traced).output()
        #expect(found == String(repeating: "found\n", count: 20))
    }

    /// Money is there once, whatever a product was called before.
    @Test func aProductWithTwoOlderIdsIsSoldOnce() throws {
        let database = try QuestionDesk.of(QuestionDesk.seeds[0]).database
        let counts = try database.psql(
            """
            begin;
            create temporary table before on commit drop as select count(*) from marketplace.sales;
            insert into sdds.legacy_id_mapping
            select (jsonb_populate_record(m, jsonb_build_object('legacy_id', 'older', 'line', 99))).*
            from sdds.legacy_id_mapping m where mapping_type = 'PRODUCT' and line = 1;
            insert into resolved.pending (seller_id, feed, version_id, lines, is_removed)
            select distinct seller_id, 'sdds.legacy_id_mapping', version_id, '{[99,100)}'::int8multirange,
                false
            from sdds.legacy_id_mapping where line = 99;
            select count(*) > 0 from marketplace.refresh();
            select (select count(*) from resolved.legacy_product)
                > (select count(distinct product_id) from resolved.legacy_product);
            select (select count(*) from marketplace.sales) = (select count from before);
            rollback
            """)
        #expect(counts == "t\nt\nt")
    }
}

/// A question of the page, with what answers it.
struct Question: CustomStringConvertible {
    let number: Int
    let title: String
    let sql: String
    let role: String
    let reading: String

    var description: String { "\(number). \(title)" }

    static func all() throws -> [Question] {
        try Manual("docs/queries.md").text.components(separatedBy: "\n### ").dropFirst().map {
            text in
            let parts = text.components(separatedBy: "```")
            try #require(parts.count == 3 && parts[1].hasPrefix("sql\n"))
            let heading = try #require(text.firstMatch(of: #/^(\d+)\. (.*)\n/#)?.output)
            let sql = parts[1].dropFirst("sql\n".count).trimmingCharacters(
                in: .whitespacesAndNewlines)
            try #require(sql.hasSuffix(";"))
            return Question(
                number: try #require(Int(heading.1)), title: String(heading.2),
                sql: String(sql.dropLast()),
                role: parts[0].contains("`sluice_auditor`") ? "sluice_auditor" : "sluice_reader",
                reading: parts[2])
        }
    }
}

/// A seller of half a year, with two rows of its own that no simulation has.
final class QuestionDesk: Sendable {
    static let seeds = [7, 8]
    let desk: Desk
    let truth: Truth

    var database: ScratchDatabase { desk.database }

    private static let first = Result { try QuestionDesk(seeds[0]) }
    private static let second = Result { try QuestionDesk(seeds[1]) }

    static func of(_ seed: Int) throws -> QuestionDesk {
        try seed == seeds[0] ? first.get() : second.get()
    }

    private init(_ seed: Int) throws {
        desk = try Desk()
        let data = desk.exports.path + "/data"
        let feeds = try desk.database.psql(
            "select feed from resolved.feed where feed <> 'sdds.pii_feed_legacy'")
        let made = try desk.run(
            [
                "simulate", data, "--seed", "\(seed)", "--start", "2025-11-01", "--months", "6",
                "--no-gzip",
            ] + feeds.split(separator: "\n").flatMap { ["--feed", String($0)] })
        guard made.succeeded else { throw made }
        truth = try JSONDecoder().decode(
            Truth.self, from: Data(contentsOf: URL(fileURLWithPath: data + "/truth.json")))
        try load(data)
        try deliverUsageThatNobodyBills(data)
        try holdWhatNobodyUses()
    }

    private func load(_ data: String) throws {
        for command in [["backfill", data], ["refresh"]] {
            let done = try desk.run(command, limitSeconds: 400)
            guard done.succeeded else { throw done }
        }
    }

    private func deliverUsageThatNobodyBills(_ data: String) throws {
        let row = try desk.database.psql(
            """
            select concat_ws(',', 'crafted', '2026-02-14', p.product_id, a.agreement_id, 'hosts', 'Hours',
                '31', 'USD', '77.50', 'offer-crafted', '2.5', '2026-02-14T00:00:00Z',
                '2026-02-15T00:00:00Z')
            from marketplace.agreement_current a cross join marketplace.product_current p
            where not exists (
                select from sdds.billing_event e
                where e.agreement_id = a.agreement_id and e.product_id = p.product_id)
            order by a.agreement_id, p.product_id limit 1
            """)
        try desk.deliver(
            "usage_feed_id,usage_date,product_id,agreement_id,dimension_key,usage_unit,"
                + "usage_quantity,pricing_currency,estimated_revenue_in_pricing_currency,offer_id,"
                + "usage_rate_per_unit_in_pricing_currency,valid_from,update_date\n\(row)\n",
            to: "data/DailyUsageFeed_V1/year=2026/month=06/data.csv")
        try load(data)
    }

    private func holdWhatNobodyUses() throws {
        try desk.database.psql(
            """
            with answer as (
                insert into event.entitlement_fetch (
                    seller_id, product_code, asked_at, cause, held, added)
                select seller_id, min(product_code), '2026-01-02 00:00Z', 'sync', 1, 1
                from marketplace.product_current where product_id in (
                    select product_id from marketplace.usage)
                group by seller_id returning *)
            insert into event.entitlement (seller_id, product_code, customer_identifier, dimension,
                integer_value, expiration_date, valid_from, fetched_at, fetch_id)
            select seller_id, product_code, 'crafted', 'crafted', 5, '2999-01-01 00:00Z', asked_at,
                asked_at, fetch_id
            from answer
            """)
    }
}
