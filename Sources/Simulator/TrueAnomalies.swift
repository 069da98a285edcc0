/// What loses a seller money, as `SimulationParameters.hasAnomalies` has planted it.
///
/// Only what was delivered up to a day, each thing as one line of text.
package struct TrueAnomalies: Sendable, Equatable {
    /// `month agreement product currency amount` of use that no invoice covers.
    package internal(set) var unbilledUsage: Set<String> = []
    /// `agreement product first-day last-day amount` of use of what has ended.
    package internal(set) var usageAfterEnd: Set<String> = []
    /// `invoice line` of which the listing fee is not at the usual rate.
    package internal(set) var feeDeviations: Set<String> = []
    /// `kind id` of what invoices refer to and no feed has.
    package internal(set) var orphans: Set<String> = []
}

extension Simulation {
    /// What a reader of the deliveries up to a day must find, and nothing else.
    package func anomalies(asOf day: SimulatedDay) -> TrueAnomalies {
        var found = TrueAnomalies()
        world.forEachCustomer { customer in
            world.forEachAgreement(of: customer) { agreement in
                guard agreement.kind == .usage else { return }
                found.meter(agreement, asOf: day, in: world)
            }
        }
        var fees: [FeeLine] = []
        world.forEachInvoice(issuedBefore: day) { invoice, lines in
            for line in lines {
                let entry = Entry(world: world, invoice: invoice, line: line)
                found.refer(entry)
                if let fee = FeeLine(entry, asOf: day) { fees.append(fee) }
            }
        }
        found.compare(fees)
        return found
    }
}

/// Usage.
extension TrueAnomalies {
    fileprivate mutating func meter(
        _ agreement: Agreement, asOf day: SimulatedDay, in world: World
    ) {
        for index in world.start.month.index...day.month.index {
            let month = SimulatedMonth(index: index)
            let days = (month.first.number...month.last.number).map(SimulatedDay.init(number:))
            let used = agreement.used(days, asOf: day, in: world)
            // Invoices come on the 2nd or 3rd; ten days later one that is missing stays missing.
            let isBilled = agreement.used(
                days.filter { agreement.isInForce(on: $0) }, asOf: day, in: world
            ).isUsed
            if used.isUsed, (month + 1).first + 11 < day,
                !isBilled || world.isForgotten(agreement, in: month)
            {
                let places = "\(agreement.id) \(world.product(agreement.product).productID)"
                unbilledUsage.insert(
                    "\(month.name) \(places) \(agreement.currency.code) \(used.sum.decimal)")
            }
        }
        guard let end = agreement.end, end.day < day, !world.isLost(agreement.key) else { return }
        let days = (1...31).map { end.day + $0 }
        let used = agreement.used(days, asOf: day, in: world)
        guard let first = used.first, let last = used.last else { return }
        let product = world.product(agreement.product).productID
        usageAfterEnd.insert("\(agreement.id) \(product) \(first) \(last) \(used.sum.decimal)")
    }
}

extension Agreement {
    fileprivate struct Used {
        var first: SimulatedDay?
        var last: SimulatedDay?
        var sum = Total()
        var isUsed: Bool { !sum.isZero }
    }

    /// What the usage feed tells of some days.
    fileprivate func used(_ days: [SimulatedDay], asOf day: SimulatedDay, in world: World) -> Used {
        var used = Used()
        for date in days where isMetered(on: date, in: world) {
            for dimension in 0..<dimensions {
                let usage = Usage(self, dimension, on: date)
                guard let revenue = usage.told(asOf: day) else { continue }
                used.first = used.first ?? date
                used.last = date
                used.sum += revenue
            }
        }
        return used
    }
}

extension Usage {
    /// What the newest row says; nil where there is none or it is withdrawn.
    fileprivate func told(asOf day: SimulatedDay) -> Money? {
        guard firstWritten < day else { return nil }
        switch fate {
        case .withdrawn(let date) where date < day: return nil
        case .corrected(let date) where date >= day: return revenue(firstQuantity)
        default: return revenue(quantity)
        }
    }
}

/// Listing fees.
private struct FeeLine {
    let name: String
    /// Product and year.
    let group: [Int]
    let currency: Currency
    var revenue: Money
    var fee: Money

    init?(_ entry: Entry, asOf day: SimulatedDay) {
        let invoice = entry.invoice
        let agreement = invoice.agreement
        // A line of an unknown agreement is in no report, and history names no buyer's invoice.
        guard !entry.world.isLost(agreement.key), invoice.issued > SimulatedDay.historyEnd,
            invoice.forgiven.map({ $0 >= day }) ?? true,
            let price = entry.invoiced(.price)
        else { return nil }
        var writer = RowWriter()
        name = writer.collected {
            $0.numberText(invoice.key, 10)
            $0.byte(0x20)
            $0.numberText(entry.line.key, 20)
        }
        group = [agreement.product, invoice.issued.date.year]
        currency = agreement.currency
        revenue = price.amount
        if let wrong = entry.line.wrongPrice, invoice.corrected >= day { revenue = wrong }
        if entry.line.index == 0, invoice.hasPhantom, invoice.phantomDeleted >= day {
            revenue += price.amount
        }
        fee = -(entry.invoiced(.fee)?.amount ?? .zero)
        guard let refunded = invoice.refunded, refunded < day else { return }
        revenue += entry.invoiced(.priceRefund)?.amount ?? .zero
        fee += -(entry.invoiced(.feeRefund)?.amount ?? .zero)
    }

    /// The fee in hundredths of a percent of the revenue, rounded.
    var rate: Int64 {
        (2 * fee.millionths * 10_000 + revenue.millionths) / (2 * revenue.millionths)
    }
}

extension TrueAnomalies {
    fileprivate mutating func compare(_ lines: [FeeLine]) {
        for (_, group) in Dictionary(grouping: lines, by: \.group) {
            let counts = Dictionary(group.map { ($0.rate, 1) }, uniquingKeysWith: +)
            guard let usual = counts.min(by: { ($1.value, $0.key) < ($0.value, $1.key) })?.key
            else { continue }
            for line in group where abs(line.rate - usual) >= 5 {
                let expected = line.revenue.millionths * usual / 10_000
                let unit = line.currency.quantum
                if abs(line.fee.millionths - expected) > unit { feeDeviations.insert(line.name) }
            }
        }
    }
}

/// References.
extension TrueAnomalies {
    fileprivate mutating func refer(_ entry: Entry) {
        let world = entry.world
        let agreement = entry.invoice.agreement
        guard let sale = entry.invoiced(.price)?.sale else { return }
        var writer = RowWriter()
        if let user = sale.endUser, user != agreement.customer.account, world.isLost(user) {
            orphans.insert(
                "end user "
                    + writer.collected {
                        $0.guid(user)
                        $0.takeBack()
                    })
        }
        // History names neither.
        guard entry.invoice.issued > SimulatedDay.historyEnd else { return }
        if world.isLost(agreement.key) { orphans.insert("agreement \(agreement.id)") }
        if world.isLost(agreement.offer) { orphans.insert("offer \(agreement.offer.id)") }
    }
}
