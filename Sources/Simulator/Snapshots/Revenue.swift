/// What an invoice line, or a refund of it, brought in a period.
struct RevenueLine {
    let invoice: Invoice
    let line: InvoiceLine
    let price: Money
    let fee: Money
    let refund: Money
    let feeRefund: Money
    let cost: Money
    /// American tax that the seller remits, and what of it was given back.
    let tax: Money
    let taxRefund: Money

    var agreement: Agreement { invoice.agreement }
    var customer: Customer { invoice.agreement.customer }
    var currency: Currency { customer.currency }
    /// What remains of price and refund after fees and costs.
    var net: Money { price + refund + fee + feeRefund + cost }

    /// `YYYY-MM` of the invoice.
    var period: String { invoice.issued.month.name }
}

extension World {
    /// The lines that were invoiced, or refunded, within a period.
    func forEachRevenueLine(
        in period: ClosedRange<SimulatedDay>, of kind: Agreement.Kind? = nil,
        _ body: (RevenueLine) throws -> Void
    ) rethrows {
        try forEachAgreement { agreement in
            guard kind == nil || agreement.kind == kind else { return }
            try forEachInvoice(of: agreement, around: period.upperBound) { invoice in
                let isSold = period.contains(invoice.issued)
                let isRefunded = invoice.refunded.map(period.contains) ?? false
                guard isSold || isRefunded else { return }
                try forEachLine(of: invoice) { line in
                    try body(revenue(invoice, line, isSold: isSold, isRefunded: isRefunded))
                }
            }
        }
    }

    private func revenue(
        _ invoice: Invoice, _ line: InvoiceLine, isSold: Bool, isRefunded: Bool
    ) -> RevenueLine {
        let entry = Entry(world: self, invoice: invoice, line: line)
        func amount(_ slot: Entry.Slot) -> Money {
            guard slot.isRefund ? isRefunded : isSold else { return .zero }
            return entry.invoiced(slot)?.amount ?? .zero
        }
        let customer = invoice.agreement.customer
        let isSellers = customer.market == .unitedStates && customer.tax == .seller
        return RevenueLine(
            invoice: invoice, line: line, price: amount(.price), fee: amount(.fee),
            refund: amount(.priceRefund), feeRefund: amount(.feeRefund),
            cost: amount(.cost) + amount(.costRefund), tax: isSellers ? amount(.tax) : .zero,
            taxRefund: isSellers ? amount(.taxRefund) : .zero)
    }

    /// The calendar month before a publication on the 15th, once it has been simulated.
    func monthBefore(publication day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        guard day.date.day == 15 else { return nil }
        let month = day.month + -1
        return month.first...month.last
    }
}

extension RowWriter {
    /// Billed amount, fee, refund, fee refund, cost, net and currency.
    mutating func revenue(_ row: borrowing RevenueLine) {
        let currency = row.currency
        money(row.price, currency)
        money(row.fee, currency)
        money(row.refund, currency)
        money(row.feeRefund, currency)
        money(row.cost, currency)
        money(row.net, currency)
        quoted(currency.code)
    }

    /// The sale's reference, and American tax and its refund.
    mutating func referenceAndTax(_ row: borrowing RevenueLine) {
        reference(row)
        money(row.tax, row.currency)
        money(row.taxRefund, row.currency)
    }

    mutating func reference(_ row: borrowing RevenueLine) {
        name("", row.line.reference(in: row.agreement.channel), 20)
    }
}
