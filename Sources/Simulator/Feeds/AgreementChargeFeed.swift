/// A row of the agreement charge feed.
struct AgreementChargeRow: FeedRow {
    let agreement: Agreement
    let index: Int
    let amount: Money
    let version: Version

    var key: Key { agreement.key.child(.term, 64 + index) }
    var isDeleted: Bool { version.deleted != nil }

    func forEachAmount(_ body: (AmountColumn, Currency?, Money) -> Void) {
        body(.amount, agreement.currency, amount)
    }
}

/// The agreement charge feed: the planned payments of contracts with a payment schedule.
///
/// A plan: what was invoiced is in the billing events.
struct AgreementChargeFeed: Feed {
    let world: World

    let name = "sdds.agreement_charge"
    let folder = "AgreementChargeFeed_V1"
    let redeliveryInterval = 3
    let header: StaticString = """
        agreement_id,term_id,amount,currency_code,time,valid_from,insert_date,update_date,\
        delete_date
        """

    typealias Visit = (borrowing AgreementChargeRow) throws -> Void

    func forEachChange(on day: SimulatedDay, _ body: Visit) rethrows {
        try world.forEachCustomer { customer in
            try world.forEachAgreement(of: customer) { agreement in
                guard agreement.kind == .contract, agreement.instalments > 1 else { return }
                for index in 0..<agreement.instalments {
                    try charge(agreement, index, on: day, body)
                }
            }
        }
    }

    private func charge(
        _ agreement: Agreement, _ index: Int, on day: SimulatedDay, _ body: Visit
    ) rethrows {
        let accepted = agreement.accepted
        let key = agreement.key.child(.term, 64 + index)
        let amount = agreement.instalment(index).amount
        let isWrong = key.below(9) == 0
        var version = Version(
            validFrom: agreement.acceptedSeconds, inserted: world.written(key, on: accepted))
        if day == accepted {
            let wrong = amount + .units(100)
            try body(row(agreement, index, isWrong ? wrong : amount, version))
        }
        guard day > accepted else { return }
        version.updated = world.written(key, on: day)
        if isWrong, day == accepted + 2 { try body(row(agreement, index, amount, version)) }
        // Payments that the end of the agreement makes void.
        if !agreement.isDue(index), day == agreement.end?.day {
            version.deleted = version.updated
            try body(row(agreement, index, amount, version))
        }
    }

    private func row(
        _ agreement: Agreement, _ index: Int, _ amount: Money, _ version: Version
    ) -> AgreementChargeRow {
        AgreementChargeRow(agreement: agreement, index: index, amount: amount, version: version)
    }

    func write(_ row: borrowing AgreementChargeRow, into writer: inout RowWriter) {
        let agreement = row.agreement
        writer.name("agmt-", agreement.key, 25)
        // The term that schedules: see `Agreement.terms`.
        writer.term(agreement.key.child(.term, 3))
        // As in AWS's samples: groups of thousands, and a blank delete date as a word.
        writer.groupedMoney(row.amount, agreement.currency)
        writer.quoted(agreement.currency.code)
        writer.instantText(agreement.instalment(row.index).day.midnight, .plain)
        writer.literal("00000,")
        writer.instant(row.version.validFrom)
        writer.instant(row.version.inserted)
        writer.instant(row.version.updated)
        if let deleted = row.version.deleted {
            writer.instant(deleted)
        } else if row.key.bits & 1 == 0 {
            writer.word("null")
        } else {
            writer.empty()
        }
    }
}

extension RowWriter {
    // Quoted, with a comma before each three digits.
    fileprivate mutating func groupedMoney(_ amount: Money, _ currency: Currency) {
        let (units, rest) = amount.millionths.quotientAndRemainder(dividingBy: 1_000_000)
        var digits = String(units)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits.removeLast(3)
        }
        let places = currency == .jpy ? "" : "." + twoDigits(Int(rest / 10_000))
        text(([Substring(digits)] + groups).joined(separator: ",") + places)
    }
}
