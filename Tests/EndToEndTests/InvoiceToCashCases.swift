/// What an invoice can go through, and what its row must then say.
struct InvoiceCase {
    let name: String
    /// `invoice currency invoiced refunded forgiven due collected received disbursed failed
    /// paid_again outstanding undisbursed days_to_collect days_to_cash`, `-` for null.
    let rows: [String]
    /// `currency amount` of what is to be paid out next.
    let expected: [String]
    let bookings: [FeedRow]

    init(
        _ name: String, _ rows: [String], expected: [String] = [],
        _ book: (inout Bookings) -> Void
    ) {
        self.name = name
        self.rows = rows
        self.expected = expected
        var bookings = Bookings(name)
        book(&bookings)
        self.bookings = bookings.rows
    }
}

extension InvoiceCase {
    static let all = simple + failures + before2026 + odd + advances + unknown

    private static let simple: [InvoiceCase] = [
        .init("invoiced", ["i1 USD 97 0 0 97 - 0 0 0 0 97 97 - -"]) { $0.sell() },
        .init("collected", ["i1 USD 97 0 0 97 97 97 0 0 0 0 97 10 -"], expected: ["USD 97"]) {
            $0.sell()
            $0.collect(100, on: "02-11")
        },
        .init("paid", ["i1 USD 97 0 0 97 97 97 97 0 0 0 0 10 14"]) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.pay(100, "P1", on: "02-15")
        },
        // Days to collect are those until the last money.
        .init("in-parts", ["i1 USD 97 0 0 97 97 97 38.8 0 0 0 58.2 20 -"], expected: ["USD 58.2"]) {
            $0.sell()
            $0.collect(40, on: "02-11")
            $0.pay(40, "P1", on: "02-15")
            $0.collect(60, on: "02-21")
        },
        .init("in-part", ["i1 USD 97 0 0 97 38.8 38.8 38.8 0 0 58.2 58.2 - -"]) {
            $0.sell()
            $0.collect(40, on: "02-11")
            $0.pay(40, "P1", on: "02-15")
        },
        .init(
            "overpaid", ["i1 USD 97 0 0 97 116.4 116.4 0 0 0 -19.4 97 10 -"],
            expected: ["USD 116.4"]
        ) {
            $0.sell()
            $0.collect(120, on: "02-11")
        },
        .init("forgiven", ["i1 USD 97 0 -97 0 - 0 0 0 0 0 0 - -"]) {
            $0.sell()
            $0.book("wp", "FORGIVEN", .price, -100, on: "05-01", parent: "price")
            $0.book("wf", "FORGIVEN", .fee, 3, on: "05-01", parent: "fee")
        },
        // What was paid in time was cash in time: the refund does not make it late.
        .init(
            "refunded", ["i1 USD 97 -24.25 0 72.75 72.75 72.75 97 0 0 0 -24.25 10 14"],
            expected: ["USD -24.25"]
        ) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.pay(100, "P1", on: "02-15")
            $0.refund(on: "03-20")
            $0.book("cr", "COLLECTED", .refund, -25, on: "03-20")
            $0.book("crf", "COLLECTED", .feeRefund, 0.75, on: "03-20")
        },
        // Refunded before a word of its collection: the buyer has still to get it.
        .init("refund-open", ["i1 USD 97 -24.25 0 72.75 97 97 97 0 0 -24.25 -24.25 10 14"]) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.pay(100, "P1", on: "02-15")
            $0.refund(on: "03-20")
        },
        .init(
            "two-currencies",
            [
                "i1 EUR 50 0 0 50 - 0 0 0 0 50 50 - -", "i1 USD 97 0 0 97 97 97 0 0 0 0 97 10 -",
            ], expected: ["USD 97"]
        ) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.book("euro", "INVOICED", .price, 50, on: "02-01", currency: "EUR")
        },
        .init(
            "two-invoices",
            [
                "i1 USD 97 0 0 97 97 97 0 0 0 0 97 10 -", "i2 USD 10 0 0 10 - 0 0 0 0 10 10 - -",
            ], expected: ["USD 97"]
        ) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.book("other", "INVOICED", .price, 10, on: "02-01", invoice: "i2", line: "9")
        },
    ]

    private static let failures: [InvoiceCase] = [
        .init("failed", ["i1 USD 97 0 0 97 97 97 0 97 0 0 97 10 -"], expected: ["USD 97"]) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.pay(100, "P1", on: "02-15")
            $0.transfer("F1", -97, on: "02-18", failureOf: "P1")
        },
        .init("failed-paid-again", ["i1 USD 97 0 0 97 97 97 97 97 97 0 0 10 22"]) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.pay(100, "P1", on: "02-15")
            $0.transfer("F1", -97, on: "02-18", failureOf: "P1")
            $0.pay(100, "P2", on: "02-23")
        },
        // AWS may take the lines of a failed payout back one by one.
        .init("failed-with-lines", ["i1 USD 97 0 0 97 97 97 97 97 97 0 0 10 22"]) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.pay(100, "P1", on: "02-15")
            $0.transfer("F1", -97, on: "02-18", failureOf: "P1")
            $0.book("F1-p", "DISBURSED", .price, 100, on: "02-18", parent: "price", payout: "F1")
            $0.book("F1-f", "DISBURSED", .fee, -3, on: "02-18", parent: "fee", payout: "F1")
            $0.pay(100, "P2", on: "02-23")
        },
        .init("failed-twice", ["i1 USD 97 0 0 97 97 97 97 194 97 0 0 10 33"]) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.pay(100, "P1", on: "02-15")
            $0.transfer("F1", -97, on: "02-18", failureOf: "P1")
            $0.pay(100, "P2", on: "02-23")
            $0.transfer("F2", -97, on: "02-25", failureOf: "P2")
            $0.pay(100, "P3", on: "03-06")
        },
        // The first part was paid once and for all.
        .init("second-part-failed", ["i1 USD 97 0 0 97 97 97 97 58.2 58.2 0 0 10 33"]) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.pay(40, "P1", on: "02-15")
            $0.pay(60, "P2", on: "02-23")
            $0.transfer("F2", -58.2, on: "02-25", failureOf: "P2")
            $0.pay(60, "P3", on: "03-06")
        },
        // The failure is there before the payout: what is taken back was paid by lines that are.
        .init("payout-row-missing", ["i1 USD 97 0 0 97 97 97 97 0 0 0 0 10 14"]) {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.book("p", "DISBURSED", .price, -100, on: "02-15", parent: "price", payout: "late")
            $0.book("f", "DISBURSED", .fee, 3, on: "02-15", parent: "fee", payout: "late")
        },
    ]

    private static let history: FeedRow = [
        "invoice_date": "2024-05-01T12:00:00Z", "payment_due_date": "2024-05-31T00:00:00Z",
    ]

    // Nothing tells what came in: what was sent to the bank had.
    private static let before2026: [InvoiceCase] = [
        .init("old-open", ["i1 USD 97 0 0 97 - 0 0 0 0 97 97 - -"]) { $0.sell(more: history) },
        .init("old-paid", ["i1 USD 97 0 0 97 - 97 97 0 0 0 0 - 45"]) {
            $0.sell(more: history)
            $0.pay(100, "P1", on: "2024-06-15", more: history)
        },
        .init("old-failed", ["i1 USD 97 0 0 97 - 97 0 97 0 0 97 - -"], expected: ["USD 97"]) {
            $0.sell(more: history)
            $0.pay(100, "P1", on: "2024-06-15", more: history)
            $0.transfer("F1", -97, on: "2024-06-20", failureOf: "P1")
        },
        // Paid long before, refunded when AWS tells what comes in and goes out.
        .init(
            "old-refunded", ["i1 USD 97 -24.25 0 72.75 -24.25 72.75 97 0 0 0 -24.25 - 45"],
            expected: ["USD -24.25"]
        ) {
            $0.sell(more: history)
            $0.pay(100, "P1", on: "2024-06-15", more: history)
            $0.refund(on: "01-20")
            $0.book("cr", "COLLECTED", .refund, -25, on: "01-20")
            $0.book("crf", "COLLECTED", .feeRefund, 0.75, on: "01-20")
        },
        // The second half came in when AWS told so already.
        .init("old-half", ["i1 USD 97 0 0 97 48.5 97 97 0 0 0 0 - 654"]) {
            $0.sell(more: history)
            $0.pay(50, "P1", on: "2024-06-15", more: history)
            $0.collect(50, on: "02-11", more: history)
            $0.pay(50, "P2", on: "02-14", more: history)
        },
    ]

    private static let odd: [InvoiceCase] = [
        // What AWS remits only informs, unless AWS says that it counts; the seller's tax counts.
        .init("taxes", ["i1 USD 105 0 0 105 - 0 0 0 0 105 105 - -"]) {
            $0.sell()
            $0.book("at", "INVOICED", .awsTax, 20, on: "02-01")
            $0.book("st", "INVOICED", .sellerTax, 9, on: "02-01")
            $0.book("ft", "INVOICED", .awsTax, -1, on: "02-01", more: ["balance_impacting": "1"])
        },
        // A type that nobody knows counts where AWS says that it does.
        .init("unknown-type", ["i1 USD 97 -1 0 96 - 0 0 0 0 96 96 - -"]) {
            $0.sell()
            $0.book("u1", "INVOICED", .unknown, -1, on: "02-01")
            $0.book("u2", "INVOICED", .unknown, -9, on: "02-01", more: ["balance_impacting": "0"])
        },
        // No invoice, no buyer: it is paid with the next payout.
        .init(
            "adjusted",
            ["EUR 5 0 0 5 - 5 0 0 0 0 5 - -", "USD -7 0 0 -7 - -7 -7 0 0 0 0 - -"],
            expected: ["EUR 5"]
        ) {
            $0.book("a1", "INVOICED", .adjustment, -7, on: "02-01")
            $0.book("a2", "INVOICED", .adjustment, 5, on: "02-02", currency: "EUR")
            $0.book("a3", "DISBURSED", .adjustment, 7, on: "02-15", parent: "a1", payout: "P1")
            $0.transfer("P1", -7, on: "02-15")
        },
        // A correction of the past and a deletion: only what stands is summed.
        .init("corrected", ["i1 USD 80 0 0 80 - 0 0 0 0 80 80 - -"]) {
            $0.book("price", "INVOICED", .price, 100, on: "02-01")
            $0.book(
                "price", "INVOICED", .price, 80, on: "02-01", more: ["update_date": "2026-02-09"])
            $0.book("twice", "INVOICED", .price, 100, on: "02-01")
            $0.book(
                "twice", "INVOICED", .price, 100, on: "02-01",
                more: ["update_date": "2026-02-09", "delete_date": "2026-02-09"])
        },
        // The fee's own invoice belongs to the buyer's.
        .init("fee-invoice", ["i1 USD 97 0 0 97 - 0 0 0 0 97 97 - -"]) {
            $0.book("price", "INVOICED", .price, 100, on: "02-01")
            $0.book(
                "fee", "INVOICED", .fee, -3, on: "02-01",
                more: [
                    "invoice_id": "fees", "invoice_variant": "LISTING_FEE",
                    "buyer_invoice_date": "2026-02-01T12:00:00Z",
                    "invoice_date": "2026-02-09T12:00:00Z",
                ])
        },
    ]
}
