package import Postgres

/// How far the schema `marketplace` is behind what was loaded.
package struct Freshness: Sendable {
    /// A row of `marketplace.freshness`; times are in UTC.
    package struct Relation: Sendable {
        package let name: String
        /// When a refresh last brought in everything that there was; `nil`: never.
        package let refreshedAt: String?
        /// When that last changed a row of it.
        package let changedAt: String?
        package let pendingLoads: Int
        /// When the oldest of those that wait was loaded.
        package let pendingSince: String?
    }

    package let relations: [Relation]
    /// Whether all of them are to be worked out anew, by definitions that have changed since.
    package let isOutdated: Bool

    package init(on postgres: PostgresConnection) throws {
        isOutdated = try postgres.query("select resolved.is_outdated() as answer").only()
            .bool("answer")
        relations = try postgres.query(Self.query).map { row in
            Relation(
                name: try row.string("relation"),
                refreshedAt: try row.optionalString("refreshed_at"),
                changedAt: try row.optionalString("changed_at"),
                pendingLoads: try row.int("pending_loads"),
                pendingSince: try row.optionalString("pending_since"))
        }
    }

    /// What a person reads, a line each; none before anything was loaded.
    package var lines: [String] {
        let fresh = relations.filter { $0.pendingLoads == 0 && $0.refreshedAt != nil }
        let waiting = Dictionary(grouping: relations.filter { $0.pendingLoads > 0 }) {
            Wait(since: $0.pendingSince ?? "", loads: $0.pendingLoads)
        }
        var lines: [String] = []
        if let oldest = fresh.compactMap(\.refreshedAt).min() {
            let all = waiting.isEmpty ? "all " : ""
            lines.append("\(all)\(fresh.count) relations are up to date, refreshed \(oldest) UTC")
        }
        for (wait, relations) in waiting.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "\(wait.loads) loads wait since \(wait.since) UTC for "
                    + relations.map { $0.name.replacing("marketplace.", with: "") }
                    .joined(separator: ", "))
        }
        if isOutdated {
            lines.append("its definitions have changed: the next refresh works all of it out anew")
        }
        return lines
    }

    private struct Wait: Hashable, Comparable {
        let since: String
        let loads: Int

        static func < (left: Wait, right: Wait) -> Bool {
            (left.since, left.loads) < (right.since, right.loads)
        }
    }

    private static let query = """
        select relation, pending_loads,
            to_char(refreshed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as refreshed_at,
            to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as changed_at,
            to_char(pending_since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as pending_since
        from marketplace.freshness
        order by relation
        """
}
