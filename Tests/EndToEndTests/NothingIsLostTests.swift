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
