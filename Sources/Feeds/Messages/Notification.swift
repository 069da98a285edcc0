/// What a message of the queue says, whoever published it.
///
/// Several publishers may share one queue, so the shape is told by the fields of the body. A
/// message is a hint to look at files and never the truth about them; what it asks for can be
/// repeated, late or out of order without harm.
package struct Notification: Sendable, Equatable {
    /// The shapes that are told apart; the raw values are stored.
    package enum Kind: String, Sendable, CaseIterable {
        /// One or more S3 events, sent by S3 itself.
        case s3Event = "s3_event"
        /// Sent once by S3 when bucket notifications are set up.
        case s3TestEvent = "s3_test_event"
        /// The seller data feed service delivered a feed, skipped it, or failed.
        case sddsNotice = "sdds_notice"
        /// A requested CAS data set was written, or failed.
        case casNotice = "cas_notice"
        /// The description of a CAS data set as the message itself.
        case casMetadata = "cas_metadata"
        /// An S3 event that came through EventBridge.
        case eventBridgeS3 = "eventbridge_s3"
        /// An agreement was made, changed, ended, or is about to.
        case eventBridgeAgreement = "eventbridge_agreement"
        /// A licence was updated or deprovisioned.
        case eventBridgeLicense = "eventbridge_license"
        /// Offers, change sets and the like in the seller's catalogue.
        case eventBridgeCatalog = "eventbridge_catalog"
        /// The seller's account in the Marketplace, such as paused disbursements.
        case eventBridgeMarketplace = "eventbridge_marketplace"
        /// An EventBridge event of any other source.
        case eventBridgeOther = "eventbridge_other"
        /// A subscription or entitlement of a SaaS, AMI or container product changed.
        case marketplaceEvent = "marketplace_event"
        /// SNS asks to confirm a subscription of the queue.
        case subscriptionConfirmation = "subscription_confirmation"
        /// SNS says that a subscription of the queue has ended.
        case unsubscribeConfirmation = "unsubscribe_confirmation"
        /// None of these, or one of them with a part that cannot be read.
        case unknown
    }

    /// Which of the known shapes the message has.
    package var kind: Kind
    /// Id that a repeated delivery keeps, nil when only the queue's own id is left.
    ///
    /// The first there is of: SNS `MessageId`, EventBridge `id`, CAS `dataSetRequestId`, SDDS
    /// `executionId`.
    package var messageID: String?
    /// ARN of the SNS topic that the queue got it from; nil when it did not come wrapped.
    package var topicARN: String?
    /// The files to look at, whatever the kind: an unknown message may still name some that were
    /// readable.
    package var pointers: [Pointer] = []
    /// Whether ``pointers`` were found by searching the message, which may name anything: those that
    /// are not the seller's, or not there, are nobody's trouble.
    package var areGuessed = false
    /// The feed whose folder must be listed because the message does not name its files.
    package var listing: FeedListing?
    /// What a notice of the seller data feed service says of the feed's run.
    package var delivery: DeliveryNotice?
    /// When SNS took it, as the envelope has it; nil when it did not come wrapped.
    package var timestamp: String?
    /// Which request of ours a CAS notice answers, and how.
    package var dataSet: DataSetNotice?
    /// Whom and what a SaaS, agreement or licence event is about.
    package var event: MarketplaceEvent?
    /// What the event says; nil for messages that are no events.
    package var content: EventContent?
    /// One line for the operator.
    package var summary: String
    /// Whether a person should see it: failures, confirmations, whatever was not understood.
    package var isAlarming: Bool
    /// What was not understood; never nil when the kind is unknown.
    package var reason: String?

    /// A message of a known kind that names no files.
    package init(_ kind: Kind, _ summary: String, isAlarming: Bool = false) {
        self.kind = kind
        self.summary = summary.line()
        self.isAlarming = isAlarming
    }
}

package extension Notification {
    /// Reads the body of an SQS message.
    ///
    /// Total: what cannot be read is of kind `unknown`, with the reason.
    static func parse(_ body: String) -> Notification {
        guard let value = JSONValue.parse(body) else {
            return unknown(body.trimmed.isEmpty ? "the body is empty" : "the body is not JSON")
                .withNamedObjects(of: nil, body)
        }
        return read(value, envelopes: 0).withNamedObjects(of: value, body)
    }
}

extension Notification {
    /// A message that was not understood, and why.
    static func unknown(_ reason: String) -> Notification {
        var notification = Notification(.unknown, "not understood: \(reason)", isAlarming: true)
        notification.reason = reason.line()
        return notification
    }

    /// The shape of parsed JSON, by the presence of fields; the order of the tests matters.
    static func read(_ value: JSONValue, envelopes: Int) -> Notification {
        guard let body = value.object else {
            return .unknown("the body is a JSON \(value.typeName), not an object")
        }
        if let envelope = SNSEnvelope(body) { return envelope.notification(envelopes: envelopes) }
        return S3TestEvent(body)?.notification
            ?? S3Event(body)?.notification
            ?? EventBridgeEvent(body)?.notification
            ?? CASNotice(body)?.notification
            ?? SDDSNotice(body)?.notification
            ?? MarketplaceEvent.notification(body)
            ?? .unknown("no known field, only: \(body.keys.sorted().joined(separator: ", "))")
    }

    /// Notes a part that could not be read; what could be read of the rest stays.
    mutating func fail(_ reason: String) {
        let earlier = Notification.unknown(reason)
        kind = earlier.kind
        summary = earlier.summary
        isAlarming = earlier.isAlarming
        self.reason = earlier.reason
    }
}
