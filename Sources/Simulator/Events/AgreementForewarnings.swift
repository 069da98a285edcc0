/// What is told before an agreement ends or renews, and what is asked for in between.
extension MarketplaceMessages {
    /// Ending, renewing, under an advisory.
    func forewarnings(_ agreement: Agreement, _ body: Visit) {
        guard agreement.accepted >= world.start, day > agreement.accepted,
            agreement.end.map({ day < $0.day }) ?? true
        else { return }
        ending(agreement, body)
        renewal(agreement, body)
        advisory(agreement, body)
    }

    private func ending(_ agreement: Agreement, _ body: Visit) {
        guard agreement.isProposed(in: world), let planned = agreement.plannedEnd,
            [180, 120, 90, 60, 30].contains(planned - day)
        else { return }
        let isRenewing = agreement.end?.how == .renewed
        var detail: [(String, JSONText)] = [
            (
                "agreement",
                .members([
                    ("id", .text(agreement.id)), ("endTime", .instant(planned.midnight)),
                    ("daysBeforeEndTime", .number("\(planned - day)")),
                    ("autoRenewalEnabled", .bool(isRenewing)),
                ])
            )
        ]
        if !isRenewing {
            detail.append(("renewalSummary", .members([("disabledBy", .text("ACCEPTOR"))])))
        }
        body(
            event(
                "Purchase Agreement Ending", agreement, at: day.midnight + 14_400,
                detail + parties(agreement)))
    }

    private func renewal(_ agreement: Agreement, _ body: Visit) {
        guard agreement.isProposed(in: world), let end = agreement.end, end.how == .renewed else {
            return
        }
        var total = Total()
        total += agreement.value
        let summary: [(String, JSONText)] = [
            ("tcv", .text(total.decimal)), ("currency", .text("\(agreement.currency.code)")),
            ("lockoutStartTime", .instant((end.day + -2).midnight)),
            ("lockoutReached", .bool(false)),
        ]
        let id: (String, JSONText) = ("agreement", .members([("id", .text(agreement.id))]))
        if end.day - day == 7 {
            body(
                event(
                    "Purchase Agreement Renewal Upcoming", agreement, at: day.midnight + 15_000,
                    [id, ("renewalSummary", .members(summary))] + parties(agreement)))
        }
        if end.day - day == 3 {
            let final: [(String, JSONText)] = [
                ("termsFinalizedTime", .instant(day.midnight + 15_000))
            ]
            body(
                event(
                    "Purchase Agreement Renewal Terms Finalized", agreement,
                    at: day.midnight + 15_060,
                    [id, ("renewalSummary", .members(summary + final))] + parties(agreement)))
        }
    }

    // Who does not pay is warned before the agreement is terminated; some pay then.
    private func advisory(_ agreement: Agreement, _ body: Visit) {
        guard agreement.kind == .usage, agreement.isOwn(in: world) else { return }
        let isTerminated = agreement.end?.how == .terminated
        let isWarned = isTerminated || agreement.key.child(.message, 1).below(12) == 0
        guard isWarned else { return }
        let ends = agreement.end?.day ?? agreement.accepted + 45
        let issued = max(ends + -20, agreement.accepted + 1)
        let id: (String, JSONText) = ("agreement", .members([("id", .text(agreement.id))]))
        let issuedAt: (String, JSONText) = ("issuedAt", .instant(issued.midnight + 20_000))
        if day == issued {
            body(
                event(
                    "Purchase Agreement Advisory Issued", agreement, at: day.midnight + 20_000,
                    isManufacturer: true, [id, ("advisory", .members([issuedAt]))]))
        }
        if !isTerminated, day == issued + 6 {
            let resolved: (String, JSONText) = ("resolvedAt", .instant(day.midnight + 21_000))
            body(
                event(
                    "Purchase Agreement Advisory Resolved", agreement, at: day.midnight + 21_000,
                    isManufacturer: true, [id, ("advisory", .members([issuedAt, resolved]))]))
        }
    }
}

