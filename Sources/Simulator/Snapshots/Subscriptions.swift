/// CAS "Daily customer subscriber: hourly and monthly subscriptions": usage in force.
struct HourlyMonthlySubscriptions: Snapshot {
    typealias Row = Agreement

    let world: World

    let name = "cas.customer_subscriber_hourly_monthly_subscriptions"
    let header: StaticString = """
        Customer AWS Account Number,Product Title,Product Id,Product Code,\
        Subscription Start Date,Offer ID,Offer Visibility,Solution Title,Solution ID,\
        Payer Reference ID,Reseller account ID,Reseller account name
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.dayBefore(day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Agreement) throws -> Void
    ) rethrows {
        try world.forEachSubscription(.usage, on: published + -1, body)
    }

    func write(_ agreement: borrowing Agreement, into writer: inout RowWriter) {
        let customer = agreement.customer
        writer.accountNumber(customer.account)
        writer.subscribedProduct(agreement.product, in: world)
        writer.day(agreement.accepted)
        writer.offer(agreement.offer)
        writer.visibility(agreement.offer)
        writer.solution()
        writer.payerReference(customer)
        writer.reseller(agreement.channel, in: world)
    }
}

/// CAS "Daily customer subscriber: annual subscriptions": contracts in force.
struct AnnualSubscriptions: Snapshot {
    typealias Row = Agreement

    let world: World

    let name = "cas.customer_subscriber_annual_subscriptions"
    let header: StaticString = """
        Customer AWS Account Number,Product Title,Product Id,Product Code,Subscription Id,\
        Subscription Quantity,Subscription Type,Subscription Intent,Offer ID,\
        Subscription Start Date,Previous Offer ID,Offer Visibility,Solution Title,Solution ID,\
        Payer Reference ID,Reseller account ID,Reseller account name
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.dayBefore(day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Agreement) throws -> Void
    ) rethrows {
        try world.forEachSubscription(.contract, on: published + -1, body)
    }

    func write(_ agreement: borrowing Agreement, into writer: inout RowWriter) {
        let customer = agreement.customer
        writer.accountNumber(customer.account)
        writer.subscribedProduct(agreement.product, in: world)
        writer.name("agmt-", agreement.key, 25)
        writer.integer(agreement.seats(0))
        writer.quoted(agreement.isTrial ? "Free Trial" : "Contract")
        switch agreement.intent {
        case .new: writer.empty()
        case .renew: writer.quoted("Renewal")
        case .replace: writer.quoted("Upgrade")
        }
        writer.offer(agreement.offer)
        writer.day(agreement.accepted)
        if agreement.preceding != nil, agreement.offer.isShared {
            writer.offer(agreement.offer)
        } else if let preceding = agreement.preceding {
            writer.offerID(preceding.child(.offer), isPlaceholder: false)
        } else {
            writer.empty()
        }
        writer.visibility(agreement.offer)
        writer.solution()
        writer.payerReference(customer)
        writer.reseller(agreement.channel, in: world)
    }
}

extension World {
    /// The agreements of a kind that are in force at the end of a day.
    fileprivate func forEachSubscription(
        _ kind: Agreement.Kind, on day: SimulatedDay,
        _ body: (borrowing Agreement) throws -> Void
    ) rethrows {
        try forEachAgreement { agreement in
            if agreement.kind == kind, agreement.isInForce(on: day) { try body(agreement) }
        }
    }
}

extension RowWriter {
    /// Title, old identifier and code.
    fileprivate mutating func subscribedProduct(_ index: Int, in world: World) {
        let product = Product(index: index, of: world)
        text(product.title)
        guid(product.legacy)
        name("", product.code, 25)
    }

    /// Account number and name of the reseller of a sale.
    mutating func reseller(_ channel: Channel, in world: World) {
        guard case .resold(let partner) = channel else {
            empty()
            return empty()
        }
        accountNumber(world.partner(partner))
        text(partner.name)
    }
}
