import Foundation
import Support
import Testing

/// Usage that was never billed, or came after the end: what is listed and what is not.
@Suite struct UsageFoundTests {
    private func usage(
        _ agreement: String, _ day: String, _ revenue: String = "10", product: String = "p",
        more: FeedRow = [:]
    ) -> FeedRow {
        writtenRow(
            [
                "usage_feed_id": "\(agreement)-\(product)-\(day)-\(revenue)", "usage_date": day,
                "agreement_id": agreement, "product_id": product, "offer_id": "o",
                "estimated_revenue_in_pricing_currency": revenue, "pricing_currency": "USD",
            ], on: day
        ).merging(more) { $1 }
    }

    private func bill(
        _ id: String, _ agreement: String, from first: String, to last: String,
        kind: String = "SELLER_REV_SHARE", more: FeedRow = [:]
    ) -> FeedRow {
        writtenRow(
            [
                "billing_event_id": id, "action": "INVOICED", "transaction_type": kind,
                "amount": "9",
                "currency": "USD", "product_id": "p", "agreement_id": agreement,
                "usage_period_start_date": "\(first)T00:00:00Z",
                "usage_period_end_date": "\(last)T23:59:59Z",
                "invoice_date": "2026-03-02T01:00:00Z",
            ], on: "2026-03-02"
        ).merging(more) { $1 }
    }

    @Test func unbilledUsageIsThatOfMonthsWhoseInvoicesShouldHaveCome() throws {
        let desk = try Desk()
        try desk.deliver(
            [
                usage("billed", "2026-02-28"), usage("last-day", "2026-02-01"),
                usage("forgotten", "2026-02-10"), usage("forgotten", "2026-02-11", "2.50"),
                // Another product, another month, a fee alone, a deleted or a refunded invoice.
                usage("billed", "2026-02-10", product: "q"), usage("billed", "2026-01-31"),
                usage("fee", "2026-02-10"), usage("mistake", "2026-02-10"),
                usage("quarter", "2026-01-10"), usage("quarter", "2026-02-10"),
                // Months without use, and records of nothing beside those of something.
                usage("idle", "2026-02-10", "0", more: ["usage_quantity": "0"]),
                usage("forgotten", "2026-02-12", "0", more: ["usage_quantity": "0"]),
                // Worth nothing, or taken back.
                usage("free", "2026-02-10", "0"), usage("withdrawn", "2026-02-10"),
                usage(
                    "withdrawn", "2026-02-10",
                    more: [
                        "update_date": "2026-02-12T00:00:00Z",
                        "delete_date": "2026-02-12T00:00:00Z",
                    ]),
                // Without a day no invoice can be said to cover it; worth nobody knows what.
                usage("undated", "2026-02-10", more: ["usage_date": ""]),
                usage("priceless", "2026-02-10", "", more: ["usage_quantity": "3"]),
                usage("nothing", "2026-02-10", "", more: ["usage_quantity": "0"]),
                // Without an agreement, as before 2021: by product.
                usage("", "2019-05-05"), usage("", "2019-06-05"),
                // March is not over: its invoices are still to come.
                usage("march", "2026-03-05"),
            ], of: "DailyUsageFeed_V1")
        try desk.deliver(
            [
                bill("b1", "billed", from: "2026-02-01", to: "2026-02-28"),
                bill("b2", "last-day", from: "2026-01-02", to: "2026-02-01"),
                bill("b3", "fee", from: "2026-02-01", to: "2026-02-28", kind: "AWS_REV_SHARE"),
                bill(
                    "b4", "mistake", from: "2026-02-01", to: "2026-02-28",
                    more: ["delete_date": "2026-03-04T00:00:00Z"]),
                bill("b5", "quarter", from: "2026-01-01", to: "2026-03-31"),
                bill("b6", "", from: "2019-05-01", to: "2019-05-31"),
                bill(
                    "told", "other", from: "2026-02-01", to: "2026-02-28",
                    more: ["invoice_date": "2026-03-11T00:00:00Z"]),
            ], of: "BillingEventFeed_V1")
        try desk.loadAll()
        let unbilled = """
            select coalesce(agreement_id, '-') || ' ' || product_id || ' '
                || coalesce(to_char(month, 'YYYY-MM'), '-') || ' '
                || coalesce(trim_scale(estimated_revenue)::text, '-') || ' ' || records
            from marketplace.unbilled_usage order by 1
            """
        let expected = [
            "- p 2019-06 10 1", "billed p 2026-01 10 1", "billed q 2026-02 10 1",
            "fee p 2026-02 10 1", "forgotten p 2026-02 12.5 2", "mistake p 2026-02 10 1",
            "priceless p 2026-02 - 1", "undated p - 10 1",
        ]
        #expect(try desk.rows(unbilled) == expected)
        // A day less, and February is not missed yet.
        try desk.database.psql(
            """
            update resolved.billing_event set invoice_date = '2026-03-10 23:59:59+00'
            where billing_event_id = 'told'
            """)
        #expect(try desk.rows(unbilled) == expected.filter { !$0.contains("2026-02") })
    }

