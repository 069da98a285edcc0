import Support
import Testing

/// What lacks something, or is called like something else, is in every relation all the same, once.
@Suite struct NothingIsLostTests {
    @Test func anAccountThatNoFeedHasIsACustomer() throws {
        let desk = try Desk()
        let gone = ["delete_date": "2026-01-02T00:00:00Z"]
        try desk.deliver(
            [
                writtenRow(["account_id": "known", "tax_legal_name": "Known Ltd"]),
                writtenRow(["account_id": "gone", "tax_legal_name": "Gone Ltd"])
                    .merging(gone) { $1 },
            ], of: "AccountFeed_V1")
        try desk.deliver(
            ["known", "gone", "unknown", ""].map { name in
                writtenRow([
                    "agreement_id": "of-\(name)", "status": "ACTIVE", "acceptor_account_id": name,
                ])
            }, of: "AgreementFeed_V1")
        try desk.loadAll()
        let found = try desk.rows(
            """
            select concat_ws(' ', coalesce(account_id, '-'), coalesce(customer_company, '-'),
                agreements)
            from marketplace.customer order by 1
            """)
        #expect(found == ["- - 1", "gone - 1", "known Known Ltd 1", "unknown - 1"])
    }

    /// AWS may come to call a type as an account of the journal is called.
    @Test func anAccountIsListedOnce() throws {
        let desk = try Desk()
        var bookings = Bookings("s")
        bookings.sell()
        for (number, name) in ["revenue", "receivable", "in_transit"].enumerated() {
            bookings.book(
                "moves-\(number)", "INVOICED", .unknown, 7, on: "02-02",
                more: ["transaction_type": name])
            bookings.book(
                "informs-\(number)", "INVOICED", .unknown, 7, on: "02-02",
                more: ["transaction_type": name, "balance_impacting": "0"])
        }
        bookings.book(
            "new", "NETTED", .price, -1, on: "02-03", more: ["transaction_type": "PIX_FEE"])
        bookings.transfer("T1", 12, on: "02-15", more: ["transaction_type": "DISBURSEMENT_TEST"])
        try desk.deliver(bookings.rows, of: "BillingEventFeed_V1")
        try desk.loadAll()
        let repeated = try desk.rows(
            "select account from marketplace.ledger_account group by account having count(*) > 1")
        #expect(repeated == [])
        let unlisted = try desk.rows(
            """
            select account from marketplace.journal
            except select account from marketplace.ledger_account
            """)
        #expect(unlisted == [])
        let unbooked = try desk.rows(
            """
            select billing_event_id from sdds.billing_event
            except select billing_event_id from marketplace.journal
            """)
        #expect(unbooked == [])
        let sums =
            "select trim_scale(sum(debit)) || ' ' || trim_scale(sum(credit)) from marketplace."
        #expect(try desk.rows(sums + "trial_balance") == desk.rows(sums + "journal"))
    }

    /// What of a record of usage is empty, its worth is in the month and in every other sum.
    @Test func usageIsCountedWhateverItLacks() throws {
        let desk = try Desk()
        let whole = [
            "usage_date": "2026-02-10", "product_id": "p", "agreement_id": "a", "offer_id": "o",
            "end_user_account_id": "u", "payer_account_id": "y", "recipient_account_id": "r",
            "pricing_currency": "USD", "estimated_revenue_in_pricing_currency": "2",
            "usage_quantity": "3", "region": "us-east-1", "dimension_key": "d",
        ]
        let rows = [""] + whole.keys.sorted()
        // A product with two older ids has two contexts: the usage report repeats its records.
        try desk.deliver(
            ["old", "older"].map {
                writtenRow(["mapping_type": "PRODUCT", "legacy_id": $0, "new_id": "p"])
            }, of: "LegacyIdMappingFeed_V1")
        try desk.deliver(
            rows.map { column in
                writtenRow(whole.merging([column: ""]) { $1 })
                    .merging(["usage_feed_id": "without-\(column)"]) { $1 }
                    .filter { $0.key != "" }
            }, of: "DailyUsageFeed_V1")
        try desk.loadAll()
        let found = try desk.rows(
            "select count(*) || ' ' || sum(estimated_revenue) from marketplace.usage")
        #expect(found == ["\(rows.count) \((rows.count - 1) * 2)"])
        let differing = try desk.rows(
            """
            select u.month, u.product_id, u.currency, u.amount, t.estimated_usage
            from (
                select month, product_id, currency, sum(estimated_revenue) as amount
                from marketplace.usage group by month, product_id, currency
            ) as u
            left join (
                select month, product_id, currency, sum(estimated_usage) as estimated_usage
                from marketplace.monthly_totals group by month, product_id, currency
            ) as t
                on t.month is not distinct from u.month
                and t.product_id is not distinct from u.product_id
                and t.currency is not distinct from u.currency
            where t.estimated_usage is distinct from u.amount
            """)
        #expect(differing == [])
        let recipients = try desk.rows(
            """
            select coalesce(recipient_account_id, '-') || ' ' || sum(estimated_usage)
            from marketplace.monthly_totals group by recipient_account_id order by 1
            """)
        #expect(recipients == ["- 2", "r \((rows.count - 2) * 2)"])
    }

    @Test func ofEveryRelationItIsSaidHowFreshItIs() throws {
        let silent = try Desk().rows(
            """
            select r.relation from marketplace.report r
            where not exists (
                select from marketplace.freshness f
                where f.relation = 'marketplace.' || r.relation)
            order by r.relation
            """)
        #expect(silent == ["freshness", "seller"])
    }
}
