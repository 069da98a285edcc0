/// A column that holds money, of any feed.
enum AmountColumn: String, Sendable {
    case amount
    case disbursementAmount = "disbursement_amount"
    case estimatedAgreementValue = "estimated_agreement_value"
    case estimatedRevenue = "estimated_revenue_in_pricing_currency"
    case taxAmount = "tax_amount"
    case casEstimatedRevenue = "Estimated Revenue"
    case casNetAmount = "Net Amount"
    case casAmount = "Amount"
    case casBilled = "Customer Billed Amount"
    case casListingFee = "AWS Listing Fee"
    case casRefunds = "Refunds Amount"
    case casPartnerRevenue = "Partner Revenue Amount"
    case casGrossRevenue = "Gross Revenue"
    case casNetRevenue = "Net Revenue"
    case casTaxAmount = "Tax Amount"
    case casTaxableAmount = "Taxable Sale Amount"
    case casInvoiceAmount = "Invoice Amount (USD)"
    case casNetByPlace = "Net Amount by Tax Location"
    case casGrossByPlace = "Gross Amount by Tax Location"
    case casUncollected = "Uncollected (overall)"
    case casCollected = "Collected (overall)"
    case casPastDue = "Past Due (overall)"
    case contractValue = "total_contract_value"
    case legalAmount = "legal_amount"
}

/// Running sums of what the rows mean, as of the last delivery counted.
///
/// Grows with months, products and currencies only, never with customers.
struct Ledger {
    struct Slot: Hashable {
        let month: SimulatedMonth
        let product: Int
        let currency: Currency
    }

    struct Sums {
        var billed = Total()
        var fees = Total()
        var costs = Total()
        var taxes = Total()
        var charges = Total()
        var collected = Total()
        var forgiven = Total()
        var disbursed = Total()
        var outstanding = Total()
        var usage = Total()
    }

    private(set) var slots: [Slot: Sums] = [:]
    private(set) var transfers: [Currency: Total] = [:]
    private(set) var adjustments: [Currency: Total] = [:]
    private(set) var active: [Int: (agreements: Int, licences: Int)] = [:]

    mutating func add(_ sum: WritableKeyPath<Sums, Total>, _ money: Money, to slot: Slot) {
        slots[slot, default: Sums()][keyPath: sum] += money
    }

    mutating func transfer(_ money: Money, _ currency: Currency) {
        transfers[currency, default: Total()] += money
    }

    mutating func adjust(_ money: Money, _ currency: Currency) {
        adjustments[currency, default: Total()] += money
    }

    mutating func entitle(_ product: Int, _ change: (agreements: Int, licences: Int)) {
        let before = active[product] ?? (0, 0)
        active[product] = (
            before.agreements + change.agreements, before.licences + change.licences
        )
    }
}

extension BillingEvent {
    func count(in ledger: inout Ledger) {
        guard let productIndex else {
            if kind.isPayout { return ledger.transfer(amount, currency) }
            return action == .invoiced ? ledger.adjust(amount, currency) : ()
        }
        let change = isDeleted || isVoiding ? -amount : amount - (replaced ?? .zero)
        let billed = slot(invoiceSeconds, productIndex)
        let acted = slot(actionSeconds, productIndex)
        switch action {
        case .invoiced: invoiced(change, billed, in: &ledger)
        case .collected:
            ledger.add(\.collected, change, to: acted)
            ledger.add(\.outstanding, -change, to: billed)
        case .forgiven:
            ledger.add(\.forgiven, change, to: acted)
            ledger.add(\.outstanding, change, to: billed)
        case .disbursed:
            ledger.add(\.disbursed, -change, to: acted)
            // History does not tell what came in: what was paid out did.
            let isHistory = actionSeconds < (SimulatedDay.historyEnd + 1).midnight
            if isHistory { ledger.add(\.outstanding, change, to: billed) }
        }
    }

    // The seller's price and tax, but not what it pays for what it resells.
    private var isShare: Bool { kind.isSellerShare && sale?.charge != .resaleBought }

    private func invoiced(_ change: Money, _ slot: Ledger.Slot, in ledger: inout Ledger) {
        let isOnFee = sale?.charge == .listingFee
        if isShare {
            ledger.add(\.billed, change, to: slot)
        } else if kind.isFee {
            ledger.add(\.fees, change, to: slot)
        } else if kind.isSellerShare {
            ledger.add(\.costs, change, to: slot)
        } else if !kind.isAWSTax || isOnFee {
            ledger.add(\.charges, change, to: slot)
        }
        if !kind.isAWSTax || isOnFee { ledger.add(\.outstanding, change, to: slot) }
        if kind.isSellerTax || kind.isAWSTax && !isOnFee {
            ledger.add(\.taxes, change, to: slot)
        }
    }

    private func slot(_ seconds: Int64, _ product: Int) -> Ledger.Slot {
        let day = SimulatedDay(number: Int(seconds / 86_400))
        return Ledger.Slot(month: day.month, product: product, currency: currency)
    }
}
