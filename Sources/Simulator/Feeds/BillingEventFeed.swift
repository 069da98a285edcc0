/// The billing event feed: what was invoiced, collected, written off and paid out.
struct BillingEventFeed: Feed {
    let world: World

    let name = "sdds.billing_event"
    let folder = "BillingEventFeed_V1"
    let header = BillingEventEncoding.header
    let redeliveryInterval = 9

    typealias Visit = (borrowing BillingEvent) throws -> Void

    func forEachChange(on day: SimulatedDay, _ body: Visit) rethrows {
        for number in day.generated {
            let day = SimulatedDay(number: number)
            try invoices(on: day, body)
            for adjustment in Adjustment.all(on: day, in: world) {
                try body(adjustment.invoiced(in: world))
            }
            switch Payout.step(on: day, in: world) {
            case .pay(let cycle, let attempt): try pay(cycle, attempt, on: day, body)
            case .fail(let cycle): try fail(cycle, on: day, body)
            case nil: break
            }
        }
    }

    func write(_ row: borrowing BillingEvent, into writer: inout RowWriter) {
        BillingEventEncoding.write(row, into: &writer)
    }

    // MARK: Invoices

    private func invoices(on day: SimulatedDay, _ body: Visit) rethrows {
        try world.forEachCustomer { customer in
            try world.forEachAgreement(of: customer) { agreement in
                try world.forEachInvoice(of: agreement, around: day) { invoice in
                    guard invoice.moves(on: day) else { return }
                    try world.forEachLine(of: invoice) { line in
                        let entry = Entry(world: world, invoice: invoice, line: line)
                        try stages(of: entry, on: day, body)
                    }
                }
            }
        }
    }

    private func stages(of entry: Entry, on day: SimulatedDay, _ body: Visit) rethrows {
        let invoice = entry.invoice
        if day == invoice.issued { try issue(entry, body) }
        if day == invoice.corrected { try correct(entry, on: day, body) }
        if day == invoice.phantomDeleted { try deletePhantom(entry, on: day, body) }
        // COLLECTED exists since January 2026; history has none.
        if day == invoice.paid, day > SimulatedDay.historyEnd {
            for slot in Entry.Slot.sale {
                if let row = entry.collected(slot, on: day) { try body(row) }
            }
        }
        if day == invoice.forgiven {
            for slot in Entry.Slot.sale {
                if let row = entry.forgiven(slot, on: day) { try body(row) }
            }
        }
        if day == invoice.refunded {
            for slot in Entry.Slot.refund {
                if let row = entry.invoiced(slot) { try body(row) }
                if let row = entry.collected(slot, on: day) { try body(row) }
            }
        }
    }

    private func issue(_ entry: Entry, _ body: Visit) rethrows {
        if var row = entry.invoiced(.price) {
            if let wrong = entry.line.wrongPrice { row.amount = wrong }
            try body(row)
        }
        for slot in Entry.Slot.sale where slot != .price {
            if let row = entry.invoiced(slot) { try body(row) }
        }
        if entry.hasPhantom, let row = entry.invoiced(.phantom) { try body(row) }
    }

    private func correct(_ entry: Entry, on day: SimulatedDay, _ body: Visit) rethrows {
        guard let wrong = entry.line.wrongPrice, var row = entry.invoiced(.price) else { return }
        row.version.updated = world.written(row.key, on: day)
        row.replaced = wrong
        try body(row)
    }

    private func deletePhantom(_ entry: Entry, on day: SimulatedDay, _ body: Visit) rethrows {
        guard entry.hasPhantom, var row = entry.invoiced(.phantom) else { return }
        row.version.updated = world.written(row.key, on: day)
        row.version.deleted = row.version.updated
        try body(row)
    }
}

/// Payouts.
extension BillingEventFeed {
    // The payout's own row needs the sum of its lines, so it follows them.
    private func pay(
        _ cycle: SimulatedDay, _ attempt: Int, on day: SimulatedDay, _ body: Visit
    ) rethrows {
        var sums = PayoutSums()
        func isPaid(_ settlement: Settlement) -> Bool {
            attempt == 0 || Payout.fails(settlement, cycle, in: world)
        }
        try forEachPaidEntry(in: cycle) { entry, slot in
            let settlement = entry.invoice.agreement.customer.settlement
            guard isPaid(settlement) else { return }
            let payout = Payout(cycle: cycle, settlement: settlement, attempt: attempt)
            guard let row = entry.disbursed(slot, by: payout, on: day) else { return }
            sums.add(row, settlement)
            try body(row)
        }
        for adjustment in Adjustment.all(paidIn: cycle, in: world) {
            guard isPaid(adjustment.settlement) else { continue }
            let payout = Payout(
                cycle: cycle, settlement: adjustment.settlement, attempt: attempt)
            let row = adjustment.disbursed(by: payout, on: day, in: world)
            sums.add(row, adjustment.settlement)
            try body(row)
        }
        try sums.forEach { settlement, sum in
            let payout = Payout(cycle: cycle, settlement: settlement, attempt: attempt)
            try body(transfer(payout, sum, on: day))
        }
    }

