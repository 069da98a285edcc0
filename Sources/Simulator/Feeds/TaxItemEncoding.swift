/// A tax item as text, but for the bitemporal columns.
enum TaxItemEncoding {
    static func write(_ item: TaxItem, in world: World, into writer: inout RowWriter) {
        let entry = item.entry
        let agreement = entry.invoice.agreement
        writer.name("tax-", item.key, 24)
        writer.number(entry.invoiceKey(item.slot), 10)
        writer.number(entry.line.key, 20)
        writer.number(entry.invoice.key.child(.reference), 19)
        writer.liable(item)
        writer.quoted(item.code)
        writer.name("prod-", world.product(agreement.product), 13)
        writer.quoted("SaaS-Business-Use")
        writer.instant(item.seconds)
        writer.guid(agreement.taxedAccount(in: world))
        place(item, &writer)
        amounts(item, &writer)
        writer.instant(item.seconds)
        exemption(item, &writer)
        writer.name("", entry.line.reference(in: agreement.channel), 20)
        legal(item, &writer)
    }

    private static func place(_ item: TaxItem, _ writer: inout RowWriter) {
        let market = item.customer.market
        writer.quoted(market.country)
        writer.quoted(market.state)
        writer.quoted(item.isMisplaced ? "Elsewhere" : market.city)
        writer.quoted(item.isMisplaced ? market.otherPostalCode : market.postalCode)
        geocode(item, &writer)
        kindAndPlace(item, &writer)
        writer.quoted("Exclusive")
    }

    /// Taxability, place, kind and authority, in the order of CAS.
    static func jurisdiction(_ item: TaxItem, _ writer: inout RowWriter) {
        writer.quoted("Exclusive")
        geocode(item, &writer)
        kindAndPlace(item, &writer)
    }

    private static func geocode(_ item: TaxItem, _ writer: inout RowWriter) {
        writer.number(item.customer.address, 9)
    }

    private static func kindAndPlace(_ item: TaxItem, _ writer: inout RowWriter) {
        let market = item.customer.market
        if item.amount == .zero, item.basisPoints == 0 {
            writer.quoted("None")
        } else {
            writer.quoted(item.level == .country ? "VAT" : "Sales")
        }
        writer.quoted(item.level.name)
        switch item.level {
        case .state: writer.quoted(market.state)
        case .county: writer.text("King, \"County of\"")
        case .city: writer.quoted(item.isMisplaced ? "ELSEWHERE" : "SEATTLE")
        case .district: writer.quoted("RTA")
        case .country: writer.quoted(market.country)
        }
    }

    private static func amounts(_ item: TaxItem, _ writer: inout RowWriter) {
        writer.money(item.taxable, item.currency)
        writer.money(item.nontaxable, item.currency)
        writer.decimal(millionths: item.basisPoints * 100, places: 1)
        writer.money(item.amount, item.currency)
        writer.quoted(item.currency.code)
        reason(item, &writer)
    }

    /// The amounts, the rate and the reason, in the order of CAS.
    static func sharesAndReason(_ item: TaxItem, _ writer: inout RowWriter) {
        writer.money(item.taxable, item.currency)
        writer.money(item.nontaxable, item.currency)
        writer.money(item.amount, item.currency)
        writer.decimal(millionths: item.basisPoints * 100, places: 1)
        reason(item, &writer)
    }

    private static func reason(_ item: TaxItem, _ writer: inout RowWriter) {
        switch item.reason {
        case .taxable: writer.quoted("Taxable")
        case .nonTaxable: writer.quoted("NonTaxable")
        case .exempt: writer.quoted("Exempt")
        }
    }

    /// The five columns of an exemption.
    static func exemption(_ item: TaxItem, _ writer: inout RowWriter) {
        guard item.reason == .exempt else {
            for _ in 0..<5 { writer.empty() }
            return
        }
        writer.number(item.customer.key.child(.taxItem), 8)
        writer.quoted("ATEP")
        writer.quoted("ACCOUNT")
        writer.quoted("RESALE")
        writer.quoted("BillingDomain")
    }

    // Dual invoicing also states the tax in the currency of the law.
    private static func legal(_ item: TaxItem, _ writer: inout RowWriter) {
        guard let amount = item.legalAmount else {
            for _ in 0..<4 { writer.empty() }
            return
        }
        writer.money(amount, .usd)
        writer.quoted(Currency.usd.code)
        writer.number(item.entry.invoice.key.child(.invoice, 20), 10)
        writer.instant(item.seconds)
    }
}

extension TaxItem {
    /// The tax in the currency of the law, where invoices are in two.
    var legalAmount: Money? {
        guard customer.isDual else { return nil }
        return amount.times(entry.invoice.exchangeRate, over: 1_000_000, in: .usd)
    }

    /// Forward tax or a refund of it.
    var code: StaticString {
        guard slot.isRefund else { return "AWS" }
        return entry.invoice.refund == .taxOnly ? "TAXONLYREFUND" : "REFUND"
    }
}

extension TaxItem.Level {
    var name: StaticString {
        switch self {
        case .state: "State"
        case .county: "County"
        case .city: "City"
        case .district: "District"
        case .country: "Country"
        }
    }
}

extension Agreement {
    /// Who is taxed: the payer, or the reseller that buys from the seller.
    func taxedAccount(in world: World) -> Key {
        if case .resold(let partner) = channel { return world.partner(partner) }
        return customer.payer
    }
}

extension RowWriter {
    /// Who must remit the tax; empty when there is none.
    mutating func liable(_ item: TaxItem) {
        switch item.customer.tax {
        case .none: empty()
        case .seller: quoted("Seller")
        case .aws: quoted("AWS")
        }
    }
}
