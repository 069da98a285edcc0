extension AgreementFeed {
    func write(_ row: borrowing AgreementRow, into writer: inout RowWriter) {
        let agreement = row.agreement
        writer.name("agmt-", row.key, 25)
        writer.quoted(row.status.name)
        if row.status == .cancelled { writer.quoted("BUYER_REQUEST") } else { writer.empty() }
        writer.money(row.value, agreement.customer.currency)
        writer.quoted(agreement.customer.currency.code)
        writer.licences(of: row.key, count: row.revision)
        writer.guid(world.seller)
        writer.guid(agreement.customer.account)
        writer.name("offer-", agreement.offer, 13)
        writer.integer(row.revision)
        writer.empty()
        writer.instant(agreement.acceptedSeconds)
        if agreement.kind == .contract, let end = agreement.end {
            writer.instant(end.day.midnight)
        } else {
            writer.empty()
        }
        writer.instant(agreement.acceptedSeconds)
        writer.quoted(row.intent)
        if let preceding = agreement.preceding {
            writer.name("agmt-", preceding, 25)
        } else {
            writer.empty()
        }
        writer.guid(world.seller)
        writer.version(row.version)
    }
}

extension AgreementRow {
    fileprivate var intent: StaticString {
        revision > 1 ? "AMEND" : agreement.preceding == nil ? "NEW" : "RENEW"
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
        }
    }
}

extension RowWriter {
    /// Licence ids as a JSON array, its quotes doubled inside the field's own.
    fileprivate mutating func licences(of key: Key, count: Int) {
        byte(0x22)
        byte(0x5B)
        for index in 0..<count {
            if index > 0 { byte(0x2C) }
            let licence = key.child(.licence, index)
            literal("\"\"arn:aws:license-manager::294406891311:license:l-")
            hex(licence.bits, 16)
            hex(licence.tail, 16)
            literal("\"\"")
        }
        byte(0x5D)
        byte(0x22)
        byte(0x2C)
    }
}
