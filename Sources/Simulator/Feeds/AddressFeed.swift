/// A row of the address feed, or of the one before it.
struct AddressRow: FeedRow {
    let key: Key
    /// Whose address it is.
    let account: Key
    let market: Market
    let postalCode: StaticString?
    let version: Version

    var isDeleted: Bool { version.deleted != nil }
}

/// The address feed: where everyone in the account feed gets letters, bills and taxes.
struct AddressFeed: Feed {
    let world: World

    let name = "sdds.address"
    let folder = "AddressFeed_V1"
    let redeliveryInterval = 1
    let header: StaticString = """
        address_id,email_domain,company_name,country_code,state_or_region,city,postal_code,\
        address_line_1,address_line_2,address_line_3,valid_to,valid_from,insert_date,\
        update_date,delete_date
        """

    typealias Visit = (borrowing AddressRow) throws -> Void

    func forEachChange(on day: SimulatedDay, _ body: Visit) rethrows {
        if day == .backfill { try world.forEachFounderAddress(body) }
        try world.forEachCustomer { customer in
            if customer.joined.stream == day {
                try world.forEachAddress(of: customer, body)
            }
            try laterVersions(customer, on: day, body)
        }
    }

    private func laterVersions(
        _ customer: Customer, on day: SimulatedDay, _ body: Visit
    ) rethrows {
        if let move = customer.move(in: world), move.day == day {
            let version = Version(
                validFrom: day.midnight, inserted: world.written(move.address, on: day))
            try body(
                AddressRow(
                    key: move.address, account: customer.account, market: customer.market,
                    postalCode: customer.market.otherPostalCode, version: version))
        }
        // A postal code that was mistyped at first.
        let since = max(customer.joined, world.start)
        if customer.address.below(5) == 0, day == since + 3 {
            try body(again(customer.address, of: customer, on: day, isDeleted: false))
        }
        if customer.erasure(in: world) == day, let address = customer.taxAddress {
            try body(again(address, of: customer, on: day, isDeleted: true))
        }
    }

    private func again(
        _ key: Key, of customer: Customer, on day: SimulatedDay, isDeleted: Bool
    ) -> AddressRow {
        var version = customer.firstVersion(of: key, in: world)
        version.updated = world.written(key, on: day)
        if isDeleted { version.deleted = version.updated }
        return AddressRow(
            key: key, account: customer.account, market: customer.market,
            postalCode: customer.market.otherPostalCode, version: version)
    }

    func write(_ row: borrowing AddressRow, into writer: inout RowWriter) {
        writer.name("addr-", row.key, 16)
        writer.emailDomain(row.account)
        writer.place(row)
        writer.empty()
        writer.history(row.version)
    }
}

/// The feed that the address feed took the place of: history only.
struct PersonalDataFeed: Feed {
    let world: World

    let name = "sdds.pii_feed_legacy"
    let folder = "PIIFeed_V1"
    let redeliveryInterval = 1
    let isRetired = true
    let header: StaticString = """
        address_id,aws_account_id,email_domain,company_name,country,state_or_region,city,\
        postal_code,address_line_1,address_line_2,address_line_3,valid_to,valid_from,\
        insert_date,update_date,delete_date
        """

    func forEachChange(
        on day: SimulatedDay, _ body: (borrowing AddressRow) throws -> Void
    ) rethrows {
        guard day == .backfill else { return }
        try world.forEachFounderAddress(body)
        try world.forEachCustomer { customer in
            if customer.isStanding { try world.forEachAddress(of: customer, body) }
        }
    }

    func write(_ row: borrowing AddressRow, into writer: inout RowWriter) {
        writer.name("addr-", row.key, 16)
        writer.accountNumber(row.account)
        writer.emailDomain(row.account)
        writer.place(row)
        writer.empty()
        writer.history(row.version)
    }
}

extension World {
    /// The addresses of the seller and its partners.
    fileprivate func forEachFounderAddress(
        _ body: (borrowing AddressRow) throws -> Void
    ) rethrows {
        let partners = Partner.allCases.map { (partner($0), $0.market) }
        for (account, market) in [(seller, Market.germany)] + partners {
            let key = address(of: account)
            let version = Version(
                validFrom: World.founded.midnight, inserted: written(key, on: World.founded))
            try body(
                AddressRow(
                    key: key, account: account, market: market, postalCode: market.postalCode,
                    version: version))
        }
    }

    /// A customer's first addresses.
    fileprivate func forEachAddress(
        of customer: Customer, _ body: (borrowing AddressRow) throws -> Void
    ) rethrows {
        for key in customer.addresses {
            try body(
                AddressRow(
                    key: key,
                    account: key == customer.billingAddress ? customer.payer : customer.account,
                    market: customer.market,
                    postalCode: key.below(9) == 0 ? nil : customer.market.postalCode,
                    version: customer.firstVersion(of: key, in: self)))
        }
    }
}

extension RowWriter {
    private static let streets: [String] = [
        "1 Harbour Rd, Suite 200", "Große Bleichen 21–23", "12, rue de l’Église", "千代田区1-1",
        "c/o \"Legal\"\nFloor 4", "77 Pinewood Ave",
    ]

    /// The domain of an account's mail.
    mutating func emailDomain(_ account: Key) {
        name("", account.child(.contact), 6)
        takeBack()
        literal(".example.com")
        byte(0x2C)
    }

    /// Company, country to postal code, and three street lines.
    fileprivate mutating func place(_ row: borrowing AddressRow) {
        text(CompanyName.of(row.account))
        quoted(row.market.country)
        quoted(row.market.state)
        quoted(row.market.city)
        if let postalCode = row.postalCode { quoted(postalCode) } else { empty() }
        text(Self.streets[row.key.below(Self.streets.count)])
        if row.key.bits & 1 == 0 { quoted("Building 7") } else { empty() }
        empty()
    }
}
