/// A row of the agreement feed.
struct AgreementRow: FeedRow {
    enum Status {
        case active
        case superseded
        case cancelled
        case expired
        case renewed
        case replaced
        case terminated
        case rolledBack
    }

    let agreement: Agreement
    let key: Key
    let status: Status
    let value: Money
    let revision: Int
    let version: Version
    /// How the row changes the numbers of active agreements and of their licences.
    var active: (agreements: Int, licences: Int) = (0, 0)

    var isDeleted: Bool { version.deleted != nil }

    func forEachAmount(_ body: (AmountColumn, Currency?, Money) -> Void) {
        body(.estimatedAgreementValue, agreement.customer.currency, value)
    }

    func count(in ledger: inout Ledger) {
        ledger.entitle(agreement.product, active)
    }
}

/// The agreement feed: every revision of every purchase agreement.
struct AgreementFeed: Feed {
    let world: World

    let name = "sdds.agreement"
    let folder = "AgreementFeed_V1"
    let redeliveryInterval = 5
    let header: StaticString = """
        agreement_id,status,status_reason_code,estimated_agreement_value,currency_code,\
        license_ids,proposer_account_id,acceptor_account_id,offer_id,\
        offer_revision_at_acceptance,offer_set_id,start_time,end_time,acceptance_time,intent,\
        preceding_agreement_id,recipient_account_id,catalog,valid_from,insert_date,\
        update_date,delete_date
        """

    typealias Visit = (borrowing AgreementRow) throws -> Void

    func forEachChange(on day: SimulatedDay, _ body: Visit) rethrows {
        try world.forEachCustomer { customer in
            try world.forEachAgreement(of: customer) { agreement in
                guard !world.isLost(agreement.key) else { return }
                try acceptance(agreement, on: day, body)
                try amendment(agreement, on: day, body)
                try ending(agreement, on: day, body)
            }
            try phantom(customer, on: day, body)
        }
    }

    private func acceptance(_ agreement: Agreement, on day: SimulatedDay, _ body: Visit) rethrows {
        let accepted = agreement.accepted
        guard accepted.stream == day || accepted + 1 == day else { return }
        let wrong = agreement.value + .units(1000)
        if accepted.stream == day {
            let value = agreement.isCorrected ? wrong : agreement.value
            var row = row(agreement, .active, value, from: agreement.acceptedSeconds, on: accepted)
            row.active = (1, 1)
            try body(row)
        }
        // In the backfill the correction follows its row at once, with a day between them.
        let next = accepted + 1
        if agreement.isCorrected, next.stream == day {
            try body(
                row(
                    agreement, .active, agreement.value, from: agreement.acceptedSeconds,
                    on: next, first: accepted))
        }
    }

    // The revision before is declared superseded: same valid_from, newer update_date.
    private func amendment(_ agreement: Agreement, on day: SimulatedDay, _ body: Visit) rethrows {
        guard let amendment = agreement.amendment else { return }
        let amended = agreement.value + amendment.extra
        let validFrom = Agreement.amendedSeconds(amendment.day)
        if amendment.day == day {
            try body(
                row(
                    agreement, .superseded, agreement.value, from: agreement.acceptedSeconds,
                    on: day, first: agreement.accepted))
            var row = row(agreement, .active, amended, from: validFrom, on: day, revision: 2)
            row.active = (0, 1)
            try body(row)
        }
        guard amendment.rolledBack == day else { return }
        try body(
            row(
                agreement, .rolledBack, amended, from: validFrom, on: day, first: amendment.day,
                revision: 2))
        var row = row(
            agreement, .active, agreement.value, from: agreement.acceptedSeconds, on: day,
            first: agreement.accepted)
        row.active = (0, -1)
        try body(row)
    }

    private func ending(_ agreement: Agreement, on day: SimulatedDay, _ body: Visit) rethrows {
        guard let end = agreement.end, end.day == day else { return }
        let status: AgreementRow.Status =
            switch end.how {
            case .cancelled: .cancelled
            case .expired: .expired
            case .renewed: .renewed
            case .replaced: .replaced
            case .terminated: .terminated
            }
        let value = agreement.value + (agreement.standingAmendment?.extra ?? .zero)
        let revision = agreement.standingAmendment == nil ? 1 : 2
        var row = row(
            agreement, status, value, from: day.midnight, on: day, revision: revision)
        row.active = (-1, -agreement.licences)
        try body(row)
    }

    // An agreement that was recorded by mistake: deleted two days later, never used.
    private func phantom(_ customer: Customer, on day: SimulatedDay, _ body: Visit) rethrows {
        guard let agreement = world.phantom(of: customer) else { return }
        let recorded = agreement.accepted
        guard day == recorded || day == recorded + 2 else { return }
        var row = row(
            agreement, .active, agreement.value, from: agreement.acceptedSeconds, on: day,
            first: recorded, isDeleted: day != recorded)
        row.active = day == recorded ? (1, 1) : (-1, -1)
        try body(row)
    }

    private func row(
        _ agreement: Agreement, _ status: AgreementRow.Status, _ value: Money,
        from validFrom: Int64, on day: SimulatedDay, first: SimulatedDay? = nil,
        revision: Int = 1, isDeleted: Bool = false
    ) -> AgreementRow {
        let updated = world.written(agreement.key, on: day)
        return AgreementRow(
            agreement: agreement, key: agreement.key, status: status, value: value,
            revision: revision,
            version: Version(
                validFrom: validFrom,
                inserted: world.written(agreement.key, on: first ?? day), updated: updated,
                deleted: isDeleted ? updated : nil))
    }
}
