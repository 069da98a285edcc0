/// CAS "Daily business: new product subscribers".
struct NewSubscribers: Snapshot {
    typealias Row = Agreement

    let world: World

    let name = "cas.daily_business_new_product_subscribers"
    let header: StaticString = """
        Customer Reference ID,Customer AWS Account Number,User’s State,User’s Country,\
        Product Title,Product Code,Offer ID,Offer Visibility,Customer Country,Customer State,\
        Customer City,Customer Zip Code,Customer Email Domain,Solution Title,Solution ID,\
        Payer Reference ID,Payer Address ID
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.dayBefore(day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Agreement) throws -> Void
    ) rethrows {
        // Renewals are no new subscriptions.
        try world.forEachAgreement { agreement in
            if agreement.accepted == published + -1, agreement.preceding == nil {
                try body(agreement)
            }
        }
    }

    func write(_ agreement: borrowing Agreement, into writer: inout RowWriter) {
        let customer = agreement.customer
        writer.customerReference(customer)
        writer.accountNumber(customer.payer)
        writer.userPlace(customer)
        writer.titleAndCode(agreement.product, in: world)
        writer.offer(agreement.offer)
        writer.visibility(agreement.offer)
        writer.quoted(customer.market.country)
        writer.casTail(customer)
    }
}

/// CAS "Daily business: canceled product subscribers".
struct CanceledSubscribers: Snapshot {
    typealias Row = Agreement

    let world: World

    let name = "cas.daily_business_canceled_product_subscribers"
    let header: StaticString = """
        Customer Reference ID,User’s State,User’s Country,Product Title,Product Code,\
        Subscribed Date,Offer ID,Offer Visibility,Customer AWS Account Number,Customer Country,\
        Customer State,Customer City,Customer Zip Code,Customer Email Domain,Solution Title,\
        Solution ID,Payer Reference ID,Payer Address ID
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.dayBefore(day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Agreement) throws -> Void
    ) rethrows {
        try world.forEachAgreement { agreement in
            guard let end = agreement.end, end.day == published + -1,
                end.how != .renewed, end.how != .replaced
            else { return }
            try body(agreement)
        }
    }

    func write(_ agreement: borrowing Agreement, into writer: inout RowWriter) {
        let customer = agreement.customer
        writer.customerReference(customer)
        writer.userPlace(customer)
        writer.titleAndCode(agreement.product, in: world)
        writer.day(agreement.accepted)
        writer.offer(agreement.offer)
        writer.visibility(agreement.offer)
        writer.accountNumber(customer.payer)
        writer.quoted(customer.market.country)
        writer.casTail(customer)
    }
}

extension World {
    /// Every agreement of every customer, also those of the future.
    func forEachAgreement(_ body: (Agreement) throws -> Void) rethrows {
        try forEachCustomer { customer in
            try forEachAgreement(of: customer) { try body($0) }
        }
    }

    /// What most daily data sets cover: the day before, once there is one.
    func dayBefore(_ day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        day > start ? (day + -1)...(day + -1) : nil
    }
}
