extension InvoiceCase {
    /// Payouts that do not wait for the buyer, as in Brazil since 2026.
    static let advances: [InvoiceCase] = [
        .init("advance", ["i1 USD 97 0 0 97 - 97 97 0 0 0 0 - 4"]) {
            $0.sell()
            $0.pay(100, "P1", on: "02-05")
        },
        // The buyer's money comes later, and is not to be paid out again.
        .init("advance-collected", ["i1 USD 97 0 0 97 97 97 97 0 0 0 0 30 4"]) {
            $0.sell()
            $0.pay(100, "P1", on: "02-05")
            $0.collect(100, on: "03-03")
        },
        .init("advance-in-part", ["i1 USD 97 0 0 97 19.4 38.8 38.8 0 0 58.2 58.2 - -"]) {
            $0.sell()
            $0.pay(40, "P1", on: "02-05")
            $0.collect(20, on: "03-03")
        },
        .init("advance-failed", ["i1 USD 97 0 0 97 - 97 97 97 97 0 0 - 11"]) {
            $0.sell()
            $0.pay(100, "P1", on: "02-05")
            $0.transfer("F1", -97, on: "02-08", failureOf: "P1")
            $0.pay(100, "P2", on: "02-12")
        },
    ]

    /// Actions and types of tomorrow: they count where AWS says so, and nothing loses them.
    static let unknown: [InvoiceCase] = [
        .init("unknown-action", ["i1 USD 97 0 0 90 - 0 0 0 0 90 90 - -"]) {
            $0.sell()
            $0.book("n1", "NETTED", .price, -7, on: "02-20")
            $0.book("n2", "NETTED", .price, -50, on: "02-20", more: ["balance_impacting": "0"])
        },
        .init("unknown-both", ["i1 USD 97 0 0 102 - 0 0 0 0 102 102 - -"]) {
            $0.sell()
            $0.book("n1", "NETTED", .unknown, 5, on: "02-20", more: ["transaction_type": "PIX_FEE"])
        },
        .init("unknown-paid", ["i1 USD 95 0 0 95 95 95 95 0 0 0 0 10 14"]) {
            $0.sell()
            $0.book("x", "INVOICED", .price, -2, on: "02-01", more: ["transaction_type": "PIX_FEE"])
            $0.collect(100, on: "02-11")
            $0.book(
                "cx", "COLLECTED", .price, -2, on: "02-11", more: ["transaction_type": "PIX_FEE"])
            $0.pay(100, "P1", on: "02-15", transfer: 95)
            $0.book(
                "px", "DISBURSED", .price, 2, on: "02-15", parent: "x", payout: "P1",
                more: ["transaction_type": "PIX_FEE"])
        },
        // Only what is between AWS and the bank is no part of an invoice.
        .init("unknown-transfer", ["i1 USD 97 0 0 97 97 97 0 0 0 0 97 10 -"], expected: ["USD 97"])
        {
            $0.sell()
            $0.collect(100, on: "02-11")
            $0.transfer("T1", 12, on: "02-15", more: ["transaction_type": "DISBURSEMENT_TEST"])
        },
    ]
}
