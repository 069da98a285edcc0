/// An invoice to a buyer and the days on which money moves because of it.
struct Invoice: Sendable {
    enum Subject: Sendable {
        /// The use of a month.
        case usage(SimulatedMonth)
        /// A payment of a contract; the first at acceptance.
        case instalment(Int)
        /// What an amendment added to a contract.
        case amendment
    }

    /// What becomes of an invoice.
    enum Fate: Sendable {
        case paid(on: SimulatedDay)
        case forgiven(on: SimulatedDay)
        case unpaid
    }

    /// What is given back of a paid invoice.
    enum Refund: Sendable {
        /// A quarter of everything.
        case quarter
        /// The same, as a credit on later bills.
        case credit
        /// The tax alone, as when an exemption certificate comes late.
        case taxOnly
    }

    let agreement: Agreement
    let subject: Subject
    let key: Key
    let issued: SimulatedDay
    let fate: Fate
    /// The day on which part of a paid invoice is given back.
    let refunded: SimulatedDay?

    /// No event of an invoice comes later than this many days after its issue.
    static let lifetimeDays = 160
    private static let correctionDays = 2
    private static let phantomDays = 3

    init(_ agreement: Agreement, _ subject: Subject, key: Key, issued: SimulatedDay) {
        self.agreement = agreement
        self.subject = subject
        self.key = key
        self.issued = issued
        var random = key.random
        let draw = random.below(100)
        // Two in five pay within days.
        let delay = random.below(5) < 2 ? random.below(5) : random.below(46)
        let refund = random.below(20)
        let refundDelay = random.below(40)
        // History is settled before the backfill ends.
        if issued <= SimulatedDay.historyEnd {
            fate = .paid(on: issued + 5 + delay % 16)
            refunded = nil
        } else if draw < 93 {
            let paid = issued + 5 + delay
            fate = .paid(on: paid)
            refunded = refund == 0 ? paid + 1 + refundDelay : nil
        } else {
            fate = draw < 96 ? .forgiven(on: issued + 75) : .unpaid
            refunded = nil
        }
    }

    /// Issue and instants of the same day share a second, so that rows of an invoice agree.
    var issuedSeconds: Int64 { issued.midnight + Int64(key.child(.version).below(30_000)) }
    var dueSeconds: Int64 { due.midnight }
    var paid: SimulatedDay? { if case .paid(let day) = fate { day } else { nil } }
    var forgiven: SimulatedDay? { if case .forgiven(let day) = fate { day } else { nil } }

    /// The day of a wrong first row's correction, for the lines that have one.
    var corrected: SimulatedDay { issued + Self.correctionDays }

    /// One invoice in fifteen has a row that was booked by mistake and is deleted later.
    var hasPhantom: Bool { key.child(.row).below(15) == 0 && issued > SimulatedDay.historyEnd }
    var phantomDeleted: SimulatedDay { issued + Self.phantomDays }

    var refund: Refund {
        switch key.child(.rate, 1).below(4) {
        case 0: .credit
        case 1: .taxOnly
        default: .quarter
        }
    }

    /// Some invoices' tax is paid out a cycle after the rest.
    var isSplit: Bool { key.child(.payout).below(6) == 0 && issued > SimulatedDay.historyEnd }

    /// The exchange rate to the payout currency, in millionths.
    var exchangeRate: Int64 { 1_050_000 + Int64(key.child(.rate).below(90_000)) }

    /// Whether anything but a payout happens on a day.
    func moves(on day: SimulatedDay) -> Bool {
        day == issued || day == corrected || day == paid || day == forgiven
            || day == refunded || day == phantomDeleted
    }
}

extension World {
    /// The invoices of an agreement whose money can move on a day.
    func forEachInvoice(
        of agreement: Agreement, around day: SimulatedDay, _ body: (Invoice) throws -> Void
    ) rethrows {
        switch agreement.kind {
        case .usage:
            for back in 1...6 {
                let month = day.month + -back
                guard month == .historyMonth || month >= start.month,
                    !isForgotten(agreement, in: month)
                else { continue }
                let key = agreement.key.child(.invoice, month.index)
                let issued = (month + 1).day(2 + key.below(2))
                try body(Invoice(agreement, .usage(month), key: key, issued: issued))
            }
        case .contract:
            for index in 0..<agreement.instalments where agreement.isDue(index) {
                let key = agreement.key.child(.invoice, index)
                let issued = agreement.instalment(index).day
                guard isNear(issued, day) else { continue }
                try body(Invoice(agreement, .instalment(index), key: key, issued: issued))
            }
            if let amendment = agreement.standingAmendment, isNear(amendment.day, day) {
                let key = agreement.key.child(.invoice, 99)
                try body(Invoice(agreement, .amendment, key: key, issued: amendment.day))
            }
        }
    }

    /// The invoices of which something is paid out in a cycle, and what.
    func forEachInvoice(
        paidIn cycle: SimulatedDay, _ body: (Invoice, [Entry.Slot]) throws -> Void
    ) rethrows {
        try forEachCustomer { customer in
            try forEachAgreement(of: customer) { agreement in
                try forEachInvoice(of: agreement, around: cycle) { invoice in
                    let slots = invoice.slots(paidIn: cycle)
                    if !slots.isEmpty { try body(invoice, slots) }
                }
            }
        }
    }

    private func isNear(_ issued: SimulatedDay, _ day: SimulatedDay) -> Bool {
        issued <= day && day - issued <= Invoice.lifetimeDays
    }
}

extension SimulatedMonth {
    static let historyMonth = SimulatedDay.historyMonth
}
