/// The accounting entries of one invoice line.
///
/// Every entry begins as an INVOICED row; collection, write-off and payout repeat it with
/// another action, sign and parent.
struct Entry: Sendable {
    /// Which row of a line an entry is; its number makes the billing event's identity.
    enum Slot: Int, Sendable {
        case price
        case fee
        case tax
        case phantom
        case priceRefund
        case feeRefund
        case taxRefund
        case cost
        case costRefund
        case otherTax
        case otherTaxRefund
        case feeTax
        case infrastructure

        /// The rows of a sale, of which a line has some.
        static let sale: [Slot] = [
            .price, .fee, .tax, .cost, .otherTax, .feeTax, .infrastructure,
        ]
        /// The rows of a refund.
        static let refund: [Slot] = [
            .priceRefund, .feeRefund, .taxRefund, .costRefund, .otherTaxRefund,
        ]

        var isRefund: Bool { Self.refund.contains(self) }
        var isCost: Bool {
            self == .cost || self == .costRefund || self == .otherTax || self == .otherTaxRefund
        }
        var isTax: Bool { self == .tax || self == .taxRefund }
        var isFee: Bool { self == .fee || self == .feeRefund || self == .feeTax }
    }

    let world: World
    let invoice: Invoice
    let line: InvoiceLine

    private var agreement: Agreement { invoice.agreement }
    private var customer: Customer { invoice.agreement.customer }
    private var broker: Broker { customer.market.broker }
    private var reseller: Partner? {
        if case .resold(let partner) = agreement.channel { partner } else { nil }
    }

    /// The INVOICED row of a slot, or nil when the line has none.
    func invoiced(_ slot: Slot) -> BillingEvent? {
        guard slot.isRefund else { return sold(slot) }
        guard invoice.refunded != nil else { return nil }
        return refunded(slot)
    }

    private func sold(_ slot: Slot) -> BillingEvent? {
        switch slot {
        case .price, .phantom: row(slot, .price, line.price)
        case .fee: row(slot, .fee, -line.fee)
        case .tax: tax.flatMap { row(slot, $0.sale, line.tax) }
        case .cost: row(slot, .price, -line.cost)
        case .otherTax: row(slot, .otherSellerTax, -otherTax)
        case .feeTax: row(slot, .awsTax, -feeTax)
        case .infrastructure: row(slot, .infrastructure, -infrastructure)
        default: nil
        }
    }

    private func refunded(_ slot: Slot) -> BillingEvent? {
        let currency = customer.currency
        func quarter(_ amount: Money) -> Money { InvoiceLine.quarter(of: amount, in: currency) }
        if invoice.refund == .taxOnly {
            return slot == .taxRefund ? tax.flatMap { row(slot, $0.refund, -line.tax) } : nil
        }
        let isCredit = invoice.refund == .credit
        return switch slot {
        case .priceRefund: row(slot, isCredit ? .priceCredit : .priceRefund, -quarter(line.price))
        case .feeRefund: row(slot, isCredit ? .feeCredit : .feeRefund, quarter(line.fee))
        case .taxRefund: tax.flatMap { row(slot, $0.refund, -quarter(line.tax)) }
        case .costRefund: row(slot, .priceRefund, quarter(line.cost))
        case .otherTaxRefund: row(slot, .otherSellerTaxRefund, quarter(otherTax))
        default: nil
        }
    }

    private var tax: (sale: BillingEvent.Kind, refund: BillingEvent.Kind)? {
        switch customer.tax {
        case .none: nil
        case .seller: (.sellerTax, .sellerTaxRefund)
        case .aws: (.awsTax, .awsTaxRefund)
        }
    }

    // The maker's tax on a product that the seller resells, where sellers remit.
    private var otherTax: Money {
        guard customer.tax == .seller else { return .zero }
        return line.cost.times(
            customer.market.taxBasisPoints, over: 10_000, in: customer.currency)
    }

    // European AWS puts tax on its fee and keeps it from the payout.
    private var feeTax: Money {
        guard broker == .europe, invoice.issued > SimulatedDay.historyEnd else { return .zero }
        return line.fee.times(1, over: 5, in: customer.currency)
    }

    private var infrastructure: Money {
        guard broker == .incorporated, agreement.product == 0, agreement.channel == .direct,
            case .usage = invoice.subject, invoice.issued > SimulatedDay.historyEnd
        else { return .zero }
        return line.price.times(2, over: 100, in: customer.currency)
    }

    /// The identity of a slot's INVOICED row.
    func key(_ slot: Slot) -> Key { line.key.child(.event, slot.rawValue) }
}

/// A row's parts.
extension Entry {
    private func row(_ slot: Slot, _ kind: BillingEvent.Kind, _ amount: Money) -> BillingEvent? {
        guard amount != .zero else { return nil }
        let day = slot.isRefund ? invoice.refunded ?? invoice.issued : invoice.issued
        let seconds = slot.isRefund ? day.midnight + 7_200 : invoice.issuedSeconds
        let isLinked = broker.linksParents && slot != .price && slot != .phantom
        let isCounting = !kind.isAWSTax || slot == .feeTax
        return BillingEvent(
            key: key(slot), action: .invoiced, kind: kind, from: from(slot), to: to(slot, kind),
            parent: isLinked ? key(.price) : nil, disbursement: nil,
            amount: amount, currency: customer.currency,
            payout: isCounting ? converted(amount) : nil,
            isCounting: isCounting, invoiceSeconds: seconds, actionSeconds: seconds,
            broker: broker, recipient: world.seller, sale: sale(slot), bank: nil,
            version: Version(
                validFrom: seconds, inserted: world.written(key(slot), on: day)),
            productIndex: agreement.product, catalog: world.catalog(of: agreement.product))
    }

