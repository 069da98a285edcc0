/// The supplementary report on agreements: contracts of the day before, trials among them.
///
/// AWS publishes no key; this one is made up within the published pattern.
struct AgreementDetailsReport: Snapshot {
    typealias Row = Agreement

    let world: World

    let name = "sdds.agreement_details_report"
    let metadata = MetadataKind.none
    let header: StaticString = """
        vendor_display_name,vendor_aws_account_id,subscriber_aws_account_id,customer_id,\
        product_title,offer_id,offer_visibility,reseller_name,reseller_aws_account_id,\
        agreement_id,agreement_acceptance_date,agreement_start_date,agreement_end_date,\
        is_free_trial_offer,is_upgraded_after_free_trial,total_contract_value
        """

    // There is a report only if somebody subscribed.
    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        guard let covered = world.dayBefore(day) else { return nil }
        do {
            try forEachRow(published: day, edition: .first) { _ in throw AgreementFound() }
            return nil
        } catch {
            return covered
        }
    }

    func stem(of published: SimulatedDay) -> String {
        "reports/agreement_details_report_\(published)"
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Agreement) throws -> Void
    ) rethrows {
        try world.forEachAgreement { agreement in
            if agreement.accepted == published + -1 { try body(agreement) }
        }
    }

    func count(_ agreement: borrowing Agreement, in tally: inout FeedTally) {
        tally.add(.contractValue, nil, agreement.value)
    }

    func write(_ agreement: borrowing Agreement, into writer: inout RowWriter) {
        let customer = agreement.customer
        writer.quoted("Example Seller GmbH & Co. KG")
        writer.accountNumber(world.seller)
        writer.accountNumber(customer.account)
        writer.customerIdentifier(customer.account)
        writer.text(Product(index: agreement.product, of: world).title)
        writer.offer(agreement.offer)
        writer.visibility(agreement.offer)
        writer.resellerNameFirst(agreement.channel, in: world)
        writer.name("agmt-", agreement.key, 25)
        writer.instant(agreement.acceptedSeconds)
        writer.instant(agreement.startSeconds)
        if let planned = agreement.plannedEnd {
            writer.instant(planned.midnight)
        } else {
            writer.word("1-JAN-9999")
        }
        writer.word(agreement.isTrial ? "true" : "false")
        writer.word(agreement.isUpgrade ? "true" : "false")
        writer.money(agreement.value, agreement.currency)
    }
}

/// Ends a scan at the first agreement.
private struct AgreementFound: Error {}

extension RowWriter {
    fileprivate mutating func resellerNameFirst(_ channel: Channel, in world: World) {
        guard case .resold(let partner) = channel else {
            empty()
            return empty()
        }
        text(partner.name)
        accountNumber(world.partner(partner))
    }
}
