/// A line of an invoice: a price, AWS's fee on it, and tax.
struct InvoiceLine: Sendable {
    let index: Int
    let key: Key
    let price: Money
    let fee: Money
    let tax: Money
    /// What the first row wrongly showed, when there was such a row.
    let wrongPrice: Money?

    /// The listing fee, in hundredths of a percent.
    private static let feeBasisPoints: Int64 = 300

    init(_ index: Int, of invoice: Invoice, price: Money) {
        let customer = invoice.agreement.customer
        let currency = customer.currency
        self.index = index
        self.price = price
        key = invoice.key.child(.line, index)
        fee = price.times(Self.feeBasisPoints, over: 10_000, in: currency)
        tax =
            customer.tax == .none
            ? .zero : price.times(customer.market.taxBasisPoints, over: 10_000, in: currency)
        let isWrong = key.child(.row).below(40) == 0 && invoice.issued > SimulatedDay.historyEnd
        wrongPrice = isWrong ? price + .units(10 + key.below(90)) : nil
    }

    /// What is given back of the price and of the fee, when the invoice is refunded.
    func refund(in currency: Currency) -> (price: Money, fee: Money) {
        (price.times(1, over: 4, in: currency), fee.times(1, over: 4, in: currency))
    }
}

extension World {
    /// The lines of an invoice: one for each dimension that was used, or one for a contract.
    func forEachLine(of invoice: Invoice, _ body: (InvoiceLine) throws -> Void) rethrows {
        for index in 0..<invoice.agreement.dimensions {
            let price = price(of: invoice, line: index)
            guard price != .zero else { continue }
            try body(InvoiceLine(index, of: invoice, price: price))
        }
    }

    // The sum of the rated usage, each day rounded as the usage feed shows it.
    private func price(of invoice: Invoice, line: Int) -> Money {
        switch invoice.subject {
        case .upFront: return invoice.agreement.value
        case .amendment: return invoice.agreement.amendment?.extra ?? .zero
        case .usage(let month):
            var sum = Money.zero
            for number in month.first.number...month.last.number {
                let day = SimulatedDay(number: number)
                guard invoice.agreement.isMetered(on: day, in: self) else { continue }
                sum += Usage(invoice.agreement, line, on: day).billed
            }
            return sum
        }
    }
}