    private func agreement(
        _ id: String, _ status: String, end: String, from day: String = "2026-01-01"
    ) -> FeedRow {
        writtenRow(
            [
                "agreement_id": id, "status": status, "end_time": end, "start_time": "2026-01-01",
            ], on: day)
    }

    @Test func usageAfterTheEndIsThatOfLaterDaysThanItsLast() throws {
        let desk = try Desk()
        let open = "9999-01-01T00:00:00Z"
        try desk.deliver(
            [
                agreement("runs", "ACTIVE", end: open), agreement("no-end", "ACTIVE", end: ""),
                // The status can lag.
                agreement("lags", "ACTIVE", end: "2026-02-10T12:00:00Z"),
                agreement("expired", "EXPIRED", end: "2026-02-10T12:00:00Z", from: "2026-02-10"),
                // Pay as you go has no end: it was cancelled.
                agreement("cancelled", "ACTIVE", end: open),
                agreement("cancelled", "CANCELLED", end: open, from: "2026-02-10"),
                // Ended before its term.
                agreement("replaced", "REPLACED", end: "2027-01-01T00:00:00Z", from: "2026-02-10"),
                // Metered on, with nothing used after the end.
                agreement("silent", "EXPIRED", end: "2026-02-10T12:00:00Z", from: "2026-02-10"),
                agreement("late", "EXPIRED", end: "2026-02-10T12:00:00Z", from: "2026-02-10"),
                // A revision that was taken back does not end it.
                agreement("back", "ACTIVE", end: open),
                agreement("back", "ROLLED_BACK", end: "2026-01-05T00:00:00Z", from: "2026-01-05"),
            ], of: "AgreementFeed_V1")
        let names = [
            "runs", "no-end", "lags", "expired", "cancelled", "replaced", "back", "unknown",
        ]
        try desk.deliver(
            names.flatMap { name in
                ["2026-02-09", "2026-02-10", "2026-02-11", "2026-02-20"].map { usage(name, $0) }
            } + [
                usage("silent", "2026-02-09"),
                usage("silent", "2026-02-11", "0", more: ["usage_quantity": "0"]),
                usage("silent", "2026-02-12", "0", more: ["usage_quantity": "0.000"]),
                // No quantity, no worth: what it says of use is in its revenue alone.
                usage("silent", "2026-02-13", "0"),
                usage("late", "2026-02-11", "0", more: ["usage_quantity": "0"]),
                usage("late", "2026-02-12", "0", more: ["usage_quantity": "0.5"]),
                usage("late", "2026-02-13", "", more: ["usage_quantity": "2"]),
                usage("late", "2026-02-14", "0", more: ["usage_quantity": "0"]),
            ], of: "DailyUsageFeed_V1")
        try desk.loadAll()
        let found = try desk.rows(
            """
            select concat_ws(' ', agreement_id, status, first_day, last_day,
                trim_scale(estimated_revenue)) from marketplace.usage_after_end order by 1
            """)
        #expect(
            found == [
                "cancelled CANCELLED 2026-02-11 2026-02-20 20",
                "expired EXPIRED 2026-02-11 2026-02-20 20", "lags ACTIVE 2026-02-11 2026-02-20 20",
                "late EXPIRED 2026-02-12 2026-02-13 0",
                "replaced REPLACED 2026-02-11 2026-02-20 20",
            ])
    }
}
