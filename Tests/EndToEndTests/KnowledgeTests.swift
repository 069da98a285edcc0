import Foundation
import Support
import Testing

/// What was known on a date, and what AWS said differently later.
@Suite struct KnowledgeTests {
    private static func entry(
        _ id: String, _ amount: String, written: String, deleted: Bool = false, more: FeedRow = [:]
    ) -> FeedRow {
        let row = [
            "billing_event_id": id, "action": "INVOICED", "transaction_type": "SELLER_REV_SHARE",
            "amount": amount, "currency": "USD", "valid_from": "2026-02-01T00:00:00Z",
            "invoice_date": "2026-02-01T00:00:00Z", "insert_date": "2026-02-01T06:00:00Z",
            "update_date": "\(written)T06:00:00Z",
            "delete_date": deleted ? "\(written)T06:00:00Z" : "",
        ]
        return row.merging(more) { $1 }
    }

    private static func agreement(
        _ status: String, from validFrom: String, written: String, deleted: Bool = false
    ) -> FeedRow {
        [
            "agreement_id": "a", "status": status, "valid_from": "\(validFrom)T00:00:00Z",
            "update_date": "\(written)T06:00:00Z",
            "delete_date": deleted ? "\(written)T06:00:00Z" : "",
        ]
    }

    // Order of arrival means nothing: files and rows are mixed up.
    private static let entries = [
        entry("corrected", "80", written: "2026-02-09", more: ["offer_id": "offer-1"]),
        entry("corrected", "100", written: "2026-02-01"),
        entry("deleted", "5", written: "2026-02-20", deleted: true),
        entry("deleted", "5", written: "2026-02-01"),
        // Of February, and told in March.
        entry("late", "7", written: "2026-03-05"),
        // Written anew with the same values: nothing became known.
        entry("same", "1.50", written: "2026-02-15"), entry("same", "1.5", written: "2026-02-01"),
        // Taken back and booked again.
        entry("back", "3", written: "2026-02-01"),
        entry("back", "3", written: "2026-02-09", deleted: true),
        entry("back", "4", written: "2026-02-20"),
    ]

    private static let agreements = [
        agreement("ACTIVE", from: "2026-01-01", written: "2026-01-02"),
        agreement("CANCELLED", from: "2026-02-10", written: "2026-02-11"),
        // The cancellation was a mistake; later it is told that there was an amendment before it.
        agreement("CANCELLED", from: "2026-02-10", written: "2026-02-20", deleted: true),
        agreement("AMENDED", from: "2026-01-20", written: "2026-03-01"),
    ]

    private func desk() throws -> Desk {
        let desk = try Desk()
        try desk.deliver(
            Array(Self.entries[..<5]), of: "BillingEventFeed_V1", month: "year=2026/month=03")
        try desk.deliver(
            Array(Self.entries[5...]), of: "BillingEventFeed_V1", month: "year=2026/month=02")
        try desk.deliver(Self.agreements, of: "AgreementFeed_V1")
        try desk.loadAll()
        return desk
    }

    private struct Known: CustomStringConvertible {
        let at: String
        let entries: String
        let agreement: String
        var description: String { at }
    }

    private static let known: [Known] = [
        .init(at: "2026-01-01", entries: "", agreement: ""),
        .init(
            at: "2026-02-01 05:59:59", entries: "", agreement: "ACTIVE 2026-01-01..2999-01-01"),
        // The instant itself counts.
        .init(
            at: "2026-02-01 06:00:00", entries: "back 3, corrected 100, deleted 5, same 1.5",
            agreement: "ACTIVE 2026-01-01..2999-01-01"),
        .init(
            at: "2026-02-11 06:00:00", entries: "corrected 80, deleted 5, same 1.5",
            agreement: "ACTIVE 2026-01-01..2026-02-10, CANCELLED 2026-02-10..2999-01-01"),
        .init(
            at: "2026-02-28", entries: "back 4, corrected 80, same 1.50",
            agreement: "ACTIVE 2026-01-01..2999-01-01"),
        .init(
            at: "infinity", entries: "back 4, corrected 80, late 7, same 1.50",
            agreement: "ACTIVE 2026-01-01..2026-01-20, AMENDED 2026-01-20..2999-01-01"),
    ]

