import Foundation
import Simulator
import Support
import Testing

/// A simulated seller, loaded by the program: the layer says what the simulator knows.
@Suite struct SellerTruthTests {
    /// Writes what was delivered up to a day and loads it.
    private func desk(_ simulation: Simulation, asOf day: SimulatedDay) throws -> Desk {
        let desk = try Desk()
        for file in simulation.files(asOf: day) {
            let object = try DeliveredObject(file)
            try desk.deliver(Data(object.bytes), to: "data/" + object.key)
        }
        try desk.loadAll()
        return desk
    }

    private func simulation(_ seed: UInt64, hasAnomalies: Bool = false) -> Simulation {
        var parameters = SimulationParameters(seed: seed, months: 4)
        parameters.cas = false
        parameters.hasAnomalies = hasAnomalies
        return Simulation(parameters)
    }

    private func text(_ invoice: TrueInvoice) -> String {
        let collected = invoice.collected?.decimal ?? "-"
        func days(_ instant: Int64?) -> String {
            instant.map { "\(($0 - invoice.invoiced) / 86_400)" } ?? "-"
        }
        return [
            invoice.number, invoice.currency, "\(invoice.invoiced)", "\(invoice.due)",
            invoice.amount.decimal, invoice.refunded.decimal, invoice.forgiven.decimal, collected,
            invoice.disbursed.decimal, invoice.failed.decimal, invoice.paidAgain.decimal,
            invoice.outstanding.decimal, days(invoice.collectedAt), days(invoice.disbursedAt),
        ].joined(separator: " ")
    }

    /// The days are those around payouts, a failure of them and their repetition.
    @Test(arguments: [
        (seed: 31, day: SimulatedDay(2026, 2, 18)), (33, SimulatedDay(2026, 4, 14)),
        (34, SimulatedDay(2026, 4, 18)), (35, SimulatedDay(2026, 4, 30)),
    ])
    func everyInvoiceIsToldAsItWas(seed: Int, day: SimulatedDay) throws {
        let simulation = simulation(UInt64(seed))
        let desk = try desk(simulation, asOf: day)
        let found = try desk.rows(
            """
            select concat_ws(' ', invoice_id, currency, extract(epoch from invoiced_at)::bigint,
                extract(epoch from due_at)::bigint, trim_scale(invoiced), trim_scale(refunded),
                trim_scale(forgiven), coalesce(trim_scale(collected)::text, '-'),
                trim_scale(disbursed), trim_scale(failed), trim_scale(paid_again),
                trim_scale(outstanding), coalesce(days_to_collect::text, '-'),
                coalesce(days_to_cash::text, '-'))
            from marketplace.invoice_to_cash
            where invoice_id is not null
            """)
        let invoices = simulation.invoices(asOf: day)
        #expect(invoices.count > 50)
        for amount in [\TrueInvoice.failed, \.refunded, \.disbursed] {
            #expect(invoices.contains { $0[keyPath: amount].decimal != "0" })
        }
        let expected = invoices.map(text)
        #expect(found.count == Set(found).count)
        let differing = Set(found).symmetricDifference(expected).sorted()
        #expect(differing == [])
        try expectMoneyAgrees(desk)
        try expectTotals(desk, simulation.truth(asOf: day), invoices)
    }

    /// Sums by currency as `currency amount`.
    private func sums(_ amounts: [(currency: String, amount: String)]) -> [String] {
        var sums: [String: Decimal] = [:]
        for (currency, amount) in amounts {
            sums[currency, default: 0] += Decimal(string: amount) ?? .nan
        }
        return sums.filter { $0.value != 0 }.map { "\($0.key) \($0.value)" }.sorted()
    }

