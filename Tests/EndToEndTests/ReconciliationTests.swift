import Foundation
import Support
import Testing

/// What two relations of money differ by is explained, cause by cause and row by row; what is not is
/// a finding.
@Suite struct ReconciliationTests {
    /// Items of the seller's account, as `comparison, cause, month, left, right, invoice or payout`.
    private func items(_ desk: Desk, of seller: String) throws -> [String] {
        try desk.rows(
            """
            select concat_ws(' | ', comparison, cause, to_char(month, 'YYYY-MM'),
                trim_scale(left_amount), trim_scale(right_amount),
                replace(coalesce(invoice_id, disbursement_id, '-'), '\(seller)-', ''))
            from marketplace.reconciliation_item
            where recipient_account_id = '\(seller)'
            order by comparison, cause, month, left_amount, right_amount
            """)
    }

    private func unexplained(_ desk: Desk) throws -> [String] {
        try desk.rows(
            "select * from marketplace.reconciliation where unexplained <> 0 order by 1, 2, 3, 4")
    }

    private static let agreement: FeedRow = ["agreement_id": "agmt-nobody-knows"]

    /// Each of what AWS's reports, payouts and the journal can differ by.
    private static let cases:
        [(name: String, items: [String], book: @Sendable (inout Bookings) -> Void)] = [
            (
                "agrees", [],
                {
                    $0.sell()
                    $0.collect(100, on: "02-11")
                }
            ),
            (
                "agreement",
                [
                    "billed revenue report, journal | agreement_unknown | 2026-02 | 0 | -3 | i1",
                    "billed revenue report, journal | agreement_unknown | 2026-02 | 0 | 100 | i1",
                ],
                { $0.sell(more: agreement) }
            ),
            (
                "written-off",
                [
                    "billed revenue report, journal | other_month | 2026-02 | 0 | 100 | i1",
                    "billed revenue report, journal | other_month | 2026-05 | 0 | -100 | i1",
                    "sales, journal | other_month | 2026-02 | -100 | 0 | i1",
                    "sales, journal | other_month | 2026-05 | 0 | -100 | i1",
                ],
                {
                    $0.book("price", "INVOICED", .price, 100, on: "02-01")
                    $0.book("wp", "FORGIVEN", .price, -100, on: "05-01", parent: "price")
                }
            ),
            (
                "unknown-type",
                ["billed revenue report, journal | unknown_type | 2026-02 | 0 | -1 | i1"],
                {
                    $0.sell()
                    $0.book("u1", "INVOICED", .unknown, -1, on: "02-01")
                }
            ),
            (
                "lost-payout",
                [
                    "billed revenue report, journal | payout_missing | 2026-02 | -50 | 0 | i1",
                    "disbursements report, content of payouts | amount_missing | 2026-03 | 0 | 50 | i1",
                    "payouts, content of payouts | payout_missing | 2026-03 | 0 | 50 | lost",
                ],
                {
                    $0.book("price", "INVOICED", .price, 100, on: "02-01")
                    $0.book("p", "DISBURSED", .price, -50, on: "03-02", payout: "lost")
                }
            ),
            (
                "payout-of-nothing",
                ["payouts, content of payouts | lines_missing | 2026-03 | 7 | 0 | P1"],
                { $0.transfer("P1", 7, on: "03-02") }
            ),
            (
                "cent",
                [
                    "disbursements report, content of payouts | amount_missing | 2026-03 | 0 | 100 | i1",
                    "payouts, content of payouts | lines_differ | 2026-03 | 99.99 | 100 | P1",
                ],
                {
                    $0.book("price", "INVOICED", .price, 100, on: "02-01")
                    $0.book("p", "DISBURSED", .price, -100, on: "03-02", payout: "P1")
                    $0.transfer("P1", 99.99, on: "03-02")
                }
            ),
            (
                "half-failed",
                [
                    "payouts, content of payouts | lines_missing | 2026-03 | 100 | 0 | P1",
                    "payouts, journal | failure_differs | 2026-04 | -100 | -60 | P1",
                ],
                {
                    $0.transfer("P1", 100, on: "03-02")
                    $0.transfer("F1", -60, on: "04-02", failureOf: "P1")
                }
            ),
            (
                "adjustment-collected",
                ["collections, journal | balance_adjustment | 2026-03 | 7 | 0 | -"],
                {
                    $0.book("a", "INVOICED", .adjustment, 7, on: "02-01")
                    $0.book("ac", "COLLECTED", .adjustment, 7, on: "03-02")
                }
            ),
        ]

    @Test func everyDifferenceHasItsCauseAndItsRow() throws {
        let desk = try Desk()
        var rows: [FeedRow] = []
        for each in Self.cases {
            var bookings = Bookings(each.name)
            each.book(&bookings)
            rows += bookings.rows
        }
        try desk.deliver(rows, of: "BillingEventFeed_V1")
        try desk.loadAll()
        for each in Self.cases {
            #expect(try items(desk, of: each.name) == each.items, "\(each.name)")
        }
        #expect(try unexplained(desk) == [])
        let lacking = try desk.rows(
            "select distinct cause from marketplace.reconciliation_item where explanation is null")
        #expect(lacking == [])
    }

