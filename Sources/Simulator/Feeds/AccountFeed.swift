/// A row of the account feed.
struct AccountRow: FeedRow {
    let key: Key
    let name: String
    let market: Market
    let address: Key?
    let version: Version

    var isDeleted: Bool { version.deleted != nil }
}

/// The account feed: the seller, AWS's entities, and everyone who buys, pays or uses.
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

    private static let founded = SimulatedDay(2016, 5, 2)

    func forEachChange(on day: SimulatedDay, _ body: Visit) rethrows {
        if day == .backfill { try founders(body) }
        try world.forEachCustomer { customer in
            try arrival(customer, on: day, body)
            try laterVersions(customer, on: day, body)
        }
    }

    private func founders(_ body: Visit) rethrows {
        try body(row(world.seller, "Example Seller GmbH & Co. KG", .germany, on: Self.founded))
        for broker in Broker.allCases {
            let name =
                switch broker {
                case .incorporated: "Amazon Web Services, Inc."
                case .europe: "Amazon Web Services EMEA SARL"
                case .japan: "アマゾン ウェブ サービス ジャパン合同会社"
                }
            try body(row(world.aws(broker), name, .unitedStates, on: Self.founded))
        }
    }

    private func arrival(_ customer: Customer, on day: SimulatedDay, _ body: Visit) rethrows {
        let joined = customer.joined
        guard joined.stream == day else { return }
        for account in customer.accounts {
            let name = CompanyName.of(account)
            try body(row(account, name, customer, on: joined))
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
            try body(row(account, CompanyName.of(key), customer, on: day))
        }
        if key.below(4) == 1, day == since + 2 {
            let first = row(account, CompanyName.of(account), customer, on: customer.joined)
            var version = first.version
            version.updated = world.written(account, on: day)
            try body(
                AccountRow(
                    key: account, name: first.name + " (trading as \"Nova\")",
                    market: customer.market, address: customer.address, version: version))
        }
        try mistake(customer, on: day, body)
    }

    // An account that was recorded by mistake and is withdrawn the next day.
    private func mistake(_ customer: Customer, on day: SimulatedDay, _ body: Visit) rethrows {
        let key = customer.key.child(.account, 9)
        let recorded = max(customer.joined, world.start) + 5
        guard key.below(20) == 0, day == recorded || day == recorded + 1 else { return }
        let first = row(key, CompanyName.of(key), customer, on: recorded)
        guard day != recorded else { return try body(first) }
        var version = first.version
        version.updated = world.written(key, on: day)
        version.deleted = version.updated
        try body(
            AccountRow(
                key: key, name: first.name, market: first.market, address: first.address,
                version: version))
    }

    private func row(
        _ key: Key, _ name: String, _ customer: Customer, on day: SimulatedDay
    ) -> AccountRow {
        row(key, name, customer.market, on: day, address: customer.address)
    }

    private func row(
        _ key: Key, _ name: String, _ market: Market, on day: SimulatedDay,
        address: Key? = nil
    ) -> AccountRow {
        AccountRow(
            key: key, name: name, market: market, address: address,
            version: Version(
                validFrom: day.midnight, inserted: world.written(key, on: day)))
    }

    func write(_ row: borrowing AccountRow, into writer: inout RowWriter) {
        writer.guid(row.key)
        writer.accountNumber(row.key)
        writer.customerIdentifier(row.key)
        writer.address(row.address)
        if row.key.bits & 1 == 0 { writer.address(row.address) } else { writer.empty() }
        if row.market == .unitedStates {
            writer.empty()
        } else {
            writer.number(row.key.child(.name), 11)
        }
        writer.text(row.name)
        writer.version(row.version)
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