/// Requests of the seller: to cancel, and to give money back.
extension MarketplaceMessages {
    /// What became of them on the day.
    func requests(_ agreement: Agreement, _ body: Visit) {
        guard agreement.isProposed(in: world), agreement.accepted >= world.start else { return }
        cancellations(agreement, body)
        world.forEachInvoice(of: agreement, around: day) { invoice in
            if invoice.refunded == day { refund(of: invoice, body) }
        }
    }

    private static let refusals = ["Rejected", "Cancelled", "Validation Failed"]

    private func cancellations(_ agreement: Agreement, _ body: Visit) {
        if let end = agreement.end, end.how == .cancelled, agreement.kind == .contract {
            let asked = end.day + -8
            if day == asked {
                body(cancellation("Pending Approval", agreement, asked: asked))
            }
            if day == end.day + -1 { body(cancellation("Approved", agreement, asked: asked)) }
        }
        let draw = agreement.key.child(.message, 2)
        guard draw.below(10) == 0 else { return }
        let asked = agreement.accepted + 5
        let outcome = Self.refusals[draw.child(.row).below(3)]
        if day == asked, outcome != "Validation Failed" {
            body(cancellation("Pending Approval", agreement, asked: asked))
        }
        if day == asked + 2 { body(cancellation(outcome, agreement, asked: asked)) }
    }

    private func cancellation(
        _ outcome: String, _ agreement: Agreement, asked: SimulatedDay
    ) -> SimulatedMessage {
        let status = outcome.uppercased().replacing(" ", with: "_")
        let request: [(String, JSONText)] = [
            ("id", .id("acr-", agreement.key.child(.request), 13)),
            ("reasonCode", .text("INCORRECT_TERMS_ACCEPTED")),
            ("reasonMessage", .text("Wrong \"edition\", by mistake")),
            ("status", .text(status)), ("createdAt", .instant(asked.midnight + 30_000)),
            ("updatedAt", .instant(day.midnight + 30_000)),
        ]
        let detail: [(String, JSONText)] = [
            ("agreementCancellationRequest", .members(request)),
            ("agreement", .members([("id", .text(agreement.id))])),
        ]
        return event(
            "Agreement Cancellation Request \(outcome)", agreement, at: day.midnight + 30_000,
            isManufacturer: false, detail + parties(agreement))
    }

    // Every second try fails, and is made again an hour later.
    private func refund(of invoice: Invoice, _ body: Visit) {
        guard invoice.refund == .quarter else { return }
        var sum = Total()
        world.forEachLine(of: invoice) { line in
            let entry = Entry(world: world, invoice: invoice, line: line)
            if let row = entry.invoiced(.priceRefund) { sum += row.amount }
        }
        guard !sum.isZero else { return }
        if invoice.key.child(.message).bits & 1 == 0 {
            body(adjustment("Failed", of: invoice, sum, at: day.midnight + 3_600))
        }
        body(adjustment("Completed", of: invoice, sum, at: day.midnight + 7_200))
    }

    private func adjustment(
        _ outcome: String, of invoice: Invoice, _ sum: Total, at seconds: Int64
    ) -> SimulatedMessage {
        let agreement = invoice.agreement
        var writer = RowWriter()
        let number = writer.collected { $0.numberText(invoice.key, 10) }
        let request: [(String, JSONText)] = [
            ("id", .id("ba-", invoice.key.child(.request), 13)),
            ("adjustmentAmount", .text(sum.decimal)),
            ("currencyCode", .text("\(agreement.currency.code)")),
            ("adjustmentReasonCode", .text("OTHER")),
        ]
        return event(
            "Purchase Agreement Billing Adjustment \(outcome)", agreement, at: seconds,
            isManufacturer: false,
            [
                ("agreement", .members([("id", .text(agreement.id))])),
                ("billingAdjustmentRequest", .members(request)),
                ("invoice", .members([("originalInvoiceId", .text(number))])),
            ])
    }
}

extension Agreement {
    /// Whether the seller made the offer.
    fileprivate func isProposed(in world: World) -> Bool {
        channel.proposer(in: world) == world.seller
    }
}
