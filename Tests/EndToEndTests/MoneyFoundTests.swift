import Foundation
import Support
import Testing

/// Fees that deviate and references that lead nowhere: what is listed and what is not.
@Suite struct MoneyFoundTests {
    // MARK: Fees

    @Test func aFeeDeviatesWhenRoundingDoesNotExplainIt() throws {
        let desk = try Desk()
        var bookings = Bookings("s")
        func sale(
            _ name: String, _ price: Double, fee: Double, product: String = "p",
            currency: String = "USD", more: FeedRow = [:]
        ) {
            let more = ["product_id": product].merging(more) { $1 }
            for (kind, amount) in [(Bookings.Kind.price, price), (.fee, -fee)] {
                bookings.book(
                    "\(name)-\(kind)", "INVOICED", kind, amount, on: "02-01", invoice: name,
                    line: name, currency: currency, more: more)
            }
        }
        for number in 1...3 { sale("usual\(number)", 100, fee: 3) }
        sale("high", 100, fee: 20)
        sale("low", 1000, fee: 10)
        sale("none", 50, fee: 0)
        // AWS would pay the seller.
        sale("wrong-sign", 100, fee: -3)
        // Off by a cent, by half a yen, and hardly at all.
        sale("cent", 0.49, fee: 0.01)
        sale("yen", 350, fee: 11, currency: "JPY")
        sale("yens", 350, fee: 12.5, currency: "JPY")
        sale("hair", 100_000, fee: 3_040)
        // Its own product has another rate; a refund takes the fee along.
        for number in 1...2 { sale("dear\(number)", 100, fee: 20, product: "d") }
        sale("refunded", 100, fee: 3)
        bookings.book(
            "r1", "INVOICED", .refund, -50, on: "03-01", invoice: "refunded", line: "refunded",
            more: ["product_id": "p"])
        bookings.book(
            "r2", "INVOICED", .feeRefund, 1.5, on: "03-01", invoice: "refunded", line: "refunded",
            more: ["product_id": "p"])
        // The price went back in full, and not the fee.
        sale("kept", 100, fee: 3)
        bookings.book(
            "r3", "INVOICED", .refund, -100, on: "03-01", invoice: "kept", line: "kept",
            more: ["product_id": "p"])
        // What names no product, or has no date, is compared with its like.
        for number in 1...2 {
            sale("nameless\(number)", 100, fee: 3, product: "")
            sale("undated\(number)", 100, fee: 3, more: ["invoice_date": ""])
        }
        sale("nameless", 100, fee: 30, product: "")
        sale("undated", 100, fee: 30, more: ["invoice_date": ""])
        // Its entries disagree, so that the line has two rows.
        sale("twice", 100, fee: 20)
        bookings.book(
            "more", "INVOICED", .price, 100, on: "02-01", invoice: "twice", line: "twice",
            more: ["product_id": "p", "end_user_account_id": "u"])
        try desk.deliver(bookings.rows, of: "BillingEventFeed_V1")
        try desk.loadAll()
        let found = try desk.rows(
            """
            select concat_ws(' ', replace(invoice_id, 's-', ''), trim_scale(revenue),
                trim_scale(listing_fee), trim_scale(rate), trim_scale(usual_rate),
                trim_scale(difference))
            from marketplace.listing_fee_deviation order by 1
            """)
        #expect(
            found == [
                "high 100 -20 0.2 0.03 17", "kept 0 -3 0.03 3", "low 1000 -10 0.01 0.03 -20",
                "nameless 100 -30 0.3 0.03 27", "none 50 0 0 0.03 -1.5",
                "twice 200 -20 0.1 0.03 14", "undated 100 -30 0.3 0.03 27",
                "wrong-sign 100 3 -0.03 0.03 -6", "yens 350 -12.5 0.0357 0.03 2",
            ])
    }

    // MARK: References

    @Test func anOrphanIsWhatNoFeedHasOrOnlyAsDeleted() throws {
        let desk = try Desk()
        let gone = ["delete_date": "2026-01-02T00:00:00Z"]
        try desk.deliver(
            [
                writtenRow(["product_id": "p"]),
                writtenRow(["product_id": "gone"].merging(gone) { $1 }),
            ],
            of: "ProductFeed_V1")
        try desk.deliver(
            [writtenRow(["agreement_id": "a", "status": "ACTIVE"])], of: "AgreementFeed_V1")
        try desk.deliver(
            [writtenRow(["offer_id": "o", "offer_revision": "1"])], of: "OfferFeed_V1")
        try desk.deliver(
            [writtenRow(["account_id": "u"]), writtenRow(["account_id": "payer"])],
            of: "AccountFeed_V1")
        func entry(_ id: String, _ more: FeedRow) -> FeedRow {
            writtenRow([
                "billing_event_id": id, "action": "INVOICED", "invoice_id": "i",
                "transaction_type": "SELLER_REV_SHARE", "amount": "1", "currency": "USD",
                "product_id": "p", "agreement_id": "a", "offer_id": "o", "from_account_id": "payer",
                "end_user_account_id": "u", "invoice_date": "2026-02-01T00:00:00Z",
            ]).merging(more) { $1 }
        }
        try desk.deliver(
            [
                entry("fine", [:]), entry("no-product", ["product_id": "gone"]),
                entry("no-product-2", ["product_id": "gone"]),
                entry(
                    "nothing", ["agreement_id": "x", "offer_id": "x", "end_user_account_id": "x"]),
                entry("no-payer", ["from_account_id": "x"]),
                // A fee comes from AWS's account, and a reseller's cost from its own.
                entry("fee", ["transaction_type": "AWS_REV_SHARE", "from_account_id": "aws"]),
                entry(
                    "cost",
                    [
                        "charge_variant": "RESALE", "charge_side": "BUYING",
                        "from_account_id": "aws",
                    ]),
                // Of entries that do not exist any more, nothing is missing.
                entry("deleted", ["product_id": "y"].merging(gone) { $1 }),
                entry(
                    "paid",
                    [
                        "action": "DISBURSED", "parent_billing_event_id": "fine",
                        "disbursement_billing_event_id": "payout",
                    ]),
                entry(
                    "lost",
                    [
                        "action": "DISBURSED", "parent_billing_event_id": "deleted",
                        "disbursement_billing_event_id": "never",
                    ]),
                writtenRow([
                    "billing_event_id": "payout", "action": "DISBURSED", "amount": "1",
                    "transaction_type": "DISBURSEMENT", "currency": "USD",
                ]),
            ], of: "BillingEventFeed_V1")
        try desk.loadAll()
        let found = try desk.rows(
            """
            select concat_ws(' ', kind, missing_id, entries, example_billing_event_id)
            from marketplace.orphan_reference order by kind, missing_id
            """)
        #expect(
            found == [
                "agreement x 1 nothing", "end user x 1 nothing", "offer x 1 nothing",
                "parent deleted 1 lost", "payer x 1 no-payer", "payout never 1 lost",
                "product gone 2 no-product",
            ])
    }
}
