/// A message that AWS publishes about the seller's business.
package struct SimulatedMessage: Sendable {
    /// What stays the same when the message comes again: SNS's id, or that of the event.
    package let id: String
    /// The instant of publication, in seconds since 1970-01-01T00:00:00Z.
    package let seconds: Int64
    /// The name of the SNS topic; nil for what EventBridge puts on the queue itself.
    package let topic: String?
    /// `entitlement-updated`, a detail type with hyphens, `sdds-notice` or `cas-notice`.
    package let type: String
    /// The JSON text, without any envelope.
    package let body: String

    /// The instant as `2026-01-31T23:59:59Z`.
    package var time: String {
        var writer = RowWriter()
        return writer.collected { $0.instantText(seconds, .iso) }
    }

    /// Id, time, topic and body as one line of JSON, as `sluice simulate` writes it.
    package var line: String {
        JSONText.members([
            ("id", .text(id)), ("time", .text(time)),
            ("topic", topic.map(JSONText.text) ?? .null), ("type", .text(type)),
            ("body", .text(body)),
        ]).line
    }
}

extension Simulation {
    /// The messages of a day, in the order of their publication.
    ///
    /// What is about files tells of the day's delivery, which brings the changes of the day
    /// before; everything else tells of the day itself.
    package func messages(on day: SimulatedDay) -> [SimulatedMessage] {
        guard hasMessages, day >= parameters.start, day <= parameters.end else { return [] }
        var messages = deliveryNotices(on: day)
        MarketplaceMessages(world: world, day: day).forEach { messages.append($0) }
        return messages.sorted { ($0.seconds, $0.id) < ($1.seconds, $1.id) }
    }
}

extension Simulation {
    /// Whether there are messages and entitlements: not if only some feeds are simulated.
    package var hasMessages: Bool { parameters.feeds == nil }

    func messageCounts(to day: SimulatedDay) -> [String: Int] {
        var counts: [String: Int] = [:]
        for number in parameters.start.number...max(day, parameters.start).number {
            for message in messages(on: SimulatedDay(number: number)) {
                counts[message.type, default: 0] += 1
            }
        }
        return counts
    }
}

/// What buyers, agreements, the catalogue and the bank give occasion to on one day.
struct MarketplaceMessages {
    let world: World
    let day: SimulatedDay

    typealias Visit = (SimulatedMessage) -> Void

    func forEach(_ body: Visit) {
        world.forEachAgreement { agreement in
            subscriptions(agreement, body)
            entitlements(agreement, body)
            agreements(agreement, body)
            forewarnings(agreement, body)
            requests(agreement, body)
            licences(agreement, body)
        }
        catalogue(body)
        security(body)
        disbursement(body)
    }

    /// Whether an instant is of the day.
    func isToday(_ seconds: Int64) -> Bool {
        seconds >= day.midnight && seconds < day.midnight + 86_400
    }
}
