/// A row of the agreement term feed.
struct AgreementTermRow: FeedRow {
    let agreement: Agreement
    let term: Term
    let version: Version

    var key: Key { agreement.key.child(.term, term.index) }
    var isDeleted: Bool { version.deleted != nil }
}

/// What was accepted with an agreement.
struct Term: Sendable {
    let index: Int
    let type: StaticString
    /// The buyer's choices, as JSON.
    var configuration: String?
}

extension Agreement {
    /// The terms of a revision; an amendment changes quantities.
    func terms(revision: Int) -> [Term] {
        var terms: [Term] = [Term(index: 0, type: "LegalTerm")]
        switch kind {
        case .usage:
            terms.append(Term(index: 1, type: "UsageBasedPricingTerm"))
        case .contract where isTrial:
            terms.append(Term(index: 2, type: "FreeTrialPricingTerm"))
        case .contract where instalments > 1:
            terms.append(Term(index: 3, type: "PaymentScheduleTerm"))
        case .contract where key.bits & 7 == 0:
            terms.append(Term(index: 4, type: "FixedUpfrontPricingTerm"))
        case .contract:
            terms.append(
                Term(
                    index: 5, type: "ConfigurableUpfrontPricingTerm",
                    configuration: choice(revision)))
            terms.append(
                Term(
                    index: 6, type: "RenewalTerm",
                    configuration: #"{"enableAutoRenew":\#(isRenewing)}"#))
        }
        if key.bits & 16 == 0 { terms.append(Term(index: 7, type: "SupportTerm")) }
        if kind == .contract { terms.append(Term(index: 8, type: "ValidityTerm")) }
        return terms
    }

    private func choice(_ revision: Int) -> String {
        let duration = end.map { $0.day - accepted <= 31 } ?? false ? "P1M" : "P12M"
        let seats = seats(0) + (revision > 1 ? seats(1) : 0)
        let dimensions = #"[{"dimensionKey":"seats","dimensionValue":\#(seats)}]"#
        return #"{"selectorValue":"\#(duration)","dimensions":\#(dimensions)}"#
    }

    private var isRenewing: Bool { end?.how == .renewed }
}

/// The agreement term feed: all terms of each revision of each agreement.
struct AgreementTermFeed: Feed {
    let world: World

    let name = "sdds.agreement_term"
    let folder = "AgreementTermFeed_V1"
    let redeliveryInterval = 6
    let header: StaticString = """
        agreement_id,term_id,term_type,term_configuration,valid_from,insert_date,update_date,\
        delete_date
        """

    typealias Visit = (borrowing AgreementTermRow) throws -> Void

    func forEachChange(on day: SimulatedDay, _ body: Visit) rethrows {
        try world.forEachCustomer { customer in
            try world.forEachAgreement(of: customer) { agreement in
                try revisions(of: agreement, on: day, body)
                try laterVersions(agreement, on: day, body)
            }
            guard let phantom = world.phantom(of: customer) else { return }
            if day == phantom.accepted {
                try terms(phantom, 1, from: phantom.acceptedSeconds, on: day, body)
            }
            if day == phantom.accepted + 2 {
                try terms(
                    phantom, 1, from: phantom.acceptedSeconds, on: phantom.accepted,
                    deletedOn: day, body)
            }
        }
    }

    // An ending is a revision too, with the terms of the one before.
    private func revisions(
        of agreement: Agreement, on day: SimulatedDay, _ body: Visit
    ) rethrows {
        if agreement.accepted.stream == day {
            let accepted = agreement.accepted
            try terms(agreement, 1, from: agreement.acceptedSeconds, on: accepted, body)
        }
        if let amendment = agreement.amendment, amendment.day == day {
            try terms(agreement, 2, from: Agreement.amendedSeconds(day), on: day, body)
        }
        if let end = agreement.end, end.day == day {
            let revision = agreement.standingAmendment == nil ? 1 : 2
            try terms(agreement, revision, from: day.midnight, on: day, body)
        }
    }

    // Terms of a rolled back amendment are withdrawn; some terms are mended a day later.
    private func laterVersions(
        _ agreement: Agreement, on day: SimulatedDay, _ body: Visit
    ) rethrows {
        if let amendment = agreement.amendment, amendment.rolledBack == day {
            try terms(
                agreement, 2, from: Agreement.amendedSeconds(amendment.day), on: amendment.day,
                deletedOn: day, body)
        }
        let accepted = agreement.accepted
        if accepted >= world.start, accepted + 1 == day, agreement.key.child(.term).below(14) == 0 {
            try terms(
                agreement, 1, from: agreement.acceptedSeconds, on: accepted, correctedOn: day,
                body)
        }
    }

    private func terms(
        _ agreement: Agreement, _ revision: Int, from validFrom: Int64, on day: SimulatedDay,
        correctedOn corrected: SimulatedDay? = nil, deletedOn deleted: SimulatedDay? = nil,
        _ body: Visit
    ) rethrows {
        for term in agreement.terms(revision: revision) {
            let key = agreement.key.child(.term, term.index)
            var version = Version(validFrom: validFrom, inserted: world.written(key, on: day))
            if let later = corrected ?? deleted {
                version.updated = world.written(key, on: later)
                if deleted != nil { version.deleted = version.updated }
            }
            try body(AgreementTermRow(agreement: agreement, term: term, version: version))
        }
    }

    func write(_ row: borrowing AgreementTermRow, into writer: inout RowWriter) {
        writer.name("agmt-", row.agreement.key, 25)
        writer.term(row.key)
        writer.quoted(row.term.type)
        if let configuration = row.term.configuration {
            writer.text(configuration)
        } else {
            writer.empty()
        }
        writer.history(row.version, validFrom: row.key.bits & 7 == 0 ? .plain : .iso)
    }
}

extension RowWriter {
    /// A term's id: 64 hexadecimal digits.
    mutating func term(_ key: Key) {
        literal("term-")
        for index in 0..<4 { hex(key.child(.term, index).bits, 16) }
        byte(0x2C)
    }
}
