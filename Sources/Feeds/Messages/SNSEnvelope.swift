/// The JSON that SNS puts around a message unless raw delivery is on.
///
/// Amazon SNS, "Parsing Amazon SNS message formats".
struct SNSEnvelope {
    // A relay may publish what it received to a second topic; a longer chain is somebody's loop.
    static let nestedMax = 3

    let body: JSONObject

    init?(_ body: JSONObject) {
        guard body.has("Type"), body.has("TopicArn") else { return nil }
        self.body = body
    }

    /// The wrapped message, with the ids of the outermost envelope.
    func notification(envelopes: Int) -> Notification {
        var notification = contents(envelopes: envelopes + 1)
        notification.messageID = body.word("MessageId") ?? notification.messageID
        notification.topicARN = body.word("TopicArn") ?? notification.topicARN
        notification.timestamp = body.word("Timestamp") ?? notification.timestamp
        return notification
    }

    private func contents(envelopes: Int) -> Notification {
        let topic = body.word("TopicArn") ?? "a topic without a name"
        switch body.word("Type") {
        case "Notification":
            return message(envelopes: envelopes)
        case "SubscriptionConfirmation":
            // The URL is for a person to judge: opening what a message names would be trust in it.
            let summary = "SNS asks to confirm the subscription of this queue to \(topic)"
            return Notification(.subscriptionConfirmation, summary, isAlarming: true)
        case "UnsubscribeConfirmation":
            let summary = "SNS says that this queue is no longer subscribed to \(topic)"
            return Notification(.unsubscribeConfirmation, summary, isAlarming: true)
        case let other:
            return .unknown("an SNS envelope of Type \(other ?? "that is not text")")
        }
    }

    private func message(envelopes: Int) -> Notification {
        guard envelopes <= Self.nestedMax else {
            return .unknown("more than \(Self.nestedMax) SNS envelopes inside each other")
        }
        guard let message = body.text("Message") else {
            return .unknown("Message of the SNS envelope is missing, empty or not text")
        }
        guard let value = JSONValue.parse(message) else {
            return .unknown("Message of the SNS envelope is not JSON")
        }
        return Notification.read(value, envelopes: envelopes)
    }
}
