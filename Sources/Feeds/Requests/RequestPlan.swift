package import Postgres

/// Which data sets are to be asked for, and which of those are there or under way already.
package struct RequestPlan: Sendable {
    /// The dates of publication that are wanted; days as `YYYY-MM-DD`.
    package enum Span: Sendable, Equatable {
        /// Exactly this one, or of a monthly set its month.
        case date(String)
        /// Each data set's own dates in the span, both ends included; nil for the last that is out.
        case dates(since: String, until: String?)
        /// Each data set's own dates since the seller's requests began.
        case due
    }

    /// What is known of one data set of one date.
    package enum Verdict: String, Sendable {
        /// Nothing: it is to be asked for.
        case ask
        /// Its file is loaded.
        case there
        /// Asked for, or about to be.
        case open
        /// AWS said, as often as it was asked, that there is none.
        case noData = "no_data"
        /// Asked in vain as often as allowed.
        case failed
    }

    package struct Entry: Sendable, Equatable {
        package let dataSet: String
        package let date: String
        package let verdict: Verdict
    }

    /// By data set and date.
    package let entries: [Entry]

    /// Compares what is wanted with what there is; changes nothing.
    ///
    /// - Parameters:
    ///   - span: the dates.
    ///   - dataSets: their names; all if empty.
    ///   - seller: whose.
    ///   - postgres: the connection.
    /// - Throws: `PostgresError`; ``LoadError`` for a name or a date that there is not.
    package init(
        _ span: Span, dataSets: [String] = [], of seller: Seller, on postgres: PostgresConnection
    ) throws {
        try Self.check(span, dataSets, on: postgres)
        let rows = try postgres.query(
            Self.wanted + "select data_set, date, verdict from wanted order by data_set, date",
            Self.parameters(span, dataSets, seller))
        entries = try rows.map { row in
            Entry(
                dataSet: try row.string("data_set"), date: try row.string("date"),
                verdict: Verdict(rawValue: try row.string("verdict")) ?? .open)
        }
    }

    /// Writes down what is to be asked, each once, however many plan it at the same time.
    ///
    /// With `again` also what is there, open or given up: the older request is superseded then.
    /// `person` is who wants it. Returns how many requests were added.
    @discardableResult
    package static func write(
        _ span: Span, dataSets: [String] = [], again: Bool = false, of seller: Seller,
        by person: String, on postgres: PostgresConnection
    ) throws -> Int {
        try check(span, dataSets, on: postgres)
        let parameters = parameters(span, dataSets, seller)
        let superseding = """
            , superseded as (
                update ingest.request r set status = 'superseded', next_attempt_at = null
                from wanted w
                where r.request_key = w.request_key
            )
            """
        let adding = """
            insert into ingest.request (seller_id, data_set, publication_date, requested_by)
            select $1, data_set, date, $6 from wanted where $7 or verdict = 'ask'
            order by date, data_set
            on conflict do nothing
            """
        return try postgres.transaction {
            // In a statement of its own: the index sees only what earlier statements did.
            if again { try postgres.query(wanted + superseding + "select 1", parameters) }
            return try postgres.query(
                wanted + adding, parameters + [.text(person), .bool(again)]
            ).affectedRows
        }
    }

    /// Writes down a support export; returns whether it was not there yet.
    package static func writeExport(
        _ dataSet: String, from instant: String, again: Bool, of seller: Seller, by person: String,
        on postgres: PostgresConnection
    ) throws -> Bool {
        let parameters: [PostgresValue] = [.int(Int64(seller.id)), .text(dataSet), .text(instant)]
        return try postgres.transaction {
            if again {
                try postgres.query(
                    """
                    update ingest.request set status = 'superseded', next_attempt_at = null
                    where seller_id = $1 and data_set = $2 and from_date = $3
                    """, parameters)
            }
            return try postgres.query(
                """
                insert into ingest.request (seller_id, data_set, from_date, requested_by)
                values ($1, $2, $3, $4) on conflict do nothing
                """, parameters + [.text(person)]
            ).affectedRows == 1
        }
    }

    /// Has what was given up asked again, with as many attempts as before; returns how many.
    package static func retryFailed(
        dataSets: [String], of seller: Seller, on postgres: PostgresConnection
    ) throws -> Int {
        try postgres.query(
            """
            update ingest.request set status = 'waiting', attempts = 0, next_attempt_at = now()
            where seller_id = $1 and status in ('failed', 'no_data')
                and (cardinality($2::text[]) = 0 or data_set = any($2))
            """, [.int(Int64(seller.id)), .textArray(dataSets)]
        ).affectedRows
    }
}

