import Postgres
import Testing

@testable import Feeds

/// What `Schema/event` says of itself.
struct EventSchemaTests {
    private let bench: EventBench

    init() throws { bench = try EventBench() }

    private func texts(_ sql: String) throws -> [String] {
        try bench.postgres.query(sql).map { try $0.string("text") }
    }

    @Test func everyFieldIsAColumnAndEveryColumnHasItsField() throws {
        let without = try texts(
            """
            with frame (name) as (values ('seller_id'), ('event_key'), ('event_type'),
                ('event_time'), ('received_at'), ('topic_arn'), ('sqs_message_id'), ('malformed'),
                ('body'), ('acknowledged_at'))
            select coalesce(k.event_table || '.' || c.column_name,
                f.event_table || '.' || f.column_name) as text
            from event.kind k
            join information_schema.columns c
                on c.table_schema = 'event' and c.table_name = k.event_table
                and c.is_generated = 'NEVER'
                and c.column_name not in (select name from frame)
            full join event.field f
                on f.event_table = k.event_table and f.column_name = c.column_name
            where k.event_table is null or f.event_table is null
            """)
        #expect(without == [])
    }

    @Test func everyTableHasTheFrame() throws {
        let kinds = try bench.tables()
        #expect(kinds.count == 10)
        for kind in kinds {
            let columns = try bench.postgres.columns(of: "event.\(kind)")
            for (name, type) in [
                ("seller_id", "integer"), ("event_key", "text"), ("event_type", "text"),
                ("event_time", "timestamp with time zone"),
                ("received_at", "timestamp with time zone"), ("topic_arn", "text"),
                ("sqs_message_id", "text"), ("malformed", "text[]"), ("body", "text"),
            ] {
                #expect(columns[name]?.typeName == type, "\(kind).\(name)")
            }
        }
    }

    @Test func viewOfMalformedEventsHasEveryTable() throws {
        let text = try texts("select pg_get_viewdef('event.malformed') as text").joined()
        for kind in try bench.tables() { #expect(text.contains("FROM event.\(kind)"), "\(kind)") }
    }

    /// Types that AWS documents, and the only kind that each is of.
    @Test(
        arguments: [
            ("aws.agreement-marketplace", "Purchase Agreement Created - Proposer", "agreement"),
            ("aws.agreement-marketplace", "Purchase Agreement Ended – Manufacturer", "agreement"),
            ("aws.agreement-marketplace", "purchase  agreement vet-failed", "agreement"),
            (
                "aws.agreement-marketplace",
                "Purchase Agreement Billing Adjustment Completed - Proposer", "billing_adjustment"
            ),
            (
                "aws.agreement-marketplace",
                "Agreement Cancellation Request Validation Failed - Proposer",
                "cancellation_request"
            ),
            ("aws.agreement-marketplace", "License Updated - Manufacturer", "license"),
            ("aws.agreement-marketplace", "License-Deprovisioned—Manufacturer", "license"),
            ("aws.marketplacecatalog", "Change Set Cancelled", "change_set"),
            ("aws.marketplacecatalog", "Offer Released", "offer_released"),
            ("aws.marketplacecatalog", "OfferSet Released", "offer_released"),
            ("aws.marketplacecatalog", "Products Security Report Created", "security_report"),
            ("aws.marketplace", "Disbursement Paused", "disbursement_paused"),
            ("sns", "entitlement-updated", "subscription"),
            ("sns", "something-new", "subscription"),
            ("aws.marketplace", "Disbursement Resumed", nil),
            ("aws.marketplacecatalog", "License Updated", nil),
            ("aws.health", "Change Set Failed", nil),
        ] as [(String, String, String?)])
    func typeIsOfOneKind(source: String, type: String, kind: String?) throws {
        let found = try bench.postgres.query(
            """
            select event_table as text from event.kind
            where source = $1 and event.folded($2) ~ pattern
            """, [.text(source), .text(type)]
        ).map { try $0.string("text") }
        #expect(found == [kind].compactMap(\.self))
    }

    @Test(arguments: [
        "Purchase Agreement Ended - Proposer", "Purchase Agreement Ended – Proposer",
        " purchase\u{2014}agreement\u{2010}ended  PROPOSER ",
    ])
    func typesAreFoldedInTheDatabaseAsInTheProgram(_ type: String) throws {
        let folded = try bench.postgres.query(
            "select event.folded($1) as text", [.text(type)]
        ).only().string("text")
        #expect(folded == EventBridgeEvent.folded(type))
        #expect(folded == "purchase agreement ended proposer")
    }
}
