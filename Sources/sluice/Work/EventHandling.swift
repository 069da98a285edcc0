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
            let firstID = try RedrivenMessage.firstID(
                of: message.id, body: message.body, sellerID: seller.id, on: postgres)
            return try record.write(
                body: message.body, sqsMessageID: firstID, sellerID: seller.id, on: postgres)
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
            // The values are in event.malformed, and no business of the log.
            let places = event.malformed.map { String($0.prefix { $0 != " " }) }
            metadata["malformed"] = "\(places.joined(separator: ", "))"
        }
        if event.isSecond { metadata["conflict"] = "another event has the same id" }
        let isTrouble = notification.isAlarming || !event.malformed.isEmpty || event.isSecond
        context.logger.log(
            level: isTrouble ? .warning : .info, "event: \(notification.summary)",
            metadata: metadata)
    }
}
