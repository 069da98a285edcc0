package import Postgres

/// What became of a message that did more, or less, than lead to a load: a row of `ingest.message`.
package struct MessageRecord: Sendable {
    /// Raw values are those of `ingest.message.outcome`.
    package enum Outcome: String, Sendable {
        case recorded
        case ignored
        case refused
        case failed
        case unknown
    }

    package let outcome: Outcome
    package let reason: String?

    package init(_ outcome: Outcome, reason: String? = nil) {
        self.outcome = outcome
        self.reason = reason
    }

    /// Writes it, or brings the row of the same message up to date.
    package func write(
        _ notification: Notification, body: String, sqsMessageID: String, receiveCount: Int,
        sellerID: Int32, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            insert into ingest.message
                (seller_id, sqs_message_id, kind, outcome, summary, reason, body, times_received)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            on conflict (seller_id, sqs_message_id) do update
                set outcome = excluded.outcome, reason = excluded.reason,
                    last_received_at = now(), times_received = excluded.times_received
            """,
            [
                .int(Int64(sellerID)), .text(sqsMessageID), .text(notification.kind.rawValue),
                .text(outcome.rawValue), .text(notification.summary),
                PostgresValue(reason?.boundedReason),
                .text(body.replacing("\0", with: "\u{FFFD}")), .int(Int64(receiveCount)),
            ])
    }

    /// Notes that a message that had failed has led to its load after all.
    package static func settle(
        sqsMessageID: String, sellerID: Int32, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            update ingest.message set outcome = 'done', last_received_at = now()
            where seller_id = $1 and sqs_message_id = $2 and outcome = 'failed'
            """, [.int(Int64(sellerID)), .text(sqsMessageID)])
    }
}
