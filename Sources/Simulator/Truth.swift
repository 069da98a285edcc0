/// What a reader must find after loading everything delivered up to a day.
package struct Truth: Codable, Equatable, Sendable {
    /// What one feed's files hold.
    package struct Feed: Codable, Equatable, Sendable {
        /// Schema and table.
        package var name: String
        /// Rows in all current files, repeated ones included.
        package var rows: Int
        /// Rows that a table holds after all files are loaded; all, but for change logs.
        package var stored: Int
        /// Rows that are an exact repetition of one delivered before.
        package var repeated: Int
        /// Rows that bear a `delete_date`, repeated ones included.
        package var deleted: Int
        /// Column, then currency, to the exact sum over all `rows`.
        ///
        /// The currency is empty for feeds without one.
        package var totals: [String: [String: String]]

        /// Distinct rows of the log.
        package var distinct: Int { rows - repeated }
    }

    /// The current view of one month, product and currency, as exact decimals.
    package struct Month: Codable, Equatable, Sendable {
        /// `YYYY-MM`.
        package var month: String
        /// The product id.
        package var product: String
        /// The code of the pricing currency.
        package var currency: String
        /// INVOICED price, refund, credit and seller tax, by invoice date.
        package var billed: String
        /// INVOICED listing fees and their refunds, by invoice date.
        package var fees: String
        /// INVOICED costs of goods of what the seller resells and their refunds; negative.
        package var costs: String
        /// INVOICED tax on sales and its refunds, whoever remits it, by invoice date.
        package var taxes: String
        /// INVOICED tax on fees, other sellers' tax and infrastructure; negative.
        package var charges: String
        /// COLLECTED, what AWS keeps taken off, by action date.
        package var collected: String
        /// FORGIVEN, what AWS keeps taken off, by action date; negative.
        package var forgiven: String
        /// Paid out lines of payouts that did not fail, by action date.
        package var disbursed: String
        /// INVOICED and FORGIVEN of what is for the seller and not collected, by invoice date; of
        /// history, not paid out.
        package var outstanding: String
        /// Estimated revenue of the usage feed, by usage date.
        package var usage: String
    }

    /// An amount of a currency.
    package struct Transfer: Codable, Equatable, Sendable {
        /// The code of the pricing currency.
        package var currency: String
        /// The exact sum.
        package var amount: String
    }

    /// What is in force at the end of the day.
    package struct Entitlement: Codable, Equatable, Sendable {
        /// The product id.
        package var product: String
        /// Agreements whose current revision is ACTIVE.
        package var activeAgreements: Int
        /// Licences of those agreements.
        package var licences: Int
    }

    /// The last delivery day counted.
    package var day: String
    /// One for each feed.
    package var feeds: [Feed]
    /// Ordered by month, product and currency.
    package var months: [Month]
    /// What the bank received, failed payouts taken off; one for each currency that was paid.
    package var transfers: [Transfer]
    /// INVOICED balance adjustments, one sum for each currency that has some.
    package var adjustments: [Transfer]
    /// One for each product that was ever bought.
    package var entitlements: [Entitlement]
    /// How many messages of each type were published, up to the day; none if only some feeds are
    /// simulated.
    package var messages: [String: Int]
}

/// Counts a feed's rows.
struct FeedTally {
    private var rows = 0
    private var repeated = 0
    private var deleted = 0
    private var totals: [AmountColumn: [Currency?: Total]] = [:]

    mutating func count(_ row: borrowing some FeedRow, isRepeated: Bool) {
        rows += 1
        repeated += isRepeated ? 1 : 0
        deleted += row.isDeleted ? 1 : 0
        row.forEachAmount { column, currency, money in add(column, currency, money) }
    }

    mutating func add(_ column: AmountColumn, _ currency: Currency?, _ money: Money) {
        totals[column, default: [:]][currency, default: Total()] += money
    }

    mutating func addRow() { rows += 1 }

    func truth(named name: String, stored: Int? = nil) -> Truth.Feed {
        var texts: [String: [String: String]] = [:]
        for (column, sums) in totals {
            for (currency, total) in sums {
                let code = currency.map { "\($0.code)" } ?? ""
                texts[column.rawValue, default: [:]][code] = total.decimal
            }
        }
        return Truth.Feed(
            name: name, rows: rows, stored: stored ?? rows, repeated: repeated,
            deleted: deleted, totals: texts)
    }
}

extension Ledger {
    /// The sums as text, ordered by month, product and currency.
    func months(in world: World) -> [Truth.Month] {
        let ordered = slots.sorted { left, right in
            (left.key.month.index, left.key.product, left.key.currency.rawValue)
                < (right.key.month.index, right.key.product, right.key.currency.rawValue)
        }
        return ordered.map { slot, sums in
            Truth.Month(
                month: slot.month.name, product: world.product(slot.product).productID,
                currency: "\(slot.currency.code)", billed: sums.billed.decimal,
                fees: sums.fees.decimal, costs: sums.costs.decimal,
                taxes: sums.taxes.decimal, charges: sums.charges.decimal,
                collected: sums.collected.decimal,
                forgiven: sums.forgiven.decimal, disbursed: sums.disbursed.decimal,
                outstanding: sums.outstanding.decimal, usage: sums.usage.decimal)
        }
    }

    var transferTruth: [Truth.Transfer] { Self.truth(transfers) }
    var adjustmentTruth: [Truth.Transfer] { Self.truth(adjustments) }

    private static func truth(_ totals: [Currency: Total]) -> [Truth.Transfer] {
        Currency.allCases.compactMap { currency in
            totals[currency].map {
                Truth.Transfer(currency: "\(currency.code)", amount: $0.decimal)
            }
        }
    }

    func entitlements(in world: World) -> [Truth.Entitlement] {
        active.sorted { $0.key < $1.key }.map { product, counts in
            Truth.Entitlement(
                product: world.product(product).productID, activeAgreements: counts.agreements,
                licences: counts.licences)
        }
    }
}
