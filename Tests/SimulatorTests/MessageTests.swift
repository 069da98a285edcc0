import Foundation
import Simulator
import Testing

/// Messages and entitlements tell of the same seller as the files.
@Suite struct MessageTests {
    private static let simulation = Simulation(
        SimulationParameters(seed: 2, months: 7, gzip: false))
    private static let messages = simulation.days.flatMap(simulation.messages)

    @Test func sevenMonthsHaveEveryKindOfMessage() {
        let kinds: Set = [
            "subscribe-success", "subscribe-fail", "unsubscribe-pending", "unsubscribe-success",
            "entitlement-updated", "sdds-notice", "cas-notice",
            "Purchase Agreement Created - Proposer",
            "Purchase Agreement Created - Manufacturer",
            "Purchase Agreement Amended - Proposer", "Purchase Agreement Ended - Proposer",
            "Purchase Agreement Ended - Manufacturer", "Purchase Agreement Ending - Proposer",
            "Purchase Agreement Renewal Upcoming - Proposer",
            "Purchase Agreement Renewal Terms Finalized - Proposer",
            "Purchase Agreement Advisory Issued - Manufacturer",
            "Purchase Agreement Advisory Resolved - Manufacturer",
            "Purchase Agreement Billing Adjustment Completed - Proposer",
            "Purchase Agreement Billing Adjustment Failed - Proposer",
            "Agreement Cancellation Request Pending Approval - Proposer",
            "Agreement Cancellation Request Approved - Proposer",
            "Agreement Cancellation Request Rejected - Proposer",
            "Agreement Cancellation Request Cancelled - Proposer",
            "Agreement Cancellation Request Validation Failed - Proposer",
            "License Updated - Manufacturer", "License Deprovisioned - Manufacturer",
            "Offer Released", "OfferSet Released", "Change Set Succeeded", "Change Set Failed",
            "Change Set Cancelled", "Products Security Report Created", "Disbursement Paused",
        ]
        let missing = kinds.subtracting(Self.messages.map(\.type))
        #expect(missing.isEmpty)
    }

    @Test func messagesAreJSONOfTheirDayInOrderAndEachOnce() throws {
        var ids: Set<String> = []
        for day in Self.simulation.days {
            let messages = Self.simulation.messages(on: day)
            #expect(messages.map(\.seconds) == messages.map(\.seconds).sorted())
            for message in messages {
                #expect(message.time.hasPrefix("\(day)T"), "\(message.body)")
                #expect(ids.insert(message.id).inserted, "\(message.body)")
                let body = try members(message.body)
                if message.topic == nil {
                    #expect(body["id"] as? String == message.id)
                    #expect(body["time"] as? String == message.time)
                }
                let line = try members(message.line)
                #expect(line["body"] as? String == message.body)
            }
        }
    }

