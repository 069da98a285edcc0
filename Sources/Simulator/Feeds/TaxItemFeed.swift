/// A row of the tax item feed.
struct TaxItemRow: FeedRow {
    let item: TaxItem
    let version: Version

    var key: Key { item.key }
    var isDeleted: Bool { version.deleted != nil }

    func forEachAmount(_ body: (AmountColumn, Currency?, Money) -> Void) {
        body(.taxAmount, item.currency, item.amount)
        if let legal = item.legalAmount { body(.legalAmount, .usd, legal) }
    }
}

/// The tax item feed: how each tax entry of the billing events comes about.
struct TaxItemFeed: Feed {
    let world: World

    let name = "sdds.tax_item"
    let folder = "TaxItemFeed_V1"
    let redeliveryInterval = 9
    let header: StaticString = """
        tax_item_id,invoice_id,line_item_id,customer_bill_id,tax_liable_party,\
        transaction_type_code,product_id,product_tax_code,invoice_date,\
        taxed_customer_account_id,taxed_customer_country,taxed_customer_state_or_region,\
        taxed_customer_city,taxed_customer_postal_code,tax_location_code_taxed_jurisdiction,\
        tax_type_code,jurisdiction_level,taxed_jurisdiction,display_price_taxability_type,\
        taxable_amount,nontaxable_amount,tax_jurisdiction_rate,tax_amount,tax_currency,\
        tax_calculation_reason_code,date_used_for_tax_calculation,\
        customer_exemption_certificate_id,customer_exemption_certificate_id_domain,\
        customer_exemption_certificate_level,customer_exemption_code,\
        customer_exemption_domain,transaction_reference_id,legal_amount,legal_currency,\
        tax_invoice_id,tax_invoice_date,valid_from,insert_date,update_date,delete_date
        """

    typealias Visit = (borrowing TaxItemRow) throws -> Void

    func forEachChange(on day: SimulatedDay, _ body: Visit) rethrows {
        for number in day.generated {
            let day = SimulatedDay(number: number)
            try world.forEachCustomer { customer in
                try world.forEachAgreement(of: customer) { agreement in
                    try world.forEachInvoice(of: agreement, around: day) { invoice in
                        guard invoice.moves(on: day) else { return }
                        try items(of: invoice, on: day, body)
                    }
                }
            }
        }
    }

    private func items(of invoice: Invoice, on day: SimulatedDay, _ body: Visit) rethrows {
        try world.forEachLine(of: invoice) { line in
            let entry = Entry(world: world, invoice: invoice, line: line)
            if day == invoice.issued {
                for item in entry.taxItems(.tax) { try body(first(item, on: day)) }
            }
            if day == invoice.refunded {
                for item in entry.taxItems(.taxRefund) { try body(first(item, on: day)) }
            }
            try laterVersions(of: entry, on: day, body)
        }
    }

    // One sale in twenty was put into the wrong place; one invoice in thirty has a spare item.
    private func laterVersions(
        of entry: Entry, on day: SimulatedDay, _ body: Visit
    ) rethrows {
        let invoice = entry.invoice
        if day == invoice.corrected {
            for item in entry.taxItems(.tax) where item.isMisplaced {
                var version = first(item, on: invoice.issued).version
                version.updated = world.written(item.key, on: day)
                var mended = item
                mended.isMisplaced = false
                try body(TaxItemRow(item: mended, version: version))
            }
        }
        guard let spare = entry.spareTaxItem else { return }
        if day == invoice.issued { try body(first(spare, on: day)) }
        if day == invoice.phantomDeleted {
            var version = first(spare, on: invoice.issued).version
            version.updated = world.written(spare.key, on: day)
            version.deleted = version.updated
            try body(TaxItemRow(item: spare, version: version))
        }
    }

    private func first(_ item: TaxItem, on day: SimulatedDay) -> TaxItemRow {
        TaxItemRow(
            item: item,
            version: Version(
                validFrom: item.seconds, inserted: world.written(item.key, on: day)))
    }

    func write(_ row: borrowing TaxItemRow, into writer: inout RowWriter) {
        TaxItemEncoding.write(row.item, in: world, into: &writer)
        writer.history(row.version)
    }
}
