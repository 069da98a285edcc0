package import Postgres

/// A request that is to be made now.
package struct DataSetRequest: Sendable, Equatable {
    /// `ingest.request.request_key`.
    package let key: Int64
    package let dataSet: String
    /// `StartSupportDataExport`, and not `GenerateDataSet`.
    package let isSupportExport: Bool
    /// The date of publication, or the instant to start from: seconds since 1970.
    package let seconds: Int64

    /// For the log: data set and date.
    package let name: String
}

/// A seller's open requests: who asks next, and what came of it.
///
/// Every step is one statement, so that a crash between two steps leaves a state that says what
/// may have happened.
package struct RequestQueue {
    private let seller: Seller
    private let postgres: PostgresConnection

    /// How often AWS is asked for the same before a person must look.
    package static let attemptsMax = 6

    // Marks the locks among those of other programs in the same database: "sluq", and a seller.
    private static let lockSpace = 0x736C_7571

    package init(of seller: Seller, on postgres: PostgresConnection) {
        self.seller = seller
        self.postgres = postgres
    }

    /// Runs `body` as the only one who asks for this seller; nil where another does.
    ///
    /// The lock belongs to the connection: a dead worker lets go of it.
    package func locked<T>(_ body: () throws -> T) throws -> T? {
        let isOurs = try postgres.query(
            "select pg_try_advisory_lock(\(Self.lockSpace), $1) as ours", parameters
        ).only().bool("ours")
        guard isOurs else { return nil }
        defer {
            // A connection that is gone has given its locks back already.
            if postgres.isAlive {
                _ = try? postgres.query(
                    "select pg_advisory_unlock(\(Self.lockSpace), $1)", parameters)
            }
        }
        return try body()
    }

    /// Sees to calls of which nobody knows what came: their caller is gone, for we have the lock.
    ///
    /// AWS may have taken them, and its answer names our key. So they are not made again at once,
    /// but when no answer has come within the hour.
    package func settleLostCalls() throws {
        try postgres.query(
            """
            update ingest.request
            set status = 'requested', reason = 'the call was cut short: AWS may have taken it',
                next_attempt_at = called_at + interval '\(Self.firstLook)'
            where seller_id = $1 and status = 'asking'
            """, parameters)
    }

    /// How long the seller's next call must wait to keep to so many an hour.
    package func secondsToWait(callsPerHour: Int) throws -> Double {
        let millis = try postgres.query(
            """
            select (extract(epoch from
                max(called_at) + interval '1 hour' / $2::integer - clock_timestamp()) * 1000)
                ::bigint as millis
            from ingest.request where seller_id = $1
            """, parameters + [.int(Int64(callsPerHour))]
        ).only().optionalInt("millis")
        return max(0, Double(millis ?? 0) / 1000)
    }

    /// Takes the request to make next, newest date first; nil where none is due.
    ///
    /// From here on it counts as made: see ``settleLostCalls()``.
    package func claim(for settings: RequestSettings) throws -> DataSetRequest? {
        let row = try postgres.query(
            """
            update ingest.request r
            set status = 'asking', attempts = attempts + 1, called_at = clock_timestamp(),
                requested_at = null, bucket = $2,
                stem = $3 || r.data_set || '_' || \(Self.stamp)
            from ingest.data_set d
            where d.data_set = r.data_set and request_key = (
                select request_key from ingest.request
                where seller_id = $1 and status in ('waiting', 'no_data')
                    and next_attempt_at <= now()
                order by publication_date desc, request_key limit 1)
            returning request_key, r.data_set, operation <> 'GenerateDataSet' as is_export,
                \(Self.stamp) as stamp,
                extract(epoch from
                    coalesce(publication_date::timestamp at time zone 'UTC', from_date))::bigint
                    as seconds
            """, parameters + [.text(settings.location.bucket), .text(settings.keyPrefix)]
        ).first
        return try row.map { row in
            DataSetRequest(
                key: try row.int64("request_key"), dataSet: try row.string("data_set"),
                isSupportExport: try row.bool("is_export"), seconds: try row.int64("seconds"),
                name: try row.string("data_set") + " " + row.string("stamp"))
        }
    }

    private var parameters: [PostgresValue] { [.int(Int64(seller.id))] }

    // As AWS names the files.
    private static let stamp = """
        coalesce(publication_date::text,
            to_char(from_date at time zone 'UTC', 'YYYY-MM-DD"T"HH24-MI-SS"Z"'))
        """
    /// Data sets are mostly there within minutes.
    static let firstLook = "15 minutes"
    /// Before what AWS has no data for is asked for once more.
    static let noDataPause = "30 days"
}

/// What came of a call.
extension RequestQueue {
    /// AWS took it and gave it an id; its answer may have been here before this.
    package func accept(_ request: DataSetRequest, id: String) throws {
        try postgres.query(
            """
            update ingest.request
            set request_ids = case when request_ids @> array[$2::text] then request_ids
                    else request_ids || $2::text end,
                requested_at = now(),
                reason = case status when 'asking' then null else reason end,
                next_attempt_at = case when status in ('asking', 'requested')
                    then now() + interval '\(Self.firstLook)' else next_attempt_at end,
                status = case status when 'asking' then 'requested' else status end
            where request_key = $1
            """, [.int(request.key), .text(id)])
    }

    /// The call ended so that AWS may or may not have taken it.
    package func doubt(_ request: DataSetRequest, _ reason: String) throws {
        try postgres.query(
            """
            update ingest.request
            set status = 'requested', reason = $2,
                next_attempt_at = now() + interval '\(Self.firstLook)'
            where request_key = $1 and status = 'asking'
            """, [.int(request.key), .text(reason.boundedReason)])
    }

    /// AWS refused it.
    package func refuse(_ request: DataSetRequest, _ reason: String) throws {
        try postgres.query(
            """
            update ingest.request
            set reason = $2, \(Self.another(orElse: "'failed'"))
            where request_key = $1 and status = 'asking'
            """, [.int(request.key), .text(reason.boundedReason)])
    }

    /// AWS wants fewer calls: that is no word on the request, which keeps its attempts.
    package func postpone(_ request: DataSetRequest, _ reason: String, seconds: Double) throws {
        try postgres.query(
            """
            update ingest.request
            set status = 'waiting', attempts = attempts - 1, reason = $2,
                next_attempt_at = now() + make_interval(secs => $3)
            where request_key = $1 and status = 'asking'
            """, [.int(request.key), .text(reason.boundedReason), .text("\(seconds)")])
    }

    /// Status and time of the next attempt, each later than the one before, or the last word.
    ///
    /// A quarter of an hour, one hour, four, sixteen, and then a day; give or take a quarter, so that
    /// what failed together does not come back together.
    static func another(orElse last: String) -> String {
        """
        status = case when attempts < \(attemptsMax) then 'waiting' else \(last) end,
        next_attempt_at = case when attempts < \(attemptsMax) then
            now() + least(interval '15 minutes' * 4 ^ greatest(attempts - 1, 0), interval '1 day')
                * (0.75 + random() / 2) end
        """
    }
}