extension RequestPlan {
    private static func check(
        _ span: Span, _ dataSets: [String], on postgres: PostgresConnection
    ) throws {
        let known = try postgres.query(
            """
            select data_set, available_since, $1::date > current_date as is_ahead,
                $1::date < available_since as is_too_early
            from ingest.data_set where operation = 'GenerateDataSet' order by data_set
            """, [PostgresValue(span.only)])
        let names = try known.map { try $0.string("data_set") }
        if let name = dataSets.first(where: { !names.contains($0) }) {
            throw LoadError(
                .stop,
                "there is no data set \(name); there are \(names.joined(separator: ", "))")
        }
        guard let date = span.only else { return }
        for row in known where try dataSets.contains(row.string("data_set")) {
            if try row.bool("is_ahead") { throw LoadError(.stop, "\(date) is not over yet") }
            if try row.bool("is_too_early") {
                throw LoadError(
                    .stop,
                    try "\(row.string("data_set")) can be asked for since "
                        + "\(row.string("available_since")), not for \(date)")
            }
        }
    }

    private static func parameters(
        _ span: Span, _ dataSets: [String], _ seller: Seller
    ) -> [PostgresValue] {
        let (since, until): (String?, String?) =
            switch span {
            case .date(let date): (date, nil)
            case .dates(let since, let until): (since, until)
            case .due: (nil, nil)
            }
        return [
            .int(Int64(seller.id)), .textArray(dataSets), .bool(span.only != nil),
            PostgresValue(since), PostgresValue(until),
        ]
    }

    /// What is wanted, with a verdict each.
    ///
    /// A day's set is out by midnight UTC. A payout that two dates with one coverage have shown is
    /// not asked for under the dates between them.
    private static var wanted: String {
        """
        with asked as materialized (
            select d.data_set, d.feed, f.cadence, p.date
            from ingest.data_set d
            join ingest.feed f using (feed)
            join ingest.seller s on s.seller_id = $1
            cross join lateral (
                select ingest.publication_date(f.cadence, $4::date) as date where $3
                union all
                select p from ingest.publication_dates(
                    f.cadence, greatest(coalesce($4::date, s.cas_since), d.available_since),
                    least($5::date, current_date - 1)) p
                where not $3 and coalesce($4::date, s.cas_since) is not null
            ) p
            where d.operation = 'GenerateDataSet'
                and (cardinality($2::text[]) = 0 or d.data_set = any($2))
        ), there as materialized (
            select distinct f.feed,
                ingest.publication_date(d.cadence, lower(ingest.key_period(f.key))) as date
            from ingest.file f
            join ingest.feed d using (feed)
            where f.seller_id = $1 and d.table_schema = 'cas' and f.is_complete
                and f.failure is null
        ), met as materialized (
            select feed, min(publication_date) as first, max(publication_date) as last
            from cas.coverage where seller_id = $1 and covers_from is not null
            group by feed, covers_from, covers_until having count(*) > 1
        ), wanted as (
            select a.data_set, a.date, r.request_key,
                case
                    when r.status in ('waiting', 'asking', 'requested') then 'open'
                    when r.status = 'delivered' or t.date is not null then 'there'
                    when r.status is not null then r.status
                    when a.cadence = 'disbursement' and exists (
                        select from met m
                        where m.feed = a.feed and a.date between m.first and m.last) then 'there'
                    else 'ask'
                end as verdict
            from asked a
            left join ingest.request r
                on r.seller_id = $1 and r.data_set = a.data_set and r.publication_date = a.date
                and r.status <> 'superseded'
            left join there t on t.feed = a.feed and t.date = a.date
        )

        """
    }
}

extension RequestPlan.Span {
    /// The only date, where there is one.
    fileprivate var only: String? {
        if case .date(let date) = self { date } else { nil }
    }
}