    /// The figures are those of the relations that they name.
    ///
    /// AWS's reports can show a line more than once, where a product has several legacy ids: of an
    /// awkward seller they are left out.
    @Test(arguments: [nil, 3, 61])
    func theFiguresAreThoseOfTheRelations(awkwardSeed: Int?) throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        if let awkwardSeed {
            try Oracle.output(["awkward.money", "\(awkwardSeed)", data])
        } else {
            let made = try desk.run(["simulate", data, "--seed", "62", "--months", "4"])
            #expect(made.succeeded)
        }
        try desk.loadAll()
        let relations = [
            (
                "billed revenue report, journal", "left",
                """
                select currency, sum(seller_net_revenue) from (
                    select distinct currency, silent_internal_report_transaction,
                        seller_net_revenue from marketplace.billed_revenue_report
                    where silent_internal_report_transaction is not null) r group by 1
                """
            ),
            (
                "billed revenue report, journal", "right",
                "select currency, sum(due) from marketplace.monthly_totals group by 1"
            ),
            (
                "sales, journal", "left",
                "select currency, sum(amount) from marketplace.sales where is_owed group by 1"
            ),
            (
                "sales, journal", "right",
                """
                select currency, -sum(amount) from marketplace.journal
                where account not in (select account from marketplace.ledger_account
                    where class = 'asset')
                    and billing_event_id not in (
                        select billing_event_id from marketplace.disbursement) group by 1
                """
            ),
            (
                "feed, sales", "left",
                "select currency, sum(amount) from marketplace.sales where is_owed group by 1"
            ),
            (
                "collections, journal", "left",
                "select currency, sum(amount) from marketplace.collection group by 1"
            ),
            (
                "collections, journal", "right",
                """
                select currency, -sum(amount) from marketplace.journal
                where action = 'COLLECTED' and account = 'receivable' group by 1
                """
            ),
            (
                "payouts, journal", "right",
                """
                select currency, sum(amount) from marketplace.journal where account = 'bank'
                group by 1
                """
            ),
            (
                "payouts, content of payouts", "left",
                "select currency, sum(amount) from marketplace.disbursement group by 1"
            ),
            (
                "payouts, content of payouts", "right",
                """
                select paid_currency, sum(paid_amount) from marketplace.disbursement_content
                group by 1
                """
            ),
            (
                "disbursements report, content of payouts", "left",
                """
                select currency, sum(disbursed_net_revenue)
                from marketplace.collections_and_disbursements_report group by 1
                """
            ),
            (
                "invoice to cash, journal", "left",
                "select currency, sum(outstanding) from marketplace.invoice_to_cash group by 1"
            ),
            (
                "invoice to cash, journal", "right",
                """
                select currency, sum(amount) from marketplace.journal where account = 'receivable'
                group by 1
                """
            ),
            (
                "expected disbursement, journal", "right",
                """
                select currency, sum(amount) from marketplace.journal where account = 'in_transit'
                group by 1
                """
            ),
            (
                "ageing, journal", "left",
                "select currency, sum(outstanding) from marketplace.ageing group by 1"
            ),
            (
                "invoice to cash, sales", "right",
                "select currency, sum(amount) from marketplace.sales where is_owed group by 1"
            ),
        ]
        for (comparison, side, query) in relations {
            let unequal = try desk.rows(
                """
                with figure as (
                    select currency, sum(\(side)_amount) as amount from marketplace.reconciliation
                    where comparison = '\(comparison)' and currency is not null
                    group by currency
                ), relation (currency, amount) as (\(query))
                select f.currency, f.amount, r.amount
                from figure f
                full join (select * from relation where currency is not null) r using (currency)
                where coalesce(f.amount, 0) <> coalesce(r.amount, 0)
                """)
            let isOfAWS = comparison.contains("report") && side == "left"
            #expect(unequal == [] || (isOfAWS && awkwardSeed != nil), "\(comparison): \(unequal)")
        }
        #expect(try unexplained(desk) == [])
        #expect(try desk.database.number("select count(*) from marketplace.reconciliation") > 60)
    }

    /// Whatever holds a figure: one that is off shows, and ends when it is right again.
    @Test(arguments: [
        (table: "receivable", change: "received = received + 1", which: "true"),
        (table: "settled_entry", change: "amount = amount + 1", which: "action = 'INVOICED'"),
        (
            table: "billing_line", change: "net = net + 1",
            which: "side = 'invoiced' and line is not null"
        ),
    ])
    func aFigureThatIsOffIsAFinding(table: String, change: String, which: String) throws {
        let desk = try Desk()
        let data = desk.exports.path + "/data"
        let made = try desk.run(["simulate", data, "--seed", "8", "--months", "1"])
        #expect(made.succeeded)
        let loaded = try desk.run(["backfill", data])
        #expect(loaded.standardOutput.contains("pairs of figures agree"), "\(loaded)")
        try desk.database.psql(
            """
            update resolved.\(table) set \(change)
            where ctid = (select min(ctid) from resolved.\(table) where \(which))
            """)
        try desk.database.psql("select * from marketplace.reconcile()")
        #expect(try desk.run(["status", "--check"]).status == 1)
        let status = try desk.run(["status"])
        #expect(status.standardOutput.contains("differ by"), "\(status)")
        #expect(status.standardOutput.contains("that no cause explains"))
        let refreshed = try desk.run(["refresh", "--full"])
        #expect(refreshed.standardOutput.contains("pairs of figures agree"), "\(refreshed)")
        #expect(try desk.rows("select what from ingest.finding where kind = 'unexplained'") == [])
    }
}
