/// What an event says, before its typed row is made of it.
package struct EventContent: Sendable, Equatable {
    /// The source of messages that come from the SNS topics of a product, as `event.kind` has it.
    static let productTopic = "sns"

    /// Who sent it, as `event.kind` has it.
    let source: String
    /// `subscribe-success` and so on, or the detail type of an EventBridge event, as sent.
    let type: String
    /// What EventBridge keeps when it delivers an event again; nil for messages of SNS topics.
    let id: String?
    /// Where in ``body`` the instant of the event is; nil where only the envelope has one.
    let timePath: String?
    /// The message without its envelopes.
    let body: JSONObject
}

/// What became of an event that was to be recorded.
package struct RecordedEvent: Sendable, Equatable {
    /// Table of the schema `event` that has its row.
    package let table: String
    /// Key of the row there, beside the seller.
    package let key: String
    /// Whether it was not there before.
    package let isNew: Bool
    /// Whether another event has the same id: one of both is not AWS's.
    package let isSecond: Bool
    /// Instant of the event, as it can be passed to the database; nil where it names none.
    package let time: String?
    /// Parts that do not fit their column: where, and why.
    package let malformed: [String]
}
