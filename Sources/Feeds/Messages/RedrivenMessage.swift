package import Postgres

/// A message that an operator put back into its queue, where SQS gives it another id.
///
/// A notice that came raw has nothing but that id by which it would be known again. Whoever may
/// send to the queue may also set attributes, so what became of which message is kept here, and
/// not told by the message.
package enum RedrivenMessage {
    /// Notes that a body is about to be sent again.
    ///
    /// - Throws: `PostgresError`.
    package static func note(
        _ body: String, sqsMessageID: String, sellerID: Int32, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            insert into ingest.redriven (seller_id, first_sqs_message_id, body_digest)
            values ($1, coalesce(
                (select first_sqs_message_id from ingest.redriven
                 where seller_id = $1 and sqs_message_id = $2 limit 1), $2), \(digest("$3")))
            """, parameters(sqsMessageID, body, sellerID))
    }

    /// The id under which a message first came; its own unless it was redriven.
    ///
    /// - Throws: `PostgresError`.
    package static func firstID(
        of sqsMessageID: String, body: String, sellerID: Int32, on postgres: PostgresConnection
    ) throws -> String {
        try postgres.query(
            """
            with mine as (
                select redriven_id, first_sqs_message_id from ingest.redriven
                where seller_id = $1 and body_digest = \(digest("$3"))
                    and (sqs_message_id is null or sqs_message_id = $2)
                order by sqs_message_id, redriven_id limit 1
            )
            update ingest.redriven r set sqs_message_id = $2 from mine
            where r.redriven_id = mine.redriven_id
                and (r.sqs_message_id is null or r.sqs_message_id = $2)
            returning r.first_sqs_message_id
            """, parameters(sqsMessageID, body, sellerID)
        ).first?.string("first_sqs_message_id") ?? sqsMessageID
    }

    private static func digest(_ parameter: String) -> String {
        "sha256(convert_to(\(parameter), 'UTF8'))"
    }

    private static func parameters(
        _ sqsMessageID: String, _ body: String, _ sellerID: Int32
    ) -> [PostgresValue] {
        [.int(Int64(sellerID)), .text(sqsMessageID), .text(body.replacing("\0", with: "\u{FFFD}"))]
    }
}
