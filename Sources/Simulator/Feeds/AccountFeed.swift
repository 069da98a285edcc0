/// A row of the account feed.
struct AccountRow: FeedRow {
    let key: Key
    /// The legal name for taxes, which American accounts rarely have.
    let name: String?
    let market: Market
    let mailing: Key?
    let tax: Key?
    let version: Version

    var isDeleted: Bool { version.deleted != nil }
}

/// The account feed: the seller, AWS's entities, partners, and everyone who buys, pays or uses.
struct AccountFeed: Feed {
    let world: World

    let name = "sdds.account"
    let folder = "AccountFeed_V1"
    let redeliveryInterval = 1
    let header: StaticString = """
        account_id,aws_account_id,encrypted_account_id,mailing_address_id,tax_address_id,\
        tax_registration_number,tax_legal_name,catalog,valid_from,insert_date,update_date,\
        delete_date
        """

    typealias Visit = (borrowing AccountRow) throws -> Void

    func forEachChange(on day: SimulatedDay, _ body: Visit) rethrows {
        if day == .backfill { try founders(body) }
        try world.forEachCustomer { customer in
            try arrival(customer, on: day, body)
            try laterVersions(customer, on: day, body)
            try addressChanges(customer, on: day, body)
        }
    }

    private func founders(_ body: Visit) rethrows {
        try body(
            founder(world.seller, "Example Seller GmbH & Co. KG", .germany, hasAddress: true))
        for broker in Broker.allCases {
            let name =
                switch broker {
                case .incorporated: "Amazon Web Services, Inc."
                case .europe: "Amazon Web Services EMEA SARL"
                case .japan: "アマゾン ウェブ サービス ジャパン合同会社"
                case .australia: "Amazon Web Services Australia Pty Ltd"
                }
            try body(founder(world.aws(broker), name, .unitedStates, hasAddress: false))
        }
        for partner in Partner.allCases {
            try body(
                founder(world.partner(partner), partner.name, partner.market, hasAddress: true))
        }
    }

    private func founder(
        _ key: Key, _ name: String, _ market: Market, hasAddress: Bool
    ) -> AccountRow {
        let day = World.founded
        return AccountRow(
            key: key, name: name, market: market,
            mailing: hasAddress ? world.address(of: key) : nil, tax: nil,
            version: Version(validFrom: day.midnight, inserted: world.written(key, on: day)))
    }

    private func arrival(_ customer: Customer, on day: SimulatedDay, _ body: Visit) rethrows {
        guard customer.joined.stream == day else { return }
        for account in customer.accounts {
            guard
                account != customer.endUser || account == customer.account || !world.isLost(account)
            else { continue }
            try body(first(account, of: customer))
        }
    }

    // A new name is a new valid_from; a mended spelling is a newer row of the same one.
    private func laterVersions(
        _ customer: Customer, on day: SimulatedDay, _ body: Visit
    ) rethrows {
        let key = customer.key.child(.name)
        let since = max(customer.joined, world.start)
        let account = customer.account
        if key.below(4) == 0, day == since + 10 + key.child(.row).below(40) {
            try body(version(account, CompanyName.of(key), customer, on: day))
        }
        if key.below(4) == 1, day == since + 2 {
            let row = first(account, of: customer)
            var version = row.version
            version.updated = world.written(account, on: day)
            try body(
                AccountRow(
                    key: account, name: CompanyName.of(account) + " (trading as \"Nova\")",
                    market: row.market, mailing: row.mailing, tax: row.tax, version: version))
        }
        try mistake(customer, on: day, body)
    }

    // Who moves, or has its tax address erased, is a new version.
    private func addressChanges(
        _ customer: Customer, on day: SimulatedDay, _ body: Visit
    ) rethrows {
        let isMove = customer.move(in: world)?.day == day
        guard isMove || customer.erasure(in: world) == day else { return }
        let name = customer.name(on: day, in: world)
        try body(version(customer.account, name, customer, on: day, offset: 9))
    }

    // An account that was recorded by mistake and is withdrawn the next day.
    private func mistake(_ customer: Customer, on day: SimulatedDay, _ body: Visit) rethrows {
        let key = customer.key.child(.account, 9)
        let recorded = max(customer.joined, world.start) + 5
        guard key.below(20) == 0, day == recorded || day == recorded + 1 else { return }
        var version = Version(
            validFrom: recorded.midnight, inserted: world.written(key, on: recorded))
        if day != recorded {
            version.updated = world.written(key, on: day)
            version.deleted = version.updated
        }
        try body(
            AccountRow(
                key: key, name: CompanyName.of(key), market: customer.market,
                mailing: customer.address, tax: nil, version: version))
    }

    private func first(_ account: Key, of customer: Customer) -> AccountRow {
        let isAmerican = customer.market == .unitedStates
        return AccountRow(
            key: account, name: isAmerican && account.bits & 2 == 0 ? nil : CompanyName.of(account),
            market: customer.market, mailing: customer.mailing(of: account),
            tax: account == customer.account ? customer.taxAddress : nil,
            version: customer.firstVersion(of: account, in: world))
    }

    private func version(
        _ account: Key, _ name: String, _ customer: Customer, on day: SimulatedDay,
        offset: Int64 = 0
    ) -> AccountRow {
        let moved = customer.move(in: world).flatMap { $0.day <= day ? $0.address : nil }
        let isErased = customer.erasure(in: world).map { $0 <= day } ?? false
        return AccountRow(
            key: account, name: name, market: customer.market,
            mailing: moved ?? customer.mailing(of: account),
            tax: isErased ? nil : customer.taxAddress,
            version: Version(
                validFrom: day.midnight + offset,
                inserted: world.written(account, on: day) + offset))
    }

    func write(_ row: borrowing AccountRow, into writer: inout RowWriter) {
        writer.guid(row.key)
        // One number in sixteen has lost its leading zero, as in one of AWS's own samples.
        if row.key.bits & 15 == 8 {
            writer.numberText(row.key.child(.reference), 11)
            writer.empty()
        } else {
            writer.accountNumber(row.key)
        }
        writer.customerIdentifier(row.key)
        writer.address(row.mailing)
        writer.address(row.tax)
        if row.market == .unitedStates {
            writer.empty()
        } else {
            writer.number(row.key.child(.name), 11)
        }
        if let name = row.name { writer.text(name) } else { writer.empty() }
        writer.version(row.version)
    }
}

extension Customer {
    /// Where letters to one of its accounts go at first.
    fileprivate func mailing(of account: Key) -> Key {
        account == payer && hasPayer ? billingAddress : address
    }

    /// The name of the main account on a day, once it has changed.
    fileprivate func name(on day: SimulatedDay, in world: World) -> String {
        let renamed = key.child(.name)
        let since = max(joined, world.start)
        let isRenamed =
            renamed.below(4) == 0 && day >= since + 10 + renamed.child(.row).below(40)
        return CompanyName.of(isRenamed ? renamed : account)
    }
}

extension RowWriter {
    /// An AWS account number; one in eight begins with a zero.
    mutating func accountNumber(_ key: Key) {
        byte(0x22)
        accountNumberText(key)
        byte(0x22)
        byte(0x2C)
    }

    mutating func accountNumberText(_ key: Key) {
        byte(0x30 + UInt8(key.bits & 7))
        numberText(key.child(.reference), 11)
    }

    /// The handle that metering and entitlement services use for a buyer.
    mutating func customerIdentifier(_ key: Key) {
        name("cus-", key.child(.reference), 16)
    }

    mutating func address(_ key: Key?) {
        guard let key else { return empty() }
        name("addr-", key, 16)
    }
}
