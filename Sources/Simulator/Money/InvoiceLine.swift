/// A line of an invoice: a price, AWS's fee on it, tax, and what a resale costs.
struct InvoiceLine: Sendable {
    let index: Int
    let key: Key
    /// What the seller is owed: on a sale through a reseller the wholesale price.
    let price: Money
    let fee: Money
    let tax: Money
    /// What the seller owes the maker of a product that it resells.
    let cost: Money
    /// What the first row wrongly showed, when there was such a row.
    let wrongPrice: Money?

    /// The listing fee, in hundredths of a percent; a few agreements have another one.
    private static func feeBasisPoints(_ agreement: Agreement) -> Int64 {
        agreement.key.child(.rate, 99).below(40) == 0 ? 1200 : 300
    }

    init(_ index: Int, of invoice: Invoice, buyerPrice: Money) {
        let agreement = invoice.agreement
        let customer = agreement.customer
        let currency = customer.currency
        let wholesale = buyerPrice.times(
            Channel.wholesaleBasisPoints, over: 10_000, in: currency)
        if case .resold = agreement.channel { price = wholesale } else { price = buyerPrice }
        cost = agreement.channel == .reselling ? wholesale : .zero
        self.index = index
        key = invoice.key.child(.line, index)
        fee = price.times(Self.feeBasisPoints(agreement), over: 10_000, in: currency)
        tax =
            customer.tax == .none
            ? .zero : price.times(customer.market.taxBasisPoints, over: 10_000, in: currency)
        let isWrong = key.child(.row).below(40) == 0 && invoice.issued > SimulatedDay.historyEnd
        wrongPrice = isWrong ? price + .units(10 + key.below(90)) : nil
    }

    /// A quarter of an amount, as a refund gives back.
    static func quarter(of amount: Money, in currency: Currency) -> Money {
        amount.times(1, over: 4, in: currency)
    }

    /// The sale, as buyer and reports know it.
    var buyerReference: Key { key.child(.reference) }

    /// The sale as the seller's rows and tax items name it.
    func reference(in channel: Channel) -> Key {
        if case .resold = channel { return key.child(.reference, 1) }
        return buyerReference
    }
}

extension World {
    /// The lines of an invoice: one for each dimension that was used, or one for a contract.
    func forEachLine(of invoice: Invoice, _ body: (InvoiceLine) throws -> Void) rethrows {
        for index in 0..<invoice.agreement.dimensions {
            let price = price(of: invoice, line: index)
            guard price != .zero else { continue }
            try body(InvoiceLine(index, of: invoice, buyerPrice: price))
        }
    }

    // The sum of the rated usage, each day rounded as the usage feed shows it.
    private func price(of invoice: Invoice, line: Int) -> Money {
        switch invoice.subject {
        case .instalment(let index): return invoice.agreement.instalment(index).amount
        case .amendment: return invoice.agreement.amendment?.extra ?? .zero
        case .usage(let month):
            var sum = Money.zero
            for number in month.first.number...month.last.number {
                let day = SimulatedDay(number: number)
                guard invoice.agreement.isMetered(on: day, in: self),
                    invoice.agreement.isInForce(on: day)
                else { continue }
                sum += Usage(invoice.agreement, line, on: day).billed
            }
            return sum
        }
    }
}