    private func from(_ slot: Slot) -> Key {
        if slot.isFee || slot.isCost || slot == .infrastructure { return world.seller }
        return reseller.map(world.partner) ?? customer.payer
    }

    private func to(_ slot: Slot, _ kind: BillingEvent.Kind) -> Key {
        if slot.isCost { return world.partner(.manufacturer) }
        let isToAWS = kind.isFee || kind.isAWSTax || kind == .infrastructure
        return isToAWS ? world.aws(broker) : world.seller
    }

    private func converted(_ amount: Money) -> (amount: Money, currency: Currency)? {
        guard let currency = customer.settlement.payoutCurrency else { return nil }
        return (amount.times(invoice.exchangeRate, over: 1_000_000, in: currency), currency)
    }

    private func sale(_ slot: Slot) -> BillingEvent.Sale {
        let isHidden = reseller != nil && agreement.key.bits & 1 == 0
        return BillingEvent.Sale(
            endUser: isHidden ? nil : customer.endUser,
            product: world.product(agreement.product),
            offer: agreement.offer.key, isPlaceholderOffer: agreement.offer.isPlaceholder,
            agreement: agreement.key,
            address: reseller == nil
                ? customer.billingAddress(on: invoice.issued, in: world) : nil,
            invoice: invoiceKey(slot), buyerInvoice: invoice.key,
            buyerInvoiceSeconds: invoice.issuedSeconds,
            reference: slot.isCost
                ? line.key.child(.reference, 2) : line.reference(in: agreement.channel),
            line: line.key, period: period, dueSeconds: invoice.dueSeconds,
            variant: variant(slot), charge: charge(slot), buyerReference: line.buyerReference)
    }

    /// The invoice that a slot's row is on: the buyer's, or one of the seller's own.
    func invoiceKey(_ slot: Slot) -> Key {
        let number =
            switch variant(slot) {
            case .purchase: 0
            case .resale: slot.isCost ? 8 : 2
            case .listingFee: 4
            case .valueAddedTax: 6
            }
        if number == 0 { return slot.isRefund ? invoice.key.child(.invoice) : invoice.key }
        return invoice.key.child(.invoice, slot.isRefund ? number + 1 : number)
    }

    // Before 2021 there was one kind only.
    private func variant(_ slot: Slot) -> BillingEvent.InvoiceVariant {
        guard invoice.issued > SimulatedDay.historyEnd else { return .purchase }
        if slot.isFee { return broker == .europe ? .listingFee : .purchase }
        if reseller != nil || slot.isCost { return .resale }
        return slot.isTax && broker == .japan ? .valueAddedTax : .purchase
    }

    private func charge(_ slot: Slot) -> BillingEvent.Charge? {
        if slot.isFee { return .listingFee }
        if slot.isCost { return .resaleBought }
        return reseller == nil || slot == .infrastructure ? nil : .resaleSold
    }

    private var period: (first: Int64, last: Int64)? {
        guard case .usage(let month) = invoice.subject else { return nil }
        return (month.first.midnight, (month + 1).first.midnight - 1)
    }
}

/// What follows an INVOICED row.
extension Entry {
    /// The row of a later stage: same sale, same balance, an own identity.
    private func follow(
        _ event: BillingEvent, _ action: BillingEvent.Action, _ key: Key,
        on day: SimulatedDay
    ) -> BillingEvent {
        var row = event
        row.key = key
        row.action = action
        row.actionSeconds = day.midnight + 3_600
        row.isCounting = false
        row.version = Version(
            validFrom: row.actionSeconds, inserted: world.written(key, on: day))
        return row
    }

    /// The money has come in from the buyer.
    func collected(_ slot: Slot, on day: SimulatedDay) -> BillingEvent? {
        guard let event = counting(slot) else { return nil }
        let key = line.key.child(.event, 16 + slot.rawValue)
        return follow(event, .collected, key, on: day)
    }

    /// The row is written off.
    func forgiven(_ slot: Slot, on day: SimulatedDay) -> BillingEvent? {
        guard let event = counting(slot) else { return nil }
        let key = line.key.child(.event, 32 + slot.rawValue)
        var row = follow(event, .forgiven, key, on: day).reversed(parent: event.key)
        row.isCounting = true
        return row
    }

    /// The row is part of a payout.
    func disbursed(_ slot: Slot, by payout: Payout, on day: SimulatedDay) -> BillingEvent? {
        guard let event = counting(slot) else { return nil }
        let key = line.key.child(.payoutLine, payout.attempt * 16 + slot.rawValue)
        var row = follow(event, .disbursed, key, on: day).reversed(parent: event.key)
        row.disbursement = payout.key(in: world)
        return row
    }

    /// The row takes back what a failed payout paid, as a part of the failure.
    func returned(_ slot: Slot, by payout: Payout, on day: SimulatedDay) -> BillingEvent? {
        guard let event = counting(slot) else { return nil }
        let key = line.key.child(.payoutLine, 128 + slot.rawValue)
        var row = follow(event, .disbursed, key, on: day)
        row.parent = event.key
        row.disbursement = payout.failureKey(in: world)
        return row
    }

    // What AWS remits is shown once and never moves the seller's balance.
    private func counting(_ slot: Slot) -> BillingEvent? {
        invoiced(slot).flatMap { $0.isCounting ? $0 : nil }
    }
}

extension BillingEvent {
    /// This row with the opposite sign, following from `parent`.
    fileprivate func reversed(parent: Key) -> BillingEvent {
        var row = self
        row.parent = parent
        row.amount = -amount
        if let payout { row.payout = (-payout.amount, payout.currency) }
        return row
    }
}
