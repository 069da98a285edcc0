package import Postgres

/// Finds the request that a notice, a metadata file or a loaded file answers, and says so there.
///
/// Repeats change nothing, and the order in which they come does not matter.
package struct RequestAnswer {
    private let sellerID: Int32
    private let postgres: PostgresConnection

    package init(sellerID: Int32, on postgres: PostgresConnection) {
        self.sellerID = sellerID
        self.postgres = postgres
    }

    /// A file was loaded, or is as it was: whatever asked for its data set and date has it.
    ///
    /// An older file is none: it was there when the newer one was asked for.
    package func deliver(_ file: File) throws {
        try postgres.query(
            """
            update ingest.request r
            set status = 'delivered', answered_at = coalesce(r.answered_at, now()), reason = null,
                next_attempt_at = null, file_id = f.file_id, version_id = f.version_id,
                covers_from = coalesce(c.covers_from, r.covers_from),
                covers_until = coalesce(c.covers_until, r.covers_until)
            from \(Self.answer)
            where f.seller_id = $1 and f.bucket = $2 and f.key = $3 and r.seller_id = $1
                and r.data_set = d.table_name and f.is_complete and f.failure is null
                and (r.publication_date
                        = ingest.publication_date(d.cadence, lower(ingest.key_period(f.key)))
                    or f.key ~ ('_' || to_char(r.from_date at time zone 'UTC',
                        'YYYY-MM-DD"T"HH24-MI-SS"Z"') || '(_to_[^/]*)?[.]csv'))
                and r.version_id is distinct from f.version_id
                and (r.status in ('waiting', 'asking', 'requested', 'no_data', 'failed')
                    and v.last_modified >= r.created_at - interval '\(Self.clockSkew)'
                    or r.status = 'delivered' and r.file_id = f.file_id)
            """, [.int(Int64(sellerID)), .text(file.bucket), .text(file.key)])
    }

    /// The metadata beside this file, or the file itself where we had asked for it, says that it is
    /// the data set of a request of ours.
    ///
    /// Changes nothing unless the file is loaded, and is of that data set.
    package func deliver(requestID: String?, key: Int64?, in file: File) throws {
        try postgres.query(
            """
            update ingest.request r
            set status = 'delivered', answered_at = coalesce(r.answered_at, now()), reason = null,
                next_attempt_at = null,
                file_id = f.file_id, version_id = f.version_id,
                covers_from = coalesce(c.covers_from, r.covers_from),
                covers_until = coalesce(c.covers_until, r.covers_until),
                request_ids = case when $2::text is null or r.request_ids @> array[$2::text]
                    then r.request_ids else r.request_ids || $2::text end
            from \(Self.answer)
            where f.seller_id = $1 and f.bucket = $4 and f.key = $5 and f.is_complete
                and f.failure is null and r.data_set = d.table_name
                and r.seller_id = $1 and (r.request_ids @> array[$2::text] or r.request_key = $3)
                and r.status <> 'superseded'
            """,
            [
                .int(Int64(sellerID)), PostgresValue(requestID), PostgresValue(key),
                .text(file.bucket), .text(file.key),
            ])
    }

    /// A message says that AWS could not make the data set of a request of ours.
    ///
    /// Nothing can be looked at that would prove it, so it never ends the asking: the next attempt
    /// comes sooner than without it, and only as many attempts as any request has, each of them
    /// made, are the last word. Of several messages only the one on the last attempt counts. Where
    /// it says that there is no such data, and the date is some days back, it will hardly be
    /// otherwise tomorrow: the next attempt is a month away.
    ///
    /// - Returns: whether a request of ours has that id or key; nil where one that is being made
    ///   right now may yet turn out to have it.
    package func fail(requestID: String, key: Int64?, _ reason: String) throws -> Bool? {
        let reason = reason.boundedReason
        let parameters: [PostgresValue] = [
            .int(Int64(sellerID)), .text(requestID), PostgresValue(key),
        ]
        let noData = "$4 ~* '\(Self.noDataWords)'"
        try postgres.query(
            """
            update ingest.request
            set answered_at = now(), reason = $4,
                request_ids = case when request_ids @> array[$2::text] then request_ids
                    else request_ids || $2::text end,
                \(RequestQueue.another(orElse: "case when \(noData) then 'no_data' else 'failed' end"))
            where seller_id = $1 and (request_ids @> array[$2::text] or request_key = $3)
                and status in ('asking', 'requested')
                and (request_ids[cardinality(request_ids)] = $2
                    or not request_ids @> array[$2::text])
            """, parameters + [.text(reason)])
        try postgres.query(
            """
            update ingest.request
            set status = 'no_data', next_attempt_at = now() + interval '\(RequestQueue.noDataPause)'
            where seller_id = $1 and (request_ids @> array[$2::text] or request_key = $3)
                and status = 'waiting' and reason = $4 and \(noData)
                and publication_date < current_date - \(Self.lateDaysMax)
            """, parameters + [.text(reason)])
        let row = try postgres.query(
            """
            select exists (select from ingest.request
                where seller_id = $1 and (request_ids @> array[$2::text] or request_key = $3)
            ) as is_ours, exists (select from ingest.request
                where seller_id = $1 and status = 'asking') as is_asking
            """, parameters
        ).only()
        if try row.bool("is_ours") { return true }
        return try row.bool("is_asking") ? nil : false
    }

    // A data set that is so late is not late.
    private static let lateDaysMax = 3
    // Of S3's clock and the database's.
    private static let clockSkew = "5 minutes"
    // AWS lists its texts nowhere; a failure that is not understood is tried again and then told.
    private static let noDataWords = "no data|not available|no .*available|does not exist"

    // What is known of a file.
    private static let answer = """
        ingest.file f
        join ingest.feed d using (feed)
        left join ingest.version v on v.version_id = f.version_id
        left join ingest.coverage c on c.seller_id = f.seller_id and c.bucket = f.bucket
            and c.stem = regexp_replace(f.key, '[.]csv([.]gz)?$', '')
        """
}