    /// Sales, usage, payouts and agreements come to what the simulator added up.
    private func expectTotals(_ desk: Desk, _ truth: Truth, _ invoices: [TrueInvoice]) throws {
        func found(_ amount: String, _ from: String) throws -> [String] {
            try desk.rows(
                """
                select currency || ' ' || trim_scale(sum(\(amount))) from \(from)
                group by currency having sum(\(amount)) <> 0 order by currency
                """)
        }
        let adjustments = truth.adjustments.map { ($0.currency, $0.amount) }
        let owed = invoices.flatMap { invoice in
            [invoice.amount, invoice.refunded, invoice.forgiven].map {
                (invoice.currency, $0.decimal)
            }
        }
        #expect(try found("amount", "marketplace.sales where is_owed") == sums(owed + adjustments))
        #expect(
            try found("amount", "marketplace.sales where kind = 'balance_adjustment'")
                == sums(adjustments))
        #expect(
            try found("estimated_revenue", "marketplace.usage")
                == sums(truth.months.map { ($0.currency, $0.usage) }))
        #expect(
            try found(
                "amount",
                """
                (select c.currency, c.amount from marketplace.disbursement_content c
                join marketplace.disbursement d on d.billing_event_id = c.disbursement_id
                where d.status = 'Paid') as paid
                """) == sums(truth.transfers.map { ($0.currency, $0.amount) }))
        let agreements = try desk.database.psql(
            """
            select count(*), (select sum(agreements) from marketplace.customer)
                - (select count(*) from marketplace.agreement_current)
            from marketplace.agreement_current where status = 'ACTIVE'
            """)
        let active = truth.entitlements.reduce(0) { $0 + $1.activeAgreements }
        #expect(agreements == "\(active)|0")
    }

    /// The content of the payouts is what the bank got, and what is open is what comes next.
    private func expectMoneyAgrees(_ desk: Desk) throws {
        let unequal = try desk.rows(
            """
            select 'payout', billing_event_id, difference from marketplace.disbursement
            where difference is distinct from 0
            union all
            select 'content', d.billing_event_id, e.amount - sum(c.amount)
            from marketplace.disbursement d
            join marketplace.disbursement_content c on c.disbursement_id = d.billing_event_id
            join sdds.billing_event e on e.version_id = d.version_id and e.line = d.line
            group by d.billing_event_id, e.amount, d.lines
            having abs(e.amount - sum(c.amount)) > 0.01 * d.lines or count(*) <> d.lines
            union all
            -- Received less disbursed of the invoices, and of what has none.
            select 'next', currency, sum(amount) from (
                select currency, amount from marketplace.expected_disbursement
                union all
                select currency, disbursed - received from marketplace.invoice_to_cash
            ) as n group by currency having sum(amount) <> 0
            """)
        #expect(unequal == [])
    }

    @Test(arguments: [41, 43])
    func moneyIsFoundWhereItWasLostAndNowhereElse(seed: Int) throws {
        let day = SimulatedDay(2026, 4, 25)
        let simulation = simulation(UInt64(seed), hasAnomalies: true)
        let truth = simulation.anomalies(asOf: day)
        let desk = try desk(simulation, asOf: day)
        let found: [(String, Set<String>, String)] = [
            (
                "unbilled usage", truth.unbilledUsage,
                """
                concat_ws(' ', to_char(month, 'YYYY-MM'), agreement_id, product_id, currency,
                    trim_scale(estimated_revenue)) from marketplace.unbilled_usage
                """
            ),
            (
                "usage after end", truth.usageAfterEnd,
                """
                concat_ws(' ', agreement_id, product_id, first_day, last_day,
                    trim_scale(estimated_revenue)) from marketplace.usage_after_end
                """
            ),
            (
                "listing fees", truth.feeDeviations,
                """
                split_part(line, ':', 1) || ' ' || split_part(line, ':', 2)
                from marketplace.listing_fee_deviation
                """
            ),
            (
                "orphans", truth.orphans,
                "kind || ' ' || missing_id from marketplace.orphan_reference"
            ),
        ]
        for (name, expected, query) in found {
            #expect(!expected.isEmpty, "\(name): seed \(seed) has none")
            let rows = try desk.rows("select " + query)
            #expect(rows.count == Set(rows).count, "\(name)")
            #expect(Set(rows).symmetricDifference(expected).sorted() == [], "\(name)")
        }
    }

    /// What nobody planted is not found: a seller in good order.
    @Test func aSellerInGoodOrderLosesNothing() throws {
        let day = SimulatedDay(2026, 4, 25)
        let simulation = simulation(44)
        let truth = simulation.anomalies(asOf: day)
        #expect(truth.unbilledUsage.isEmpty && truth.usageAfterEnd.isEmpty && truth.orphans.isEmpty)
        let found = try desk(simulation, asOf: day).database.psql(
            """
            select (select count(*) from marketplace.unbilled_usage),
                (select count(*) from marketplace.usage_after_end),
                (select count(*) from marketplace.orphan_reference),
                (select count(*) from marketplace.listing_fee_deviation)
            """)
        #expect(found == "0|0|0|\(truth.feeDeviations.count)")
    }
}
