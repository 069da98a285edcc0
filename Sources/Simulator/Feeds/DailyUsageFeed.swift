/// A usage record as delivered.
struct UsageRow: FeedRow {
    let usage: Usage
    let quantity: Int64
    let revenue: Money
    let version: Version
    /// What a reader of the current view counted before.
    let replaced: Money?
    let month: SimulatedMonth

    var key: Key { usage.key }
    var isDeleted: Bool { version.deleted != nil }
    private var currency: Currency { usage.agreement.customer.currency }

    func forEachAmount(_ body: (AmountColumn, Currency?, Money) -> Void) {
        body(.estimatedRevenue, currency, revenue)
    }

    func count(in ledger: inout Ledger) {
        let slot = Ledger.Slot(month: month, product: usage.agreement.product, currency: currency)
        ledger.add(\.usage, isDeleted ? -revenue : revenue - (replaced ?? .zero), to: slot)
    }
}

/// The daily usage feed: what was used, at which rate, before anything is billed.
struct DailyUsageFeed: Feed {
    let world: World

    let name = "sdds.daily_usage"
    let folder = "DailyUsageFeed_V1"
    let redeliveryInterval = 97
    let header: StaticString = """
        usage_feed_id,usage_date,product_id,agreement_id,end_user_account_id,payer_account_id,\
        region,dimension_key,usage_unit,usage_quantity,pricing_currency,\
        estimated_revenue_in_pricing_currency,recipient_account_id,offer_id,\
        usage_rate_per_unit_in_pricing_currency,charge_item_description,catalog,valid_from,\
        insert_date,update_date,delete_date
        """

    // The oldest day of use whose record can still be written.
    private static let latenessDays = 5

    func forEachChange(
        on day: SimulatedDay, _ body: (borrowing UsageRow) throws -> Void
    ) rethrows {
        for number in day.generated {
            let day = SimulatedDay(number: number)
            try world.forEachCustomer { customer in
                try world.forEachAgreement(of: customer) { agreement in
                    guard agreement.kind == .usage else { return }
                    for back in 0...Self.latenessDays {
                        try records(of: agreement, used: day + -back, written: day, body)
                    }
                }
            }
        }
    }

    private func records(
        of agreement: Agreement, used: SimulatedDay, written day: SimulatedDay,
        _ body: (borrowing UsageRow) throws -> Void
    ) rethrows {
        guard agreement.isMetered(on: used, in: world) else { return }
        for dimension in 0..<agreement.dimensions {
            let usage = Usage(agreement, dimension, on: used)
            if usage.firstWritten == day { try body(first(usage)) }
            if let row = second(usage, on: day) { try body(row) }
        }
    }

    private func first(_ usage: Usage) -> UsageRow {
        row(usage, usage.firstQuantity, on: usage.firstWritten)
    }

    private func second(_ usage: Usage, on day: SimulatedDay) -> UsageRow? {
        switch usage.fate {
        case .corrected(day):
            row(usage, usage.quantity, on: day, replacing: usage.revenue(usage.firstQuantity))
        case .withdrawn(day): row(usage, usage.quantity, on: day, isDeleted: true)
        default: nil
        }
    }

    private func row(
        _ usage: Usage, _ quantity: Int64, on day: SimulatedDay, replacing: Money? = nil,
        isDeleted: Bool = false
    ) -> UsageRow {
        let updated = world.written(usage.key, on: day)
        return UsageRow(
            usage: usage, quantity: quantity, revenue: usage.revenue(quantity),
            version: Version(
                validFrom: usage.day.midnight,
                inserted: world.written(usage.key, on: usage.firstWritten),
                updated: updated, deleted: isDeleted ? updated : nil),
            replaced: replacing, month: usage.day.month)
    }

    func write(_ row: borrowing UsageRow, into writer: inout RowWriter) {
        let agreement = row.usage.agreement
        let customer = agreement.customer
        writer.event(row.usage.key)
        writer.day(row.usage.day)
        writer.name("prod-", world.product(agreement.product), 13)
        writer.name("agmt-", agreement.key, 25)
        // A manufacturer is not always told who uses what its resellers sold.
        if case .resold = agreement.channel, agreement.key.bits & 1 == 0 {
            writer.empty()
        } else {
            writer.guid(customer.endUser)
        }
        writer.guid(customer.payer)
        writer.quoted(customer.market.region)
        writer.dimension(row.usage.dimension, in: customer.market)
        writer.quoted(row.usage.dimension % 2 == 0 ? "Hours" : "Units")
        writer.decimal(millionths: row.quantity * 10_000, places: 0)
        writer.quoted(customer.currency.code)
        writer.money(row.revenue, customer.currency)
        writer.guid(world.seller)
        writer.offer(agreement.offer)
        writer.decimal(millionths: row.usage.rate, places: 2)
        writer.charge(row.usage.dimension, in: customer.market)
        writer.version(
            row.version, in: world.catalog(of: agreement.product),
            validFrom: row.usage.key.bits & 31 == 0 ? .plain : .iso)
    }
}

extension Usage {
    /// The day on which the record is first written.
    var firstWritten: SimulatedDay {
        if case .late(let day) = fate { return day }
        return day
    }
}

extension RowWriter {
    private static let dimensions: [StaticString] = [
        "host_hours", "gb_ingested", "active_users", "api_calls", "gb_stored", "scans",
    ]

    mutating func dimension(_ index: Int, in market: Market) {
        byte(0x22)
        dimensionText(index, in: market)
        byte(0x22)
        byte(0x2C)
    }

    private mutating func dimensionText(_ index: Int, in market: Market) {
        if index % 2 == 0 { literal(market.regionCode) }
        literal(Self.dimensions[index])
    }

    /// Offer term, Region and dimension, separated by bars.
    mutating func charge(_ index: Int, in market: Market) {
        literal("\"Usage based | ")
        literal(market.region)
        literal(" | ")
        dimensionText(index, in: market)
        literal(", per \"\"unit\"\"\",")
    }
}
