/// A part of the tax on one invoice line: that of one jurisdiction.
struct TaxItem: Sendable {
    enum Level: Int, Sendable {
        case state
        case county
        case city
        case district
        /// Value added tax, outside the United States.
        case country

        /// The part of an American tax, in hundredths of a percent of the price.
        fileprivate static let american: [(level: Level, basisPoints: Int64)] = [
            (.state, 650), (.county, 50), (.city, 100), (.district, 25),
        ]
    }

    enum Reason: Sendable {
        case taxable
        case nonTaxable
        case exempt
    }

    let entry: Entry
    let slot: Entry.Slot
    let key: Key
    let level: Level
    let basisPoints: Int64
    let taxable: Money
    let nontaxable: Money
    let amount: Money
    let reason: Reason
    /// Whether the row shows another place than the right one.
    var isMisplaced = false

    var customer: Customer { entry.invoice.agreement.customer }
    var currency: Currency { customer.currency }

    /// The invoice's instant, or that of the refund.
    var seconds: Int64 {
        slot.isRefund
            ? (entry.invoice.refunded ?? entry.invoice.issued).midnight + 7_200
            : entry.invoice.issuedSeconds
    }
}

extension Entry {
    /// The items of a tax slot, which add up to its row; without a row, that nothing is taxed.
    func taxItems(_ slot: Slot) -> [TaxItem] {
        let customer = invoice.agreement.customer
        let isHistory = invoice.issued <= SimulatedDay.historyEnd
        let isAmerican = customer.market == .unitedStates
        // Before August 2021 tax outside the United States had no items.
        guard isAmerican || !isHistory else { return [] }
        guard let row = invoiced(slot) else {
            guard slot == .tax, isAmerican, !isHistory else { return [] }
            return [untaxed(slot, 0, amount: line.price)]
        }
        let isTaxOnly = slot == .taxRefund && invoice.refund == .taxOnly
        let base =
            slot == .tax ? line.price : -InvoiceLine.quarter(of: line.price, in: row.currency)
        return split(row.amount, base: isTaxOnly ? .zero : base, slot, isAmerican)
    }

    /// An item that was booked by mistake with the line's phantom, and is deleted with it.
    var spareTaxItem: TaxItem? {
        guard line.index == 0, invoice.hasPhantom else { return nil }
        return untaxed(.phantom, 15, amount: .zero)
    }

    // All but the last part are rounded; the last is the rest, so that the sum is exact.
    private func split(
        _ tax: Money, base: Money, _ slot: Slot, _ isAmerican: Bool
    ) -> [TaxItem] {
        let customer = invoice.agreement.customer
        let parts =
            isAmerican ? TaxItem.Level.american : [(.country, customer.market.taxBasisPoints)]
        let whole = customer.market.taxBasisPoints
        var rest = tax
        return parts.enumerated().map { index, part in
            let isLast = index == parts.count - 1
            let amount =
                isLast ? rest : tax.times(part.basisPoints, over: whole, in: customer.currency)
            rest = rest - amount
            let key = key(slot).child(.taxItem, index)
            return TaxItem(
                entry: self, slot: slot, key: key, level: part.level,
                basisPoints: part.basisPoints, taxable: base, nontaxable: .zero, amount: amount,
                reason: .taxable, isMisplaced: slot == .tax && line.key.below(20) == 0)
        }
    }

    private func untaxed(_ slot: Slot, _ index: Int, amount: Money) -> TaxItem {
        TaxItem(
            entry: self, slot: slot, key: key(slot).child(.taxItem, index), level: .state,
            basisPoints: 0, taxable: .zero, nontaxable: amount, amount: .zero,
            reason: invoice.agreement.customer.key.below(2) == 0 ? .exempt : .nonTaxable)
    }
}
