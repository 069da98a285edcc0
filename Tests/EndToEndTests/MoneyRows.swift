import Foundation
import Support

/// Rows of a feed by column, made by hand; columns that are left out load as null.
typealias FeedRow = [String: String]

/// A row that was written at noon of a day.
func writtenRow(_ fields: FeedRow, on day: String = "2026-01-01") -> FeedRow {
    ["valid_from": "\(day)T12:00:00Z", "update_date": "\(day)T12:00:00Z"].merging(fields) { $1 }
}

extension Desk {
    /// Writes a month file of a feed.
    func deliver(_ rows: [FeedRow], of folder: String, month: String = "year=2026/month=03") throws
    {
        let columns = Set(rows.flatMap(\.keys)).sorted()
        let lines = rows.map { row in columns.map { row[$0] ?? "" }.joined(separator: ",") }
        try deliver(
            ([columns.joined(separator: ",")] + lines).joined(separator: "\n") + "\n",
            to: "data/\(folder)/\(month)/data.csv")
    }

    /// Loads what was delivered and brings it into `marketplace`; throws where a row is refused.
    func loadAll() throws {
        let loaded = try run(["backfill", exports.path + "/data"])
        guard loaded.succeeded else { throw loaded }
        let refreshed = try run(["refresh"])
        guard refreshed.succeeded else { throw refreshed }
        let rejects = try database.number("select count(*) from ingest.reject")
        guard rejects == 0 else { throw loaded }
    }

    /// What a query finds, a row each.
    func rows(_ sql: String) throws -> [String] {
        try database.psql(sql).split(separator: "\n").map(String.init)
    }
}

/// Accounting entries of a seller of its own, in few words.
///
/// The seller's account is the case's name, and so part of every row of the views.
struct Bookings {
    let seller: String
    private(set) var rows: [FeedRow] = []

    init(_ seller: String) { self.seller = seller }

    enum Kind: String {
        case price = "SELLER_REV_SHARE"
        case refund = "SELLER_REV_SHARE_REFUND"
        case fee = "AWS_REV_SHARE"
        case feeRefund = "AWS_REV_SHARE_REFUND"
        case sellerTax = "SELLER_TAX_SHARE"
        case awsTax = "AWS_TAX_SHARE"
        case adjustment = "BALANCE_ADJUSTMENT"
        case unknown = "SELLER_TAX_SHARE_CREDIT"
    }

    /// Books an entry of an invoice; its id is the seller's and `id`.
    ///
    /// A day is one of the year 2026 unless it says more.
    mutating func book(
        _ id: String, _ action: String, _ kind: Kind, _ amount: Double, on day: String,
        invoice: String = "i1", line: String = "1", currency: String = "USD",
        parent: String? = nil, payout: String? = nil, more: FeedRow = [:]
    ) {
        let instant = Self.instant(day)
        let informs = kind == .awsTax || action == "DISBURSED" || action == "COLLECTED"
        var row: FeedRow = [
            "billing_event_id": "\(seller)-\(id)", "recipient_account_id": seller,
            "action": action, "transaction_type": kind.rawValue, "amount": Self.cents(amount),
            "currency": currency, "balance_impacting": informs ? "0" : "1",
            "action_date": instant, "invoice_date": "2026-02-01T12:00:00Z",
            "valid_from": instant, "update_date": instant,
        ]
        if kind != .adjustment {
            row["invoice_id"] = "\(seller)-\(invoice)"
            row["buyer_invoice_id"] = row["invoice_id"]
            row["line_item_id"] = line
            row["buyer_line_item_id"] = line
            row["invoice_variant"] = "PURCHASE"
            row["payment_due_date"] = "2026-03-03T00:00:00Z"
        }
        if let parent { row["parent_billing_event_id"] = "\(seller)-\(parent)" }
        if let payout { row["disbursement_billing_event_id"] = "\(seller)-\(payout)" }
        rows.append(row.merging(more) { $1 })
    }

    /// Books a transfer to the bank, or with `of` its failure.
    mutating func transfer(
        _ id: String, _ amount: Double, on day: String, failureOf failed: String? = nil,
        currency: String = "USD", more: FeedRow = [:]
    ) {
        let instant = Self.instant(day)
        var row: FeedRow = [
            "billing_event_id": "\(seller)-\(id)", "recipient_account_id": seller,
            "action": "DISBURSED",
            "transaction_type": failed == nil ? "DISBURSEMENT" : "DISBURSEMENT_FAILURE",
            "amount": Self.cents(amount), "currency": currency, "balance_impacting": "0",
            "action_date": instant, "invoice_date": instant, "valid_from": instant,
            "update_date": instant, "bank_trace_id": "trace-\(id)",
        ]
        if let failed { row["parent_billing_event_id"] = "\(seller)-\(failed)" }
        rows.append(row.merging(more) { $1 })
    }

    private static func cents(_ amount: Double) -> String { String(format: "%.2f", amount) }

    static func instant(_ day: String) -> String {
        day.count == 5 ? "2026-\(day)T12:00:00Z" : "\(day)T12:00:00Z"
    }
}

extension Bookings {
    /// A sale of 100 less 3 of fees, invoiced on 1 February.
    mutating func sell(price: Double = 100, invoice: String = "i1", more: FeedRow = [:]) {
        book("price", "INVOICED", .price, price, on: "02-01", invoice: invoice, more: more)
        book("fee", "INVOICED", .fee, -0.03 * price, on: "02-01", invoice: invoice, more: more)
    }

    /// The buyer has paid the sale, or part of it.
    mutating func collect(_ amount: Double, on day: String, more: FeedRow = [:]) {
        book("cp-\(day)", "COLLECTED", .price, amount, on: day, more: more)
        book("cf-\(day)", "COLLECTED", .fee, -0.03 * amount, on: day, more: more)
    }

    /// A payout of a part of the sale and nothing else.
    mutating func pay(
        _ amount: Double, _ payout: String, on day: String, transfer paid: Double? = nil,
        more: FeedRow = [:]
    ) {
        book(
            "\(payout)-p", "DISBURSED", .price, -amount, on: day, parent: "price", payout: payout,
            more: more)
        book(
            "\(payout)-f", "DISBURSED", .fee, 0.03 * amount, on: day, parent: "fee",
            payout: payout, more: more)
        transfer(payout, paid ?? 0.97 * amount, on: day)
    }

    /// A quarter of the price goes back.
    mutating func refund(on day: String) {
        let instant = Self.instant(day)
        let more = [
            "invoice_date": instant, "invoice_id": "\(seller)-r1",
            "payment_due_date": "2026-06-01T00:00:00Z",
            "buyer_invoice_date": "2026-02-01T12:00:00Z",
        ]
        book("refund", "INVOICED", .refund, -25, on: day, more: more)
        book("refund-fee", "INVOICED", .feeRefund, 0.75, on: day, more: more)
    }
}
