import Foundation
import Postgres
import Testing

@testable import Feeds

/// A seller of its own whose events one test records.
struct EventBench {
    let bench: LoadBench
    var postgres: PostgresConnection { bench.postgres }
    var sellerID: Int32 { bench.sellerID }

    init() throws { bench = try LoadBench() }

    /// Records a message as a worker does; nil when it is no event.
    @discardableResult
    func record(_ body: String, sqsMessageID: String = UUID().uuidString) throws -> RecordedEvent? {
        try EventRecord(Notification.parse(body))?.write(
            body: body, sqsMessageID: sqsMessageID, sellerID: sellerID, on: postgres)
    }

    /// The row of an event, without columns that are null.
    func row(_ event: RecordedEvent) throws -> [String: Any] {
        let text = try postgres.query(
            """
            select jsonb_strip_nulls(to_jsonb(e)) as text from event.\(event.table) e
            where seller_id = $1 and event_key = $2
            """, [.int(Int64(sellerID)), .text(event.key)]
        ).only().string("text")
        return try #require(JSON.parse(text) as? [String: Any])
    }

    /// All rows of the seller, of every table, without when and how they came.
    func contents() throws -> [String] {
        try tables().flatMap { table in
            try postgres.query(
                """
                select '\(table) ' || md5((to_jsonb(e)
                    - '{seller_id,received_at,sqs_message_id}'::text[])::text) as text
                from event.\(table) e where seller_id = $1 order by event_key
                """, [.int(Int64(sellerID))]
            ).map { try $0.string("text") }
        }
    }

    func tables() throws -> [String] {
        try postgres.query("select event_table from event.kind order by 1")
            .map { try $0.string("event_table") }
    }
}
