import Foundation
import Support
import Testing

/// Invoice to cash, ageing, payouts and what is to be paid next: case by case, by hand.
@Suite struct InvoiceToCashTests {
    @Test func everyCaseOfAnInvoiceReadsAsFinanceMeansIt() throws {
        let desk = try Desk()
        try desk.deliver(InvoiceCase.all.flatMap(\.bookings), of: "BillingEventFeed_V1")
        try desk.loadAll()
        for each in InvoiceCase.all {
            let found = try desk.rows(
                """
                select concat_ws(' ', replace(invoice_id, '\(each.name)-', ''), currency,
                    trim_scale(invoiced), trim_scale(refunded), trim_scale(forgiven),
                    trim_scale(due), coalesce(trim_scale(collected)::text, '-'),
                    trim_scale(received), trim_scale(disbursed), trim_scale(failed),
                    trim_scale(paid_again), trim_scale(outstanding), trim_scale(undisbursed),
                    coalesce(days_to_collect::text, '-'), coalesce(days_to_cash::text, '-'))
                from marketplace.invoice_to_cash
                where recipient_account_id = '\(each.name)' order by invoice_id, currency
                """)
            #expect(found == each.rows, "\(each.name)")
            let expected = try desk.rows(
                """
                select currency || ' ' || trim_scale(amount) from marketplace.expected_disbursement
                where recipient_account_id = '\(each.name)' order by currency
                """)
            #expect(expected == each.expected, "\(each.name)")
        }
    }

    /// What each payout paid adds up to it, and the month and the ageing to the invoices.
    @Test func theViewsOfMoneyAgreeWithEachOther() throws {
        let desk = try Desk()
        try desk.deliver(InvoiceCase.all.flatMap(\.bookings), of: "BillingEventFeed_V1")
        try desk.loadAll()
        let unequal = try desk.rows(
            """
            select recipient_account_id, 'ageing'
            from (select recipient_account_id, currency, sum(outstanding) as amount
                from marketplace.invoice_to_cash group by 1, 2 having sum(outstanding) <> 0) i
            full join (select recipient_account_id, currency, sum(outstanding) as amount
                from marketplace.ageing group by 1, 2 having sum(outstanding) <> 0) a
                using (recipient_account_id, currency)
            where i.amount is distinct from a.amount
            union all
            select d.recipient_account_id, 'content'
            from marketplace.disbursement d
            where d.status in ('Paid', 'Failed') and d.amount is distinct from (select sum(c.amount)
                from marketplace.disbursement_content c where c.disbursement_id = d.billing_event_id)
            union all
            select d.recipient_account_id, 'difference' from marketplace.disbursement d
            where d.difference is distinct from 0 and d.status in ('Paid', 'Failed')
            union all
            -- What was disbursed of invoices, and of corrections, is what the bank got.
            select recipient_account_id, 'bank'
            from (select recipient_account_id, currency, sum(amount) as amount
                from marketplace.disbursement where status = 'Paid' group by 1, 2) d
            full join (select recipient_account_id, currency, sum(disbursed) as amount
                from resolved.receivable group by 1, 2 having sum(disbursed) <> 0) i
                using (recipient_account_id, currency)
            where d.amount is distinct from i.amount
                and recipient_account_id <> 'payout-row-missing'
            """)
        #expect(unequal == [])
    }

    private static let ages: [(days: Int, age: String)] = [
        (-20, "Not due"), (-1, "Not due"), (0, "Not due"), (1, "1-30"), (30, "1-30"),
        (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"), (91, "91-120"),
        (120, "91-120"), (121, "121+"), (900, "121+"),
    ]

    private func today(_ desk: Desk) throws -> String {
        try desk.database.psql("select (now() at time zone 'UTC')::date")
    }

    @Test func ageingBucketsBeginAndEndOnTheirDays() throws {
        let desk = try Desk()
        var day = ""
        var found: [String] = []
        // Ages are as of now: once more should midnight pass in between.
        while try day != today(desk) {
            day = try today(desk)
            try desk.deliver(
                due(as: Self.ages.map(\.days), on: day, desk), of: "BillingEventFeed_V1")
            try desk.loadAll()
            found = try desk.rows(
                """
                select age || ' ' || invoices || ' ' || trim_scale(outstanding)
                from marketplace.ageing order by age collate "C"
                """)
        }
        let expected = Dictionary(grouping: Self.ages, by: \.age).map { age, days in
            "\(age) \(days.count) \(days.reduce(0) { $0 + $1.days + 1000 })"
        }
        #expect(found == (expected + ["Unknown 1 1"]).sorted())
    }

    /// An invoice for each number of days overdue, and one without a due date.
    private func due(as days: [Int], on today: String, _ desk: Desk) throws -> [FeedRow] {
        var bookings = Bookings("ages")
        for days in days {
            let due = try desk.database.psql("select date '\(today)' - (\(days))")
            bookings.book(
                "d\(days)", "INVOICED", .price, Double(days + 1000), on: "02-01",
                invoice: "d\(days)", line: "\(days)",
                more: ["payment_due_date": "\(due)T23:59:59Z"])
        }
        bookings.book(
            "never", "INVOICED", .price, 1, on: "02-01", invoice: "never",
            more: ["payment_due_date": ""])
        return bookings.rows
    }
}
