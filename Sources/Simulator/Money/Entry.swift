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
    }

    let world: World
    let invoice: Invoice
    let line: InvoiceLine

    private var agreement: Agreement { invoice.agreement }
    private var customer: Customer { invoice.agreement.customer }

    /// The INVOICED row of a slot, or nil when the line has none.
    func invoiced(_ slot: Slot) -> BillingEvent? {
        switch slot {
        case .price, .phantom: row(slot, .price, line.price, on: invoice.issued)
        case .fee: row(slot, .fee, -line.fee, on: invoice.issued)
        case .tax: tax
        case .priceRefund: refund(slot, .priceRefund) { -$0.price }
        case .feeRefund: refund(slot, .feeRefund) { $0.fee }
        }
    }

    private var tax: BillingEvent? {
        switch customer.tax {
        case .none: nil
        case .seller: row(.tax, .sellerTax, line.tax, on: invoice.issued)
        case .aws: row(.tax, .awsTax, line.tax, on: invoice.issued)
        }
    }

    private func refund(
        _ slot: Slot, _ kind: BillingEvent.Kind,
        _ amount: ((price: Money, fee: Money)) -> Money
    ) -> BillingEvent? {
        guard let day = invoice.refunded else { return nil }
        return row(slot, kind, amount(line.refund(in: customer.currency)), on: day)
    }

    private func key(_ slot: Slot) -> Key { line.key.child(.event, slot.rawValue) }

    private func row(
        _ slot: Slot, _ kind: BillingEvent.Kind, _ amount: Money, on day: SimulatedDay
    ) -> BillingEvent? {
        guard amount != .zero else { return nil }
        let broker = customer.market.broker
        let seconds = day == invoice.issued ? invoice.issuedSeconds : day.midnight + 7_200
        let isLinked = broker.linksParents && slot != .price && slot != .phantom
        return BillingEvent(
            key: key(slot), action: .invoiced, kind: kind,
            from: kind.isFee ? world.seller : customer.payer,
            to: kind.isFee || kind == .awsTax ? world.aws(broker) : world.seller,
            parent: isLinked ? key(.price) : nil, disbursement: nil,
            amount: amount, currency: customer.currency, payout: converted(amount),
            isCounting: kind != .awsTax, invoiceSeconds: seconds, actionSeconds: seconds,
            broker: broker, recipient: world.seller,
            sale: sale(isRefund: day != invoice.issued), bank: nil,
            version: Version(
                validFrom: seconds, inserted: world.written(key(slot), on: day)),
            productIndex: agreement.product)
    }

    private func converted(_ amount: Money) -> (amount: Money, currency: Currency)? {
        guard let currency = customer.settlement.payoutCurrency else { return nil }
        return (amount.times(invoice.exchangeRate, over: 1_000_000, in: currency), currency)
    }

    private func sale(isRefund: Bool) -> BillingEvent.Sale {
        BillingEvent.Sale(
            endUser: customer.endUser, product: world.product(agreement.product),
            offer: agreement.offer, agreement: agreement.key, address: customer.address,
            invoice: isRefund ? invoice.key.child(.invoice) : invoice.key,
            buyerInvoice: invoice.key, buyerInvoiceSeconds: invoice.issuedSeconds,
            reference: line.key.child(.reference), line: line.key,
            period: period, dueSeconds: invoice.dueSeconds)
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
