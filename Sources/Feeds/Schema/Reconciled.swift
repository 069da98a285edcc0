internal import Foundation
package import Postgres

/// What comparing the relations of money with each other came to.
package struct Reconciled: Sendable {
    /// Pairs of figures that were compared.
    package let figures: Int
    /// Sellers with figures that differ by what no cause explains, and how many those are.
    package let unexplained: [(seller: String, figures: Int)]
    package let seconds: Double

    /// Compares them, and keeps what no cause explains as a finding.
    ///
    /// - Parameter postgres: a connection whose role may execute `marketplace.reconcile`.
    /// - Throws: `PostgresError`; the findings are those of the last time then.
    package init(on postgres: PostgresConnection) throws {
        let started = Date()
        let sellers = try postgres.query(
            "select seller, figures, unexplained from marketplace.reconcile()"
        ).map { row in
            try (
                seller: row.string("seller"), figures: row.int("figures"),
                unexplained: row.int("unexplained")
            )
        }
        figures = sellers.reduce(0) { $0 + $1.figures }
        unexplained = sellers.filter { $0.unexplained > 0 }.map { ($0.seller, $0.unexplained) }
        seconds = Date().timeIntervalSince(started)
    }

    /// Whether nobody has compared them for so long.
    ///
    /// - Parameters:
    ///   - hours: how long.
    ///   - postgres: a connection that may read the schema `ingest`.
    /// - Returns: whether it is time again.
    /// - Throws: `PostgresError`.
    package static func isDue(afterHours hours: Int, on postgres: PostgresConnection) throws -> Bool
    {
        try postgres.query(
            """
            select coalesce(max(checked_at) < now() - $1 * interval '1 hour', true) as is_due
            from ingest.reconciled
            """, [.int(Int64(hours))]
        ).only().bool("is_due")
    }
}
