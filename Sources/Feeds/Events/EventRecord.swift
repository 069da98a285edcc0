package import Postgres

/// An event on its way into the table of its kind.
///
/// Which table that is, which columns it has and where in the JSON their values are, the schema
/// says: `event.kind`, `event.field`, and the tables themselves.
package struct EventRecord {
    // Keys of AWS are UUIDs; a longer one could not be indexed.
    private static let keyBytesMax = 256
    // Takes what no pattern does.
    private static let fallbackTable = "other"

    private let notification: Notification
    private let content: EventContent

    /// Nil for a message that is no event.
    package init?(_ notification: Notification) {
        guard let content = notification.content else { return nil }
        self.notification = notification
        self.content = content
    }

    /// Writes the row, unless the event has one.
    package func write(
        body: String, sqsMessageID: String, sellerID: Int32, on postgres: PostgresConnection
    ) throws -> RecordedEvent {
        let table = try table(on: postgres)
        let body = body.replacing("\0", with: "\u{FFFD}")
        let known = key(sqsMessageID)
        var key = try unclaimed(known, body, in: table, of: sellerID, on: postgres)
        var row = EventRow(content.body)
        let time = time(&row)
        row.set("seller_id", .int(Int64(sellerID)))
        row.set("event_key", .text(key))
        row.set("event_type", .text(content.type))
        row.set("event_time", PostgresValue(time))
        row.set("topic_arn", PostgresValue(notification.topicARN))
        row.set("sqs_message_id", .text(sqsMessageID))
        row.set("body", .text(body))
        try row.setFields(of: table, on: postgres)
        row.set("malformed", row.malformed.isEmpty ? .null : .textArray(row.malformed))
        var inserted = try row.insert(into: table, on: postgres)
        if !inserted, key == known {
            // Between the look and the insert another worker may have written another event.
            key = try unclaimed(known, body, in: table, of: sellerID, on: postgres)
            row.set("event_key", .text(key))
            if key != known { inserted = try row.insert(into: table, on: postgres) }
        }
        return RecordedEvent(
            table: table, key: key, isNew: inserted, isSecond: key != known, time: time,
            malformed: row.malformed)
    }

    private func table(on postgres: PostgresConnection) throws -> String {
        let found = try postgres.query(
            """
            select event_table from event.kind
            where source = $1 and event.folded($2) ~ pattern order by event_table limit 1
            """, [.text(content.source), .text(content.type)])
        return try found.first?.string("event_table") ?? Self.fallbackTable
    }

    /// The first there is of: EventBridge id, SNS MessageId, SQS MessageId.
    private func key(_ sqsMessageID: String) -> String {
        let known = [content.id, notification.messageID].compactMap(\.self)
        return known.first { $0.utf8.count <= Self.keyBytesMax } ?? sqsMessageID
    }

    /// The key, or another where an event with the same id and other content has it.
    ///
    /// Whoever may send to the queue may also choose an id: that of an event which is yet to come
    /// must not keep it out. Envelopes differ with the way that an event came, its content does not.
    private func unclaimed(
        _ key: String, _ body: String, in table: String, of sellerID: Int32,
        on postgres: PostgresConnection
    ) throws -> String {
        try postgres.query(
            """
            select $2 || case when exists (
                    select from event.\(PostgresConnection.quoteIdentifier(table))
                    where seller_id = $1 and event_key = $2 and body <> $3
                        and event.content(body) is distinct from event.content($3))
                then '~' || left(encode(sha256(
                    convert_to(coalesce(event.content($3)::text, $3), 'UTF8')), 'hex'), 32)
                else '' end as key
            """, [.int(Int64(sellerID)), .text(key), .text(body)]
        ).only().string("key")
    }

    private func time(_ row: inout EventRow) -> String? {
        if let path = content.timePath, let time = row.value(at: [path], as: .timestamptz) {
            return time
        }
        return notification.timestamp.flatMap { text in
            row.fitted(.text(text), as: .timestamptz, at: "Timestamp of the SNS envelope")
        }
    }
}
