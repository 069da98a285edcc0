package import Postgres

/// What is loaded, and what needs a person, as the ledger has it.
package struct Status: Sendable {
    package struct FeedStatus: Sendable {
        package let seller: String
        package let feed: String
        package let files: Int
        /// Files whose newest version was not read to its end yet.
        package let incomplete: Int
        package let failed: Int
        /// Rows that loads have put into the table, less those that they removed.
        package let rows: Int
        /// Rejects that wait for a fix or a decision.
        package let rejects: Int
        /// Rows that wait for accept or keep.
        package let vanished: Int
        /// End of the newest load, in UTC.
        package let lastLoad: String?
        /// Seconds since then.
        package let lagSeconds: Int?
    }

    /// Things of one kind that are not as they should be, a line each.
    package struct Section: Sendable {
        package let name: String
        package let title: String
        package let lines: [String]
        /// Whether someone has to act; drift is only worth knowing.
        package let isTrouble: Bool
        /// Whether there may be more than the lines.
        package let isCut: Bool
    }

    package let feeds: [FeedStatus]
    package let sections: [Section]
    package let freshness: Freshness

    package var isTroubled: Bool {
        sections.contains { $0.isTrouble && !$0.lines.isEmpty }
    }

    // More than a person reads; the tables have all of them.
    private static let linesMax = 20

    package init(on postgres: PostgresConnection) throws {
        feeds = try postgres.query(Self.feedQuery).map { row in
            FeedStatus(
                seller: try row.string("seller"), feed: try row.string("feed"),
                files: try row.int("files"), incomplete: try row.int("incomplete"),
                failed: try row.int("failed"), rows: try row.int("rows"),
                rejects: try row.int("rejects"), vanished: try row.int("vanished"),
                lastLoad: try row.optionalString("last_load"),
                lagSeconds: try row.optionalInt("lag_seconds"))
        }
        freshness = try Freshness(on: postgres)
        sections = try Self.queries.map { query in
            let rows = try postgres.query(query.sql + " limit \(Self.linesMax)")
            return Section(
                name: query.name, title: query.title, lines: try rows.map { try $0.string("line") },
                isTrouble: query.isTrouble, isCut: rows.count == Self.linesMax)
        }
    }

    private static let feedQuery = """
        select s.name as seller, f.feed, count(*) as files,
            count(*) filter (where not f.is_complete
                and (f.failure is null or f.unreadable is not null)) as incomplete,
            count(*) filter (where f.failure is not null and f.unreadable is null) as failed,
            coalesce(sum(l.rows), 0) as rows,
            (select count(*) from ingest.reject r
             where r.seller_id = s.seller_id and r.feed = f.feed and r.state = 'waiting')
                as rejects,
            (select count(*) from ingest.vanished v
             where v.seller_id = s.seller_id and v.feed = f.feed and v.decision is null)
                as vanished,
            to_char(max(l.finished_at), 'YYYY-MM-DD HH24:MI:SS') as last_load,
            extract(epoch from now() - max(l.finished_at))::bigint as lag_seconds
        from ingest.file f
        join ingest.seller s using (seller_id)
        left join lateral (
            select sum(rows_loaded - rows_removed) as rows,
                max(finished_at) filter (where outcome <> 'replayed') as finished_at
            from ingest.load where file_id = f.file_id
        ) l on true
        group by s.seller_id, s.name, f.feed
        order by s.name, f.feed
        """

    // The worker repeats them in its log, where nobody erases anything: of what was refused there is
    // the cause, and no value, which may be a person's name.
    private static let queries: [(name: String, title: String, sql: String, isTrouble: Bool)] = [
        (
            "failed_files", "Files that could not be loaded",
            """
            select failure as line from ingest.file
            where failure is not null and unreadable is null order by failed_at desc
            """, true
        ),
        (
            "vanished", "Rows that vanished from rewritten files; decide: sluice accept | keep",
            """
            select count(*) || ' rows of ' || f.bucket || '/' || f.key || ', since '
                || to_char(min(v.noticed_at), 'YYYY-MM-DD HH24:MI') as line
            from ingest.vanished v join ingest.file f using (file_id)
            where v.decision is null group by f.file_id, f.bucket, f.key order by f.file_id
            """, true
        ),
        (
            "findings", "Deliveries that did not come as they should; see: sluice expect",
            "select \(Expectation.findingLine) from ingest.finding order by kind, seller, feed, period",
            true
        ),
        (
            "failed_requests",
            "Data sets that AWS did not deliver; ask again: sluice request --failed",
            """
            select s.name || ': ' || r.data_set || ' of ' || count(*) || ' dates, newest '
                || coalesce(max(r.publication_date)::text, max(r.from_date)::text)
                || coalesce(': ' || (array_agg(r.reason order by r.request_key desc))[1], '')
                as line
            from ingest.request r join ingest.seller s using (seller_id)
            where r.status = 'failed' group by s.name, r.data_set order by s.name, r.data_set
            """, true
        ),
        (
            "unanswered_requests", "Data sets that were asked for and have not come",
            """
            select s.name || ': ' || r.data_set || ' of '
                || coalesce(r.publication_date::text, r.from_date::text) || ', asked '
                || to_char(r.called_at, 'YYYY-MM-DD HH24:MI') || ' UTC' as line
            from ingest.request r join ingest.seller s using (seller_id)
            where r.status in ('asking', 'requested') and r.called_at < now() - interval '6 hours'
            order by r.called_at
            """, true
        ),
        (
            "rejects", "Rejected rows; see: sluice rejects",
            """
            select count(*) || ' rows of ' || feed || coalesce(', column ' || column_name, '')
                || ', newest: ' || (array_agg(cause order by reject_id desc))[1] as line
            from ingest.reject where state = 'waiting'
            group by feed, column_name order by count(*) desc
            """, false
        ),
        (
            "messages", "Messages that were refused, failed, or not understood; see: sluice dlq",
            """
            select outcome || ', ' || times_received || ' times: ' || summary
                || coalesce(': ' || reason, '') as line
            from ingest.message where outcome in ('refused', 'failed', 'unknown')
            order by last_received_at desc
            """, true
        ),
        (
            "paused_disbursements",
            "Payouts that AWS has paused; mend the bank details, then: sluice acknowledge",
            """
            select s.name || ', ' || to_char(coalesce(e.event_time, e.received_at), 'YYYY-MM-DD')
                || coalesce(': ' || e.payment_instrument_arn, '') as line
            from event.disbursement_paused e join ingest.seller s using (seller_id)
            where e.acknowledged_at is null
            order by coalesce(e.event_time, e.received_at) desc
            """, true
        ),
        (
            "entitlement_failures",
            "Entitlements that could not be read; try: sluice entitlements sync",
            """
            select s.name || ' ' || e.product_code || ': ' || e.failure as line
            from event.entitlement_sync e join ingest.seller s using (seller_id)
            where e.failure is not null order by e.tried_at desc
            """, true
        ),
        (
            "malformed_events", "Events with parts that do not fit; see: event.malformed",
            """
            select count(*) || ' of event.' || event_table || ', newest: '
                || left((array_agg((select string_agg(split_part(part, ' ', 1), ', ')
                    from unnest(malformed) as part) order by received_at desc))[1], 300) as line
            from event.malformed group by event_table order by count(*) desc
            """, false
        ),
        (
            "unclassified",
            "Feeds without a table of their own; see \"Adding a feed\" in docs/operations.md",
            """
            with kept as (
                select f.file_id, f.feed, f.key, substring(f.key from '([^/]+)/year=') as folder,
                    (select coalesce(sum(rows_loaded - rows_removed), 0) from ingest.load l
                     where l.file_id = f.file_id) as rows
                from ingest.file f join ingest.feed d using (feed) where d.is_fallback
            ),
            claimed as (
                select k.file_id, min(d.feed) as feed from ingest.feed d cross join lateral (
                    select file_id from kept where key ~ d.key_pattern offset 0
                ) k
                where not d.is_fallback group by 1
            )
            select folder || ': ' || count(*) || ' files, ' || sum(rows) || ' rows in '
                || k.feed || coalesce(' and not yet in ' || c.feed || ': sluice reload', '') as line
            from kept k left join claimed c using (file_id)
            group by folder, k.feed, c.feed order by folder, c.feed
            """, false
        ),
        (
            "stale", "The schema marketplace is behind; see: sluice refresh",
            """
            select count(distinct version_id) || ' loads wait, since '
                || to_char(min(noticed_at) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC' as line
            from resolved.pending having min(noticed_at) < now() - interval '1 hour'
            """, false
        ),
        (
            "drift", "Header drift",
            """
            select feed || ': ' || kind || ' ' || name as line from ingest.drift
            where kind = 'unknown column' order by feed, name
            """, false
        ),
    ]
}
