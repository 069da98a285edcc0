internal import Feeds
internal import Logging
internal import Postgres

extension LoadSlot {
    /// Writes the row of an event.
    ///
    /// - Returns: the row; `nil` where the message is no event.
    func recordEvent(
        _ notification: Feeds.Notification, _ message: ReceivedMessage, of seller: Seller
    ) throws -> RecordedEvent? {
        guard let record = EventRecord(notification) else { return nil }
        let recorded = try withDatabase { postgres in
            try record.write(
                body: message.body, sqsMessageID: message.firstID, sellerID: seller.id, on: postgres
            )
        }
        tell(recorded, notification, seller)
        return recorded
    }

    private func tell(
        _ event: RecordedEvent, _ notification: Feeds.Notification, _ seller: Seller
    ) {
        guard event.isNew else { return }
        var metadata: Logger.Metadata = [
            "seller": "\(seller.name)", "table": "event.\(event.table)", "key": "\(event.key)",
        ]
        if !event.malformed.isEmpty {
            metadata["malformed"] = "\(event.malformed.joined(separator: "; "))"
        }
        let isTrouble = notification.isAlarming || !event.malformed.isEmpty
        context.logger.log(
            level: isTrouble ? .warning : .info, "event: \(notification.summary)",
            metadata: metadata)
    }
}
