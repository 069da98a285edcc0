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
        case priceCredit
        case feeCredit
        case sellerTaxRefund
        case awsTaxRefund
        case otherSellerTax
        case otherSellerTaxRefund
        case infrastructure
        case adjustment
    }

    /// What kind of invoice the invoice id names.
    enum InvoiceVariant {
        case purchase
        case resale
        case listingFee
        case valueAddedTax
    }

    /// What a row charges besides the sale, and to whom.
    enum Charge {
        case listingFee
        case resaleBought
        case resaleSold
    }

    /// The parties of a sale; a payout has none.
    struct Sale {
        let endUser: Key?
        let product: Key
        let offer: Key
        var isPlaceholderOffer = false
        let agreement: Key
        let address: Key?
        let invoice: Key
        /// The invoice of the sale, also on a refund's rows.
        let buyerInvoice: Key
        let buyerInvoiceSeconds: Int64
        let reference: Key
        let line: Key
        /// First and last second of the billed period, if one is billed.
        let period: (first: Int64, last: Int64)?
        let dueSeconds: Int64
        var variant = InvoiceVariant.purchase
        var charge: Charge?
        /// The buyer's transaction, when the row's own is another one.
        var buyerReference: Key?
    }

    /// How the bank knows a payout.
    struct Bank {
        let trace: Key
        let reference: Key
        /// What AWS writes as the trace where there is no real one.
        var placeholder: StaticString?
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
    var catalog = Catalog.marketplace

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
        case .priceCredit: "SELLER_REV_SHARE_CREDIT"
        case .feeCredit: "AWS_REV_SHARE_CREDIT"
        case .sellerTaxRefund: "SELLER_TAX_SHARE_REFUND"
        case .awsTaxRefund: "AWS_TAX_SHARE_REFUND"
        case .otherSellerTax: "OTHER_SELLER_TAX_SHARE"
        case .otherSellerTaxRefund: "OTHER_SELLER_TAX_SHARE_REFUND"
        case .infrastructure: "AWS_INFRA_SHARE"
        case .adjustment: "BALANCE_ADJUSTMENT"
        }
    }

    /// Whether it is the seller's price or tax; a cost of goods is of such a kind too.
    var isSellerShare: Bool {
        switch self {
        case .price, .priceRefund, .priceCredit, .sellerTax, .sellerTaxRefund: true
        default: false
        }
    }

    var isFee: Bool { self == .fee || self == .feeRefund || self == .feeCredit }
    var isAWSTax: Bool { self == .awsTax || self == .awsTaxRefund }
    var isSellerTax: Bool { self == .sellerTax || self == .sellerTaxRefund }
    var isPayout: Bool { self == .disbursement || self == .disbursementFailure }
}

extension BillingEvent.InvoiceVariant {
    var name: StaticString {
        switch self {
        case .purchase: "PURCHASE"
        case .resale: "RESALE"
        case .listingFee: "LISTING_FEE"
        case .valueAddedTax: "TAX_VAT"
        }
    }
}

extension BillingEvent.Charge {
    var variant: StaticString { self == .listingFee ? "LISTING_FEE" : "RESALE" }
    var side: StaticString { self == .resaleSold ? "SELLING" : "BUYING" }
}
