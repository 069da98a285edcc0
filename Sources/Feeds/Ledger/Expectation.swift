package import Postgres

/// When files of a seller's feed should come: a row of `ingest.expectation`, and what an operator
/// may say about it.
package struct Expectation: Sendable {
    package let seller: String
    package let feed: String
    package let cadence: String
    /// Last day of delivery that a file covers, `YYYY-MM-DD`.
    package let lastDay: String?
    /// When a new version was last read, or a notice last came, in UTC.
    package let lastSign: String?
    /// How long silence is in order, as Postgres writes an interval; `nil` where nothing is
    /// expected.
    package let quietAfter: String?
    package let isMuted: Bool
    package let note: String?

    /// All of them, of one seller or of every one.
    package static func all(
        of seller: String?, on postgres: PostgresConnection
    ) throws -> [Expectation] {
        try postgres.query(
            """
            select s.name as seller, e.feed, e.cadence, e.last_day::text as last_day,
                to_char(greatest(e.last_read_at, e.last_notice_at) at time zone 'UTC',
                    'YYYY-MM-DD HH24:MI') as last_sign,
                e.quiet_after::text as quiet_after, e.is_muted, e.note
            from ingest.expectation e join ingest.seller s using (seller_id)
            where $1::text is null or s.name = $1
            order by s.name, e.feed
            """, [PostgresValue(seller)]
        ).map { row in
            try Expectation(
                seller: row.string("seller"), feed: row.string("feed"),
                cadence: row.string("cadence"), lastDay: row.optionalString("last_day"),
                lastSign: row.optionalString("last_sign"),
                quietAfter: row.optionalString("quiet_after"), isMuted: row.bool("is_muted"),
                note: row.optionalString("note"))
        }
    }

    /// Findings, a line each, worst first.
    package static func findings(
        of seller: String?, on postgres: PostgresConnection
    ) throws -> [String] {
        try postgres.query(
            """
            select \(findingLine) from ingest.finding
            where $1::text is null or seller = $1
            order by kind, seller, feed, period
            """, [PostgresValue(seller)]
        ).map { try $0.string("line") }
    }

    /// One finding as a line of text, of the columns of `ingest.finding`.
    static let findingLine = "seller || ' ' || feed || ', ' || kind || ': ' || what as line"
}

/// What an operator changes about an expectation; `nil` leaves it as it is.
package struct ExpectationChange: Sendable {
    package var isMuted: Bool?
    /// An interval as Postgres reads it: `3 days`.
    package var quietAfter: String?
    /// `YYYY-MM-DD`.
    package var expectedSince: String?
    package var note: String?

    package init() {}

    /// Writes it.
    ///
    /// - Throws: `PostgresError`, also for an interval or a date that Postgres does not read.
    package func apply(
        to feed: String, of sellerID: Int32, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            insert into ingest.expectation_setting as s
                (seller_id, feed, is_muted, quiet_after, expected_since, note)
            values ($1, $2, coalesce($3, false), $4, $5, $6)
            on conflict (seller_id, feed) do update set
                is_muted = coalesce($3, s.is_muted),
                quiet_after = coalesce($4, s.quiet_after),
                expected_since = coalesce($5, s.expected_since),
                note = coalesce($6, s.note)
            """,
            [
                .int(Int64(sellerID)), .text(feed), isMuted.map { .bool($0) } ?? .null,
                PostgresValue(quietAfter), PostgresValue(expectedSince), PostgresValue(note),
            ])
    }
}

/// Days about which nothing is to be reported any more.
package struct Waiver: Sendable {
    /// First and last day of delivery, `YYYY-MM-DD`.
    package let since: String
    package let until: String
    package let note: String
    package let person: String

    package init(since: String, until: String, note: String, person: String) {
        self.since = since
        self.until = until
        self.note = note
        self.person = person
    }

    /// Writes it.
    ///
    /// - Throws: `PostgresError`, also for days that Postgres does not read.
    package func apply(
        to feed: String, of sellerID: Int32, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            insert into ingest.waiver (seller_id, feed, period, note, waived_by)
            values ($1, $2, daterange($3::date, $4::date, '[]'), $5, $6)
            on conflict (seller_id, feed, period) do update set
                note = excluded.note, waived_by = excluded.waived_by, waived_at = now()
            """,
            [
                .int(Int64(sellerID)), .text(feed), .text(since), .text(until), .text(note),
                .text(person),
            ])
    }
}
