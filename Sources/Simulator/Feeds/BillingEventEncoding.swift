/// The billing event feed as text.
enum BillingEventEncoding {
    static let header: StaticString = """
        billing_event_id,from_account_id,to_account_id,end_user_account_id,product_id,action,\
        transaction_type,parent_billing_event_id,disbursement_billing_event_id,amount,currency,\
        disbursement_amount,disbursement_currency,balance_impacting,invoice_date,\
        payment_due_date,usage_period_start_date,usage_period_end_date,invoice_id,\
        billing_address_id,transaction_reference_id,bank_trace_id,broker_id,\
        buyer_transaction_reference_id,action_date,recipient_account_id,offer_id,\
        buyer_invoice_date,line_item_id,buyer_line_item_id,charge_variant,charge_side,\
        agreement_id,buyer_invoice_id,invoice_variant,disbursement_reference_number,catalog,\
        valid_from,insert_date,update_date,delete_date
        """

    // Invoices before this instant lack agreement, offer and buyer invoice: 2021-04-01.
    private static let linkedSince = SimulatedDay(2021, 4, 1).midnight

    static func write(_ event: borrowing BillingEvent, into writer: inout RowWriter) {
        writer.event(event.key)
        writer.guid(event.from)
        writer.guid(event.to)
        optional(event.sale?.endUser, &writer) { $0.guid($1) }
        optional(event.sale?.product, &writer) { $0.name("prod-", $1, 13) }
        writer.quoted(event.action.name)
        writer.quoted(event.kind.name)
        optional(event.parent, &writer) { $0.event($1) }
        optional(event.disbursement, &writer) { $0.event($1) }
        amounts(event, &writer)
        dates(event, &writer)
        references(event, &writer)
        links(event, &writer)
        optional(event.bank?.reference, &writer) { $0.number($1, 12) }
        writer.version(event.version, in: event.catalog)
    }

    private static func amounts(_ event: borrowing BillingEvent, _ writer: inout RowWriter) {
        writer.money(event.amount, event.currency)
        writer.quoted(event.currency.code)
        if let payout = event.payout {
            writer.money(payout.amount, payout.currency)
            writer.quoted(payout.currency.code)
        } else {
            writer.empty()
            writer.empty()
        }
        writer.word(event.isCounting ? "1" : "0")
    }

    private static func dates(_ event: borrowing BillingEvent, _ writer: inout RowWriter) {
        writer.instant(event.invoiceSeconds)
        writer.instantOrEmpty(event.sale?.dueSeconds)
        writer.instantOrEmpty(event.sale?.period?.first)
        writer.instantOrEmpty(event.sale?.period?.last)
    }

    private static func references(_ event: borrowing BillingEvent, _ writer: inout RowWriter) {
        optional(event.sale?.invoice, &writer) { $0.number($1, 10) }
        optional(event.sale?.address, &writer) { $0.name("addr-", $1, 16) }
        optional(event.sale?.reference, &writer) { $0.name("", $1, 20) }
        if let placeholder = event.bank?.placeholder {
            writer.quoted(placeholder)
        } else {
            optional(event.bank?.trace, &writer) { $0.number($1, 15) }
        }
        writer.quoted(event.broker.name)
        let isLinked = event.invoiceSeconds >= linkedSince
        let sale = event.sale
        let buyerReference = sale?.buyerReference ?? sale?.reference
        optional(isLinked ? buyerReference : nil, &writer) { $0.name("", $1, 20) }
        writer.instant(event.actionSeconds, event.key.bits & 15 == 0 ? .plain : .iso)
        writer.guid(event.recipient)
    }

    private static func links(_ event: borrowing BillingEvent, _ writer: inout RowWriter) {
        let sale = event.invoiceSeconds >= linkedSince ? event.sale : nil
        let isPlaceholder = sale?.isPlaceholderOffer ?? false
        optional(sale?.offer, &writer) { $0.offerID($1, isPlaceholder: isPlaceholder) }
        writer.instantOrEmpty(
            sale?.buyerInvoiceSeconds, event.key.bits & 15 == 0 ? .plain : .iso)
        optional(event.sale?.line, &writer) { $0.number($1, 20) }
        optional(sale?.line, &writer) { $0.number($1, 20) }
        if let charge = sale?.charge {
            writer.quoted(charge.variant)
            writer.quoted(charge.side)
        } else {
            writer.empty()
            writer.empty()
        }
        optional(sale?.agreement, &writer) { $0.name("agmt-", $1, 25) }
        optional(sale?.buyerInvoice, &writer) { $0.number($1, 10) }
        if let sale { writer.quoted(sale.variant.name) } else { writer.empty() }
    }

    @inline(__always)
    private static func optional(
        _ key: Key?, _ writer: inout RowWriter, _ write: (inout RowWriter, Key) -> Void
    ) {
        if let key { write(&writer, key) } else { writer.empty() }
    }
}
