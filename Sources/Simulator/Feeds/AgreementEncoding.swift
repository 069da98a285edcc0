extension AgreementFeed {
    func write(_ row: borrowing AgreementRow, into writer: inout RowWriter) {
        let agreement = row.agreement
        writer.name("agmt-", row.key, 25)
        writer.quoted(row.status.name)
        if let reason = row.status.reason { writer.quoted(reason) } else { writer.empty() }
        writer.money(row.value, agreement.customer.currency)
        writer.quoted(agreement.customer.currency.code)
        writer.licences(of: row.key, count: row.revision)
        writer.guid(agreement.channel.proposer(in: world))
        writer.guid(agreement.customer.account)
        writer.offer(agreement.offer)
        writer.integer(agreement.offer.revision(on: row.accepted))
        if let set = agreement.offer.set {
            writer.name("offerset-", set, 13)
        } else {
            writer.empty()
        }
        writer.instant(agreement.startSeconds)
        writer.end(of: agreement, isOver: row.isOver)
        writer.instant(agreement.acceptedSeconds)
        writer.quoted(row.intent)
        if let preceding = agreement.preceding {
            writer.name("agmt-", preceding, 25)
        } else {
            writer.empty()
        }
        writer.guid(world.seller)
        writer.version(row.version, in: world.catalog(of: agreement.product))
    }
}

extension AgreementRow {
    // Whether the revision is the agreement's end.
    fileprivate var isOver: Bool {
        switch status {
        case .active, .superseded, .rolledBack: false
        default: true
        }
    }

    fileprivate var intent: StaticString {
        if revision > 1 { return "AMEND" }
        return agreement.intent.name
    }

    // The day on which the offer of the revision was accepted.
    fileprivate var accepted: SimulatedDay {
        guard revision > 1, let amendment = agreement.amendment else { return agreement.accepted }
        return amendment.day
    }
}

extension AgreementRow.Status {
    fileprivate var name: StaticString {
        switch self {
        case .active: "ACTIVE"
        case .superseded: "SUPERSEDED"
        case .cancelled: "CANCELLED"
        case .expired: "EXPIRED"
        case .renewed: "RENEWED"
        case .replaced: "REPLACED"
        case .terminated: "TERMINATED"
        case .rolledBack: "ROLLED_BACK"
        }
    }

    fileprivate var reason: StaticString? {
        switch self {
        case .cancelled: "BUYER_REQUEST"
        case .terminated: "PAYMENT_FAILURE"
        default: nil
        }
    }
}

extension Agreement.Intent {
    var name: StaticString {
        switch self {
        case .new: "NEW"
        case .renew: "RENEW"
        case .replace: "REPLACE"
        }
    }
}

extension RowWriter {
    // Pay as you go has no end, which is written in two ways.
    fileprivate mutating func end(of agreement: Agreement, isOver: Bool) {
        if let planned = agreement.plannedEnd {
            instant((isOver ? agreement.end?.day ?? planned : planned).midnight)
        } else if agreement.key.bits & 3 == 0 {
            word("9999-01-01T00:00:00Z")
        } else {
            empty()
        }
    }

    /// Licence ids as a JSON array, its quotes doubled inside the field's own.
    fileprivate mutating func licences(of key: Key, count: Int) {
        byte(0x22)
        byte(0x5B)
        for index in 0..<count {
            if index > 0 { byte(0x2C) }
            literal("\"\"")
            licenceText(key.child(.licence, index))
            literal("\"\"")
        }
        byte(0x5D)
        byte(0x22)
        byte(0x2C)
    }

    /// A licence's ARN.
    mutating func licenceText(_ licence: Key) {
        literal("arn:aws:license-manager::294406891311:license:l-")
        hex(licence.bits, 16)
        hex(licence.tail, 16)
    }
}