    @Test func whatAMessageNamesIsInTheFeeds() throws {
        var parameters = SimulationParameters(seed: 2, months: 7, gzip: false)
        parameters.feeds = [
            "sdds.account", "sdds.product", "sdds.offer", "sdds.agreement", "sdds.billing_event",
        ]
        var known: Set<String> = []
        for file in Simulation(parameters).files(asOf: Self.simulation.lastDay) {
            let separators = Set(#"",[]:"#.utf8).union([0x0A])
            for word in try file.plain.split(whereSeparator: separators.contains) {
                // An account number may have lost its leading zero.
                let text = String(decoding: word, as: UTF8.self)
                known.insert(text.count == 11 ? "0" + text : text)
            }
        }
        for message in Self.messages where message.seconds < Self.lastDelivered {
            let body = try members(message.body)
            let detail = body["detail"] as? [String: Any] ?? [:]
            func id(_ name: String, _ member: String = "id") -> String? {
                (detail[name] as? [String: Any])?[member] as? String
            }
            let named = [
                body["customer-identifier"] as? String, body["product-code"] as? String,
                body["offer-identifier"] as? String, id("agreement"), id("offer"),
                id("product"), id("product", "code"), id("acceptor", "accountId"),
                id("proposer", "accountId"), id("invoice", "originalInvoiceId"),
                id("license", "arn").map { String($0.suffix(34)) },
            ]
            for name in named.compactMap({ $0 }) {
                #expect(known.contains(name), "\(name) of \(message.body)")
            }
        }
    }

    // What happens on the last day is delivered on the next.
    private static let lastDelivered = Int64(simulation.lastDay.number) * 86_400

    @Test func noticesNameTheFilesOfTheDay() throws {
        for day in Self.simulation.days {
            var named: Set<String> = []
            for message in Self.simulation.messages(on: day) {
                let body = try members(message.body)
                let keys = body["processedFiles"] as? [String] ?? []
                if let status = body["executionStatus"] as? String {
                    #expect((status == "COMPLETED") != keys.isEmpty)
                }
                named.formUnion(keys)
                for place in ["dataSetS3Location", "dataSetMetaDataS3Location"] {
                    let key = (body[place] as? [String: Any])?["key"] as? String
                    if let key { named.insert(key) }
                }
            }
            // Nobody tells of reports and of feeds that ended.
            let changed = Self.simulation.changed(on: day).filter {
                $0.feed != "sdds.agreement_details_report" && $0.feed != "sdds.pii_feed_legacy"
            }
            #expect(named == Set(changed.map(\.key)), "\(day)")
        }
    }

    /// Whose entitlements a message is about.
    private struct Holder: Hashable {
        let product: String
        let customer: String
    }

    private func state(at seconds: Int64) -> [Holder: [TrueEntitlement]] {
        Dictionary(grouping: Self.simulation.entitlements(at: seconds)) {
            Holder(product: $0.productCode, customer: $0.customerIdentifier)
        }
    }

    @Test func everyChangeOfEntitlementsIsToldAndNothingElse() throws {
        var told: [Int64: Set<Holder>] = [:]
        for message in Self.messages where message.type == "entitlement-updated" {
            let body = try members(message.body)
            let holder = Holder(
                product: try #require(body["product-code"] as? String),
                customer: try #require(body["customer-identifier"] as? String))
            told[message.seconds - 30, default: []].insert(holder)
        }
        var changes: [Int64: Set<Holder>] = [:]
        Self.simulation.forEachEntitlement(before: Self.simulation.lastDay) { entitlement in
            let holder = Holder(
                product: entitlement.productCode, customer: entitlement.customerIdentifier)
            for instant in [entitlement.from, entitlement.until]
            where instant < Self.lastDelivered + 86_400 {
                changes[instant, default: []].insert(holder)
            }
        }
        #expect(told == changes)
        #expect(told.count > 20)
        for (instant, holders) in told {
            let before = state(at: instant - 1)
            let after = state(at: instant)
            for holder in holders {
                #expect(before[holder] != after[holder], "\(holder) at \(instant)")
            }
        }
    }

    @Test func licencesInForceAreThoseOfTheAgreementFeed() throws {
        let day = SimulatedDay(2026, 5, 20)
        let held = Set(
            Self.simulation.entitlements(at: Int64(day.number) * 86_400 - 1).map(\.licenseARN))
        let text = try Self.simulation.files(asOf: day).filter { $0.feed == "sdds.agreement" }
            .map { String(decoding: try $0.plain, as: UTF8.self) }.joined()
        #expect(held.count > 5)
        for licence in held { #expect(text.contains(licence)) }
    }

    @Test func truthCountsTheMessages() {
        let truth = Self.simulation.truth(asOf: SimulatedDay(2026, 2, 10))
        let until = Int64(SimulatedDay(2026, 2, 11).number) * 86_400
        let counts = Self.messages.filter { $0.seconds < until }
            .reduce(into: [String: Int]()) { $0[$1.type, default: 0] += 1 }
        #expect(truth.messages == counts)
        var parameters = SimulationParameters()
        parameters.feeds = ["sdds.product"]
        let simulation = Simulation(parameters)
        #expect(simulation.truth(asOf: SimulatedDay(2026, 1, 3)).messages.isEmpty)
        #expect(simulation.messages(on: SimulatedDay(2026, 1, 3)).isEmpty)
    }

    private func members(_ json: String) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(json.utf8))
        return try #require(value as? [String: Any])
    }
}
