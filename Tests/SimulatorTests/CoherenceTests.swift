import Foundation
import Simulator
import Testing

/// A simulation and a day, checked by a Python script that knows only the files.
struct CoherenceCase: CustomTestStringConvertible {
    var seed: UInt64
    var months = 2
    var day: SimulatedDay?
    var start = SimulatedDay(2026, 1, 1)
    var scale = 1

    var testDescription: String { "seed \(seed), \(months) months, \(day?.description ?? "end")" }
}

@Suite struct CoherenceTests {
    @Test(arguments: [
        CoherenceCase(seed: 1),
        CoherenceCase(seed: 2, months: 5),
        CoherenceCase(seed: 3, months: 4, day: SimulatedDay(2026, 3, 14)),
        CoherenceCase(seed: 4, day: SimulatedDay(2026, 1, 1)),
        CoherenceCase(seed: 5, day: SimulatedDay(2026, 2, 3)),
        CoherenceCase(seed: 6, day: SimulatedDay(2026, 2, 18)),
        CoherenceCase(seed: 7, months: 3, start: SimulatedDay(2027, 12, 17)),
        CoherenceCase(seed: 8, months: 3, scale: 0),
        CoherenceCase(seed: 9, months: 1, scale: 3),
    ])
    func filesAgreeWithEachOtherAndWithTheTruth(_ example: CoherenceCase) throws {
        let simulation = Simulation(
            example.seed, months: example.months, scale: example.scale, start: example.start)
        try withBucket(simulation, asOf: example.day ?? simulation.lastDay) { folder in
            let found = try complaints(about: folder)
            #expect(found == "")
        }
    }

    /// A change to one file that the check must notice.
    static let damages: [(feed: String, from: String, to: String)] = [
        (
            "BillingEventFeed_V1", "\"DISBURSED\",\"SELLER_REV_SHARE\"",
            "\"INVOICED\",\"SELLER_REV_SHARE\""
        ),
        ("BillingEventFeed_V1", "\"USD\",,,1,", "\"EUR\",,,1,"),
        ("DailyUsageFeed_V1", ",prod-", ",prod-x"),
        ("AgreementFeed_V1", "\"ACTIVE\"", "\"EXPIRED\""),
        ("AccountFeed_V1", "\"\"", "\""),
    ]

    /// The logs, and the data sets that are compared with them line by line.
    private static let checkedClosely = Set(
        Simulation.feedNames.filter { $0.hasPrefix("sdds.") }
            + ["cas.disbursed_amount_by_product"])

    @Test(arguments: damages)
    func theCheckNoticesDamage(_ damage: (feed: String, from: String, to: String)) throws {
        var parameters = SimulationParameters(gzip: false)
        parameters.feeds = Self.checkedClosely
        let simulation = Simulation(parameters)
        try withBucket(simulation, asOf: simulation.lastDay) { folder in
            let url = folder.appending(path: "\(damage.feed)/year=2026/month=02/data.csv")
            var text = try String(contentsOf: url, encoding: .utf8)
            let place = try #require(text.range(of: damage.from))
            text.replaceSubrange(place, with: damage.to)
            try text.write(to: url, atomically: true, encoding: .utf8)
            let found = try complaints(about: folder)
            #expect(found != "")
        }
    }

    @Test(arguments: [
        "\"DISBURSEMENT_FAILURE\"", "\"FORGIVEN\"", "\"COLLECTED\"", "\"AWS_REV_SHARE_REFUND\"",
        "\"SELLER_TAX_SHARE\"", "\"AWS_TAX_SHARE\"", "\"AWS_EUROPE\"", "\"AWS_JAPAN\"",
        "\"SUPERSEDED\"", "\"RENEWED\"", "\"CANCELLED\"", "\"EXPIRED\"", "\"AMEND\"", "\"RENEW\"",
        "\"\"Cloud\"\"", ", Inc.\"", "Ltd.\nProcurement", "東京", "Žitná", "User’s State",
        ":00:00.0,", ",\"USD\",1,", "\"JPY\"", "\"AUD\"", "AWSMarketplaceEU",
        "\"RESALE\",\"BUYING\"",
        "\"RESALE\",\"SELLING\"", "\"TAX_VAT\"", "\"BALANCE_ADJUSTMENT\"", "\"REPLACED\"",
        "\"SELLER_REV_SHARE_CREDIT\"", "\"OTHER_SELLER_TAX_SHARE\"", "\"AWS_INFRA_SHARE\"",
        "\"AWS_TAX_SHARE_REFUND\"", "\"TAXONLYREFUND\"", "\"ROLLED_BACK\"", "\"TERMINATED\"",
        "aiqoffer-", "offerset-", "resaleauthz-", "EMEA_MP_TEST_TRACE_ID", ",null\n",
        "\"RU\"", "\"PaymentScheduleTerm\"", "\"FreeTrialPricingTerm\"", "\"EnterpriseContract\"",
        "Uncollected (31–60 days pending)", "\"DELETE\"", "9999-01-01T00:00:00Z",
    ])
    func halfAYearHasEveryOddity(text: String) throws {
        let isFound = Self.halfYear.range(of: Data(text.utf8)) != nil
        #expect(isFound)
    }

    private static let halfYear: Data = {
        let simulation = Simulation(1, months: 6, gzip: false)
        // A failure here leaves no bytes, which contain no oddity.
        let files = simulation.files(asOf: simulation.lastDay).compactMap { try? $0.plain }
        return Data(files.joined())
    }()

    @Test func truthCountsWhatIsWritten() throws {
        let simulation = Simulation(2, months: 3)
        let truth = simulation.truth(asOf: simulation.lastDay)
        var rows: [String: Int] = [:]
        for file in simulation.files(asOf: simulation.lastDay) {
            rows[file.feed, default: 0] += try file.write { _ in }
        }
        #expect(rows == Dictionary(uniqueKeysWithValues: truth.feeds.map { ($0.name, $0.rows) }))
        for feed in truth.feeds where feed.name.hasPrefix("sdds.") {
            // Neither history nor a report is repeated.
            let isOnce = ["sdds.pii_feed_legacy", "sdds.agreement_details_report"]
                .contains(feed.name)
            #expect((feed.repeated > 0) != isOnce, "\(feed.name)")
            #expect(feed.distinct == feed.rows - feed.repeated)
        }
        let deleting = truth.feeds.filter { $0.deleted > 0 }.map(\.name)
        #expect(
            deleting == [
                "sdds.account", "sdds.address", "sdds.offer", "sdds.offer_product",
                "sdds.offer_target", "sdds.agreement", "sdds.agreement_term",
                "sdds.agreement_charge", "sdds.daily_usage", "sdds.billing_event",
                "sdds.tax_item",
            ])
    }
}
