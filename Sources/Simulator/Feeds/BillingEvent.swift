/// One accounting entry.
struct BillingEvent: FeedRow {
    enum Action {
        case invoiced
        case forgiven
        case collected
        case disbursed
    }

    enum Kind {
        case price
        case priceRefund
        case fee
        case feeRefund
        case sellerTax
        case awsTax
        case disbursement
        case disbursementFailure
    }

    /// The parties of a sale; a payout has none.
    struct Sale {
        let endUser: Key?
        let product: Key
        let offer: Key
        let agreement: Key
        let address: Key
        let invoice: Key
        /// The invoice of the sale, also on a refund's rows.
        let buyerInvoice: Key
        let buyerInvoiceSeconds: Int64
        let reference: Key
        let line: Key
        /// First and last second of the billed period, if one is billed.
        let period: (first: Int64, last: Int64)?
        let dueSeconds: Int64
    }

    /// How the bank knows a payout.
    struct Bank {
        let trace: Key
        let reference: Key
    }

    var key: Key
    var action: Action
    var kind: Kind
    var from: Key
    var to: Key
    var parent: Key?
    var disbursement: Key?
    var amount: Money
    var currency: Currency
    var payout: (amount: Money, currency: Currency)?
    var isCounting: Bool
    var invoiceSeconds: Int64
    var actionSeconds: Int64
    var broker: Broker
    var recipient: Key
    var sale: Sale?
    var bank: Bank?
    var version: Version
    /// What a reader of the current view counted before this row and must no longer count.
    var replaced: Money?
    /// Marks that a payout's failure makes this line void.
    ///
    /// Such rows are not written.
    var isVoiding = false
    var productIndex: Int?

    var isDeleted: Bool { version.deleted != nil }
    var isWritten: Bool { !isVoiding }

    func forEachAmount(_ body: (AmountColumn, Currency?, Money) -> Void) {
        body(.amount, currency, amount)
        if let payout { body(.disbursementAmount, payout.currency, payout.amount) }
    }
}

extension BillingEvent.Action {
    var name: StaticString {
        switch self {
        case .invoiced: "INVOICED"
        case .forgiven: "FORGIVEN"
        case .collected: "COLLECTED"
        case .disbursed: "DISBURSED"
        }
    }
}

extension BillingEvent.Kind {
    var name: StaticString {
        switch self {
        case .price: "SELLER_REV_SHARE"
        case .priceRefund: "SELLER_REV_SHARE_REFUND"
        case .fee: "AWS_REV_SHARE"
        case .feeRefund: "AWS_REV_SHARE_REFUND"
        case .sellerTax: "SELLER_TAX_SHARE"
        case .awsTax: "AWS_TAX_SHARE"
        case .disbursement: "DISBURSEMENT"
        case .disbursementFailure: "DISBURSEMENT_FAILURE"
        }
    }

    /// Whether the buyer pays it and the seller is owed it.
    var isSellerShare: Bool { self == .price || self == .priceRefund || self == .sellerTax }
    var isFee: Bool { self == .fee || self == .feeRefund }
    var isPayout: Bool { self == .disbursement || self == .disbursementFailure }
}