    @Test func whatWasKnownOnADateIsWhatHadBeenWrittenByThen() throws {
        let desk = try desk()
        for known in Self.known {
            let entries = try desk.database.psql(
                """
                select string_agg(billing_event_id || ' ' || amount, ', ' order by billing_event_id)
                from marketplace.billing_event_as_of('\(known.at)+00')
                """.replacing("infinity+00", with: "infinity"))
            #expect(entries == known.entries, "\(known)")
            let agreement = try desk.database.psql(
                """
                select string_agg(status || ' ' || (valid_from at time zone 'UTC')::date || '..'
                    || (valid_to at time zone 'UTC')::date, ', ' order by valid_from)
                from marketplace.agreement_as_of('\(known.at)+00')
                """.replacing("infinity+00", with: "infinity"))
            #expect(agreement == known.agreement, "\(known)")
        }
    }

    private static let restated: [(from: String, to: String, changes: [String])] = [
        // Nothing in between, an empty range, and one that goes backwards.
        ("2026-02-02", "2026-02-08", []), ("2026-02-09 06:00", "2026-02-09 06:00", []),
        ("2026-02-28", "2026-02-01", []),
        // The first instant is excluded, the last one is not.
        (
            "2026-02-01 06:00", "2026-02-09 06:00",
            [
                "back removed - 3 -", "corrected changed amount 100 80",
                "corrected changed offer_id - offer-1",
            ]
        ),
        // Booked again with another amount.
        (
            "2026-02-01 06:00", "2026-02-20 06:00",
            [
                "back changed amount 3 4", "corrected changed amount 100 80",
                "corrected changed offer_id - offer-1", "deleted removed - 5 -",
            ]
        ),
        ("2026-02-09 06:00", "2026-02-20 06:00", ["back added - - 4", "deleted removed - 5 -"]),
        // Came and went between the two.
        (
            "2026-01-01", "2026-02-10",
            [
                "corrected added - - 80", "deleted added - - 5",
                "same added - - 1.5",
            ]
        ),
        ("2026-02-28", "infinity", ["late added - - 7"]),
    ]

    @Test func whatChangedBetweenTwoDatesIsToldWithOldAndNewValues() throws {
        let desk = try desk()
        for (from, to, changes) in Self.restated {
            let found = try desk.rows(
                """
                select concat_ws(' ', key ->> 'billing_event_id', change, coalesce(column_name, '-'),
                    coalesce(case change when 'changed' then old_value
                        else old_value::jsonb ->> 'amount' end, '-'),
                    coalesce(case change when 'changed' then new_value
                        else new_value::jsonb ->> 'amount' end, '-'))
                from marketplace.restated('\(from)', '\(to)', 'billing_event') order by 1
                """)
            #expect(found == changes, "\(from) to \(to)")
        }
    }

    /// The numbers of a change lead to the rows that said the one and the other.
    @Test func aChangeLeadsToItsRows() throws {
        let rows = try desk().rows(
            """
            select r.column_name, o.amount, n.amount, o.update_date < n.update_date
            from marketplace.restated('2026-02-02', '2026-02-10') r
            left join sdds.billing_event o on (o.version_id, o.line) = (r.old_version_id, r.old_line)
            left join sdds.billing_event n on (n.version_id, n.line) = (r.new_version_id, r.new_line)
            where r.feed = 'sdds.billing_event' order by 1
            """)
        #expect(rows == ["amount|100|80|t", "offer_id|100|80|t", "|3|3|t"])
    }

    /// Of all feeds at once, and of agreements by version.
    @Test func everyFeedIsRestated() throws {
        let rows = try desk().rows(
            """
            select feed, key ->> 'valid_from', change
            from marketplace.restated('2026-02-11 06:00', '2026-03-02') order by 1, 2
            """)
        #expect(
            rows.filter { $0.hasPrefix("sdds.agreement") } == [
                "sdds.agreement|2026-01-20T00:00:00+00:00|added",
                "sdds.agreement|2026-02-10T00:00:00+00:00|removed",
            ])
        #expect(
            Set(rows.map { $0.prefix { $0 != "|" } }) == ["sdds.agreement", "sdds.billing_event"])
    }
}
