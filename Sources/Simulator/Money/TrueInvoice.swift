/// What has become of an invoice, from the seller's side and in its currency.
///
/// Made of what the simulator knows of buyer, bank and calendar, not of the rows that it writes.
package struct TrueInvoice: Sendable, Equatable {
    package let number: String
    package let currency: String
    /// Seconds since 1970, as all instants.
    package let invoiced: Int64
    package let due: Int64
    /// What the sale comes to for the seller.
    package private(set) var amount = Total()
    package private(set) var refunded = Total()
    package private(set) var forgiven = Total()
    /// Nil where AWS does not tell it: before 2021.
    package private(set) var collected: Total?
    package private(set) var disbursed = Total()
    package private(set) var failed = Total()
    package private(set) var paidAgain = Total()
    /// Once the whole sale has come in, the instant of that.
    package private(set) var collectedAt: Int64?
    /// Once the whole sale is in the bank, the instant of that.
    package private(set) var disbursedAt: Int64?

    /// What the buyer has still to pay, or to get.
    package var outstanding: Total {
        var open = amount
        open += refunded
        open += forgiven
        open -= collected ?? disbursed
        return open
    }
}

extension Simulation {
    /// Every invoice that was delivered up to a day, with what was delivered of its life.
    package func invoices(asOf day: SimulatedDay) -> [TrueInvoice] {
        var invoices: [TrueInvoice] = []
        world.forEachInvoice(issuedBefore: day) { invoice, lines in
            var truth = TrueInvoice(invoice)
            for line in lines {
                let entry = Entry(world: world, invoice: invoice, line: line)
                truth.bill(entry, asOf: day)
                truth.settle(entry, asOf: day)
            }
            truth.end(invoice, lines, asOf: day, in: world)
            invoices.append(truth)
        }
        return invoices
    }
}

extension World {
    /// The invoices with lines that were issued before a day, each once.
    func forEachInvoice(
        issuedBefore day: SimulatedDay, _ body: (Invoice, [InvoiceLine]) -> Void
    ) {
        let months =
            [SimulatedMonth.historyMonth + 1]
            + (start.month.index...day.month.index)
            .map(SimulatedMonth.init(index:))
        forEachCustomer { customer in
            forEachAgreement(of: customer) { agreement in
                var known: Set<Key> = []
                for month in months {
                    forEachInvoice(of: agreement, around: month.last) { invoice in
                        guard invoice.issued < day, known.insert(invoice.key).inserted
                        else { return }
                        var lines: [InvoiceLine] = []
                        forEachLine(of: invoice) { lines.append($0) }
                        if !lines.isEmpty { body(invoice, lines) }
                    }
                }
            }
        }
    }
}

extension TrueInvoice {
    fileprivate init(_ invoice: Invoice) {
        var writer = RowWriter()
        number = writer.collected { $0.numberText(invoice.key, 10) }
        currency = "\(invoice.agreement.currency.code)"
        invoiced = invoice.issuedSeconds
        due = invoice.dueSeconds
    }

    /// What is on the invoice, a mistake included for as long as it stands.
    fileprivate mutating func bill(_ entry: Entry, asOf day: SimulatedDay) {
        let invoice = entry.invoice
        for slot in Entry.Slot.sale { amount += entry.counted(slot) }
        if let wrong = entry.line.wrongPrice, invoice.corrected >= day {
            amount += wrong - entry.line.price
        }
        if entry.line.index == 0, invoice.hasPhantom, invoice.phantomDeleted >= day {
            amount += entry.line.price
        }
        if let date = invoice.refunded, date < day {
            for slot in Entry.Slot.refund { refunded += entry.counted(slot) }
        }
        if let date = invoice.forgiven, date < day {
            for slot in Entry.Slot.sale { forgiven -= entry.counted(slot) }
        }
    }

    /// What came in and what went to the bank.
    fileprivate mutating func settle(_ entry: Entry, asOf day: SimulatedDay) {
        let invoice = entry.invoice
        guard let paid = invoice.paid, paid < day else { return }
        let settlement = invoice.agreement.customer.settlement
        func come(_ amount: Money) {
            guard paid > SimulatedDay.historyEnd else { return }
            collected = collected ?? Total()
            collected? += amount
        }
        func pay(_ amount: Money, in cycle: SimulatedDay) {
            guard cycle < day else { return }
            let isFailed = Payout.fails(settlement, cycle, in: entry.world)
            guard isFailed, cycle + Payout.failureDays < day else { return disbursed += amount }
            failed += amount
            guard cycle + Payout.repetitionDays < day else { return }
            disbursed += amount
            paidAgain += amount
        }
        for slot in Entry.Slot.sale {
            come(entry.counted(slot))
            pay(entry.counted(slot), in: invoice.cycle(of: slot, paid: paid))
        }
        guard let refunded = invoice.refunded, refunded < day else { return }
        for slot in Entry.Slot.refund {
            come(entry.counted(slot))
            pay(entry.counted(slot), in: Payout.cycle(after: refunded))
        }
    }

    /// When the sale had come in, and when it was in the bank.
    fileprivate mutating func end(
        _ invoice: Invoice, _ lines: [InvoiceLine], asOf day: SimulatedDay, in world: World
    ) {
        guard let paid = invoice.paid, paid < day else { return }
        if paid > SimulatedDay.historyEnd { collectedAt = paid.midnight + 3_600 }
        let settlement = invoice.agreement.customer.settlement
        let hasTax = lines.contains {
            Entry(world: world, invoice: invoice, line: $0).counted(.tax) != .zero
        }
        var last = invoice.cycle(of: hasTax ? .tax : .price, paid: paid)
        if Payout.fails(settlement, last, in: world), last + Payout.failureDays < day {
            last = last + Payout.repetitionDays
        }
        // With the tax a cycle later, the rest may have been paid again by then.
        if last < day { disbursedAt = last.midnight + 3_600 }
    }
}

extension Invoice {
    /// The payout cycle of a part of a sale.
    fileprivate func cycle(of slot: Entry.Slot, paid: SimulatedDay) -> SimulatedDay {
        let first = Payout.cycle(after: paid)
        return isSplit && slot == .tax ? Payout.cycle(after: first) : first
    }
}

extension Entry {
    /// What a row changes of what AWS owes the seller.
    fileprivate func counted(_ slot: Slot) -> Money {
        guard let row = invoiced(slot), row.isCounting else { return .zero }
        return row.amount
    }
}
