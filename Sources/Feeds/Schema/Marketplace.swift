internal import Foundation
package import Postgres

/// The schema `marketplace`: what was delivered, resolved for analysts.
package enum Marketplace {
    /// A relation and how many of its rows a refresh changed.
    package struct Change: Sendable {
        package let relation: String
        package let rows: Int
    }

    /// What a refresh came to.
    package struct Refreshed: Sendable {
        package let changes: [Change]
        package let seconds: Double

        package var rows: Int { changes.reduce(0) { $0 + $1.rows } }
    }

    /// What was loaded or removed and is not in marketplace yet.
    package struct Backlog: Sendable {
        /// Whether all of it is to be worked out anew, by definitions that have changed since.
        package let isOutdated: Bool
        /// Numbers of the oldest and the newest thing that waits.
        package let ids: ClosedRange<Int64>?
        package let oldestSeconds: Double
        package let newestSeconds: Double
    }

    /// Whoever refreshes holds it; `Schema/resolved/refresh.sql` takes it too.
    private static let lockKey: Int64 = 0x736C_7501

    /// Brings in what was loaded and removed since the last time; readers see all of it at once.
    ///
    /// It waits for a refresh that is under way.
    ///
    /// - Parameters:
    ///   - isFull: works everything out anew, which comes to the same.
    ///   - postgres: a connection whose role may execute `marketplace.refresh`.
    /// - Returns: what changed.
    /// - Throws: `PostgresError`; nothing has changed then.
    package static func refresh(
        isFull: Bool = false, on postgres: PostgresConnection
    ) throws -> Refreshed {
        let started = Date()
        let changes = try postgres.query(
            "select relation, rows_changed from marketplace.refresh($1) where rows_changed > 0",
            [.bool(isFull)]
        ).map { try Change(relation: $0.string("relation"), rows: $0.int("rows_changed")) }
        return Refreshed(changes: changes, seconds: Date().timeIntervalSince(started))
    }

    /// Does the same unless somebody else is at it.
    ///
    /// - Parameters:
    ///   - postgres: the connection, outside a transaction.
    ///   - onBegin: called with the server's process that does it, for whoever may cancel it.
    /// - Returns: what changed; `nil` where somebody else is at it.
    /// - Throws: `PostgresError`; nothing has changed then, unless the answer of COMMIT was lost.
    package static func refreshUnlessBusy(
        on postgres: PostgresConnection, onBegin: (Int) -> Void = { _ in }
    ) throws -> Refreshed? {
        try postgres.transaction {
            let row = try postgres.query(
                "select pg_try_advisory_xact_lock($1) as is_ours, pg_backend_pid() as backend",
                [.int(lockKey)]
            ).only()
            guard try row.bool("is_ours") else { return nil }
            onBegin(try row.int("backend"))
            return try refresh(on: postgres)
        }
    }

    /// What a refresh would bring in; `nil` where that is nothing.
    ///
    /// Costs the same however much it is.
    package static func backlog(on postgres: PostgresConnection) throws -> Backlog? {
        let row = try postgres.query(
            """
            select resolved.is_outdated() as is_outdated,
                o.pending_id as oldest_id, n.pending_id as newest_id,
                (1000 * extract(epoch from clock_timestamp() - o.noticed_at))::bigint as oldest_ms,
                (1000 * extract(epoch from clock_timestamp() - n.noticed_at))::bigint as newest_ms
            from (values (0)) as one
            left join (select * from resolved.pending order by pending_id limit 1) as o on true
            left join (select * from resolved.pending order by pending_id desc limit 1) as n on true
            """
        ).only()
        let isOutdated = try row.bool("is_outdated")
        guard let oldest = try row.optionalInt64("oldest_id"),
            let newest = try row.optionalInt64("newest_id")
        else {
            guard isOutdated else { return nil }
            return Backlog(isOutdated: true, ids: nil, oldestSeconds: 0, newestSeconds: 0)
        }
        return Backlog(
            isOutdated: isOutdated, ids: oldest...newest,
            oldestSeconds: Double(try row.int("oldest_ms")) / 1000,
            newestSeconds: Double(try row.int("newest_ms")) / 1000)
    }
}