    private func fail(_ cycle: SimulatedDay, on day: SimulatedDay, _ body: Visit) rethrows {
        guard let failure = Payout.failure(in: cycle, of: world) else { return }
        let payout = Payout(cycle: cycle, settlement: failure.settlement, attempt: 0)
        var sums = PayoutSums()
        try forEachPaidEntry(in: cycle) { entry, slot in
            guard entry.invoice.agreement.customer.settlement == failure.settlement,
                var row = entry.disbursed(slot, by: payout, on: cycle)
            else { return }
            sums.add(row, failure.settlement)
            if failure.hasLines {
                if let row = entry.returned(slot, by: payout, on: day) { try body(row) }
            } else {
                row.isVoiding = true
                try body(row)
            }
        }
        for adjustment in Adjustment.all(paidIn: cycle, in: world)
        where adjustment.settlement == failure.settlement {
            sums.add(adjustment.disbursed(by: payout, on: cycle, in: world), failure.settlement)
            guard failure.hasLines else { continue }
            try body(
                adjustment.disbursed(by: payout, on: day, isReturned: true, in: world))
        }
        try sums.forEach { _, sum in
            var row = transfer(payout, (-sum.amount, sum.payout.map { -$0 }), on: day)
            row.kind = .disbursementFailure
            row.parent = row.key
            row.key = payout.failureKey(in: world)
            try body(row)
        }
    }

    private func forEachPaidEntry(
        in cycle: SimulatedDay, _ body: (Entry, Entry.Slot) throws -> Void
    ) rethrows {
        try world.forEachInvoice(paidIn: cycle) { invoice, slots in
            try world.forEachLine(of: invoice) { line in
                let entry = Entry(world: world, invoice: invoice, line: line)
                for slot in slots { try body(entry, slot) }
            }
        }
    }

    private func transfer(
        _ payout: Payout, _ sum: (amount: Money, payout: Money?), on day: SimulatedDay
    ) -> BillingEvent {
        let key = payout.key(in: world)
        let settlement = payout.settlement
        let seconds = day.midnight + 3_600
        return BillingEvent(
            key: key, action: .disbursed, kind: .disbursement,
            from: world.aws(settlement.broker), to: world.seller, parent: nil,
            disbursement: nil, amount: sum.amount, currency: settlement.currency,
            payout: settlement.payoutCurrency.flatMap { currency in
                sum.payout.map { ($0, currency) }
            },
            isCounting: false, invoiceSeconds: seconds, actionSeconds: seconds,
            broker: settlement.broker, recipient: world.seller, sale: nil,
            bank: .init(
                trace: key.child(.reference), reference: key.child(.reference, 1),
                placeholder: payout.tracePlaceholder(in: world)),
            version: Version(validFrom: seconds, inserted: world.written(key, on: day)))
    }
}

extension Entry {
    /// Whether this line also has a row that was booked by mistake.
    fileprivate var hasPhantom: Bool { line.index == 0 && invoice.hasPhantom }
}

extension Invoice {
    /// The rows of each line that a payout cycle pays.
    func slots(paidIn cycle: SimulatedDay) -> [Entry.Slot] {
        guard let paid else { return [] }
        let first = Payout.cycle(after: paid)
        // Tax is sometimes paid out a month after the rest.
        let taxCycle = isSplit ? Payout.cycle(after: first) : first
        var slots = Entry.Slot.sale.filter { ($0 == .tax ? taxCycle : first) == cycle }
        if let refunded, Payout.cycle(after: refunded) == cycle { slots += Entry.Slot.refund }
        return slots
    }
}

/// What the lines of a cycle's payouts add up to.
private struct PayoutSums {
    private var amounts = [Money](repeating: .zero, count: Settlement.allCases.count)
    private var payouts = [Money](repeating: .zero, count: Settlement.allCases.count)
    private var counts = [Int](repeating: 0, count: Settlement.allCases.count)

    mutating func add(_ line: BillingEvent, _ settlement: Settlement) {
        amounts[settlement.rawValue] += -line.amount
        payouts[settlement.rawValue] += -(line.payout?.amount ?? .zero)
        counts[settlement.rawValue] += 1
    }

    /// Calls `body` for each pair of currencies that has lines.
    func forEach(
        _ body: (Settlement, (amount: Money, payout: Money?)) throws -> Void
    ) rethrows {
        for settlement in Settlement.allCases where counts[settlement.rawValue] > 0 {
            let payout = settlement.payoutCurrency.map { _ in payouts[settlement.rawValue] }
            try body(settlement, (amounts[settlement.rawValue], payout))
        }
    }
}