extension RequestAnswer {
    /// A request of which no notice came: where its answer would be.
    package struct Unanswered: Sendable {
        package let key: Int64
        package let ids: [String]
        package let bucket: String
        package let stem: String
        /// As S3 would say it of a file that is the answer.
        package let modifiedSince: String
    }

    /// The requests whose answer should be looked for now.
    package func toLookFor(max: Int) throws -> [Unanswered] {
        try unanswered(
            """
            status = 'requested' and next_attempt_at <= now() order by next_attempt_at limit $2
            """, [.int(Int64(max))])
    }

    /// The requests without an answer that a message names: where their answers would be.
    package func named(requestID: String, key: Int64?) throws -> [Unanswered] {
        try unanswered(
            """
            status not in ('delivered', 'superseded') and called_at is not null
                and (request_ids @> array[$2::text] or request_key = $3)
            """, [.text(requestID), PostgresValue(key)])
    }

    private func unanswered(
        _ condition: String, _ parameters: [PostgresValue]
    ) throws -> [Unanswered] {
        try postgres.query(
            """
            select request_key, array_to_string(request_ids, ' ') as ids, bucket, stem,
                to_char(called_at - interval '\(Self.clockSkew)', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
                    as since
            from ingest.request where seller_id = $1 and \(condition)
            """, [.int(Int64(sellerID))] + parameters
        ).map { row in
            Unanswered(
                key: try row.int64("request_key"),
                ids: try row.string("ids").split(separator: " ").map(String.init),
                bucket: try row.string("bucket"), stem: try row.string("stem"),
                modifiedSince: try row.string("since"))
        }
    }

    /// Nothing is there: looked for again after twice the time, and at last asked again.
    ///
    /// A request that AWS took has a day for its answer; one that it may not have taken, an hour.
    package func missed(_ request: Unanswered) throws {
        let deadline = "coalesce(requested_at + interval '1 day', called_at + interval '1 hour')"
        try postgres.query(
            """
            update ingest.request
            set reason = 'no answer since '
                    || to_char(coalesce(requested_at, called_at), 'YYYY-MM-DD HH24:MI') || ' UTC',
                status = case when attempts < \(RequestQueue.attemptsMax)
                    then 'waiting' else 'failed' end,
                next_attempt_at = case when attempts < \(RequestQueue.attemptsMax) then now() end
            where request_key = $1 and status = 'requested' and now() >= \(deadline)
            """, [.int(request.key)])
        try postgres.query(
            """
            update ingest.request
            set next_attempt_at = least(now() + greatest(now() - called_at, interval '1 minute'),
                \(deadline))
            where request_key = $1 and status = 'requested' and next_attempt_at <= now()
            """, [.int(request.key)])
    }
}
