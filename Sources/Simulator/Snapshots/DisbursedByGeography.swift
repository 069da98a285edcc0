/// CAS "Disbursement: amount by customer geography": each payout by the place of taxation.
struct DisbursedByGeography: Snapshot {
    struct Row {
        let payout: Payout
        let market: Market
        var total = Money.zero
        var net = Money.zero
        var gross = Money.zero
        var tax = Money.zero
        var taxRefund = Money.zero
    }

    let world: World

    let name = "cas.disbursed_amount_by_customer_geo"
    let header: StaticString = """
        Settlement ID,Settlement Period Start Date,Settlement Period End Date,Deposit Date,\
        Disbursed Amount,Country Code,State or Region,City,Postal Code,\
        Net Amount by Tax Location,Gross Amount by Tax Location,Seller U.S. Sales Tax,\
        Seller U.S. Sales Tax Refund
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.disbursementPeriod(publishedOn: day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        let cycle = published + -1
        let markets = Market.allCases.count
        var rows: [Row?] = Array(repeating: nil, count: markets * Settlement.allCases.count)
        world.forEachInvoice(paidIn: cycle) { invoice, slots in
            let customer = invoice.agreement.customer
            let payout = Payout(cycle: cycle, settlement: customer.settlement, attempt: 0)
            let index = customer.settlement.rawValue * markets + customer.market.rawValue
            var row = rows[index] ?? Row(payout: payout, market: customer.market)
            world.forEachLine(of: invoice) { line in
                row.add(Entry(world: world, invoice: invoice, line: line), slots)
            }
            rows[index] = row
        }
        for settlement in Settlement.allCases {
            let places = rows.compactMap { $0?.payout.settlement == settlement ? $0 : nil }
            let total = places.reduce(.zero) { $0 + $1.net }
            for var row in places {
                row.total = total
                try body(row)
            }
        }
    }

    func count(_ row: borrowing Row, in tally: inout FeedTally) {
        tally.add(.casNetByPlace, nil, row.net)
        tally.add(.casGrossByPlace, nil, row.gross)
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        let currency = row.payout.settlement.currency
        let cycle = row.payout.cycle
        writer.number(row.payout.key(in: world), 11)
        writer.instant(((cycle.month + -1).day(Payout.dayOfMonth) + 1).midnight)
        writer.instant(cycle.midnight + 86_399)
        writer.instant(cycle.midnight + 3_600)
        writer.money(row.total, currency)
        writer.billedPlace(row.market)
        writer.money(row.net, currency)
        writer.money(row.gross, currency)
        writer.money(row.tax, currency)
        writer.money(row.taxRefund, currency)
    }
}

extension DisbursedByGeography.Row {
    fileprivate mutating func add(_ entry: Entry, _ slots: [Entry.Slot]) {
        for slot in slots {
            guard let event = entry.invoiced(slot), event.isCounting else { continue }
            net += event.amount
            if event.kind == .price, !slot.isCost { gross += event.amount }
            guard market == .unitedStates, event.kind.isSellerTax else { continue }
            if slot.isRefund { taxRefund += event.amount } else { tax += event.amount }
        }
    }
}

extension RowWriter {
    // Country to postal code of a place.
    fileprivate mutating func billedPlace(_ market: Market) {
        quoted(market.country)
        quoted(market.state)
        quoted(market.city)
        quoted(market.postalCode)
    }
}
