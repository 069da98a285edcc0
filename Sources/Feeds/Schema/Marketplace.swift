package import Postgres

/// The schema `marketplace`: what was delivered, resolved for analysts.
package enum Marketplace {
    /// A relation and how many of its rows a refresh changed.
    package struct Change: Sendable {
        package let relation: String
        package let rows: Int
    }

    /// Brings in what was loaded and removed since the last time; readers see all of it at once.
    ///
    /// - Parameters:
    ///   - isFull: works everything out anew, which comes to the same.
    ///   - postgres: a connection of the schema's owner, outside a transaction.
    /// - Returns: what changed.
    /// - Throws: `PostgresError`; nothing has changed then.
    package static func refresh(
        isFull: Bool = false, on postgres: PostgresConnection
    ) throws -> [Change] {
        try postgres.query(
            "select relation, rows_changed from marketplace.refresh($1) where rows_changed > 0",
            [.bool(isFull)]
        ).map { try Change(relation: $0.string("relation"), rows: $0.int("rows_changed")) }
    }
}
