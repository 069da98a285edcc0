package import Postgres

/// A message that waits for a person, as `ingest.message` has it.
package struct ParkedMessage: Sendable, Equatable {
    package let sellerID: Int32
    package let sqsMessageID: String
    /// `refused`, `failed` or `unknown`.
    package let outcome: String
    package let summary: String
    package let reason: String?
    package let body: String
    package let timesReceived: Int
    /// In UTC.
    package let firstReceived: String
    package let lastReceived: String

    /// What an operator can do with it.
    package enum Decision: String, Sendable {
        /// Its body went to the queue again.
        case redriven
        /// Nothing more is to be done.
        case dismissed
    }

    /// Those of a seller that nobody has decided about, oldest first.
    package static func all(
        of sellerID: Int32, on postgres: PostgresConnection
    ) throws -> [ParkedMessage] {
        try postgres.query(
            """
            select seller_id, sqs_message_id, outcome, summary, reason, body, times_received,
                to_char(received_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as first_received,
                to_char(last_received_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
                    as last_received
            from ingest.message
            where seller_id = $1 and outcome in ('refused', 'failed', 'unknown')
            order by received_at, message_id
            """, [.int(Int64(sellerID))]
        ).map { row in
            try ParkedMessage(
                sellerID: sellerID, sqsMessageID: row.string("sqs_message_id"),
                outcome: row.string("outcome"), summary: row.string("summary"),
                reason: row.optionalString("reason"), body: row.string("body"),
                timesReceived: row.int("times_received"),
                firstReceived: row.string("first_received"),
                lastReceived: row.string("last_received"))
        }
    }

    /// Notes what was decided; it then is nobody's trouble any more.
    ///
    /// - Parameters:
    ///   - decision: what was done.
    ///   - sqsMessageID: the message, by the id that SQS gave.
    ///   - sellerID: whose queue delivered it.
    ///   - person: who decided.
    ///   - postgres: the connection.
    /// - Throws: `PostgresError`.
    package static func record(
        _ decision: Decision, sqsMessageID: String, sellerID: Int32, by person: String,
        on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            update ingest.message
            set outcome = $3, decided_at = clock_timestamp(), decided_by = $4
            where seller_id = $1 and sqs_message_id = $2
                and outcome in ('refused', 'failed', 'unknown')
            """,
            [
                .int(Int64(sellerID)), .text(sqsMessageID), .text(decision.rawValue), .text(person),
            ])
    }
}
