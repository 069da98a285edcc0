import Foundation
import Support
import Testing

/// What `marketplace` is made of, after any sequence of loads, faults, decisions and repairs.
@Suite struct InterleavingTests {
    private func expectEqual(
        _ one: Set<String>, _ other: Set<String>, _ what: String, _ steps: [String]
    ) {
        let differing = one.symmetricDifference(other).sorted()
            .map { (one.contains($0) ? "- " : "+ ") + $0 }
        let areEqual = differing.isEmpty
        #expect(
            areEqual,
            """
            \(what): \(differing.count) rows differ
            \(differing.prefix(6).joined(separator: "\n"))
            after
            \(steps.joined(separator: "\n"))
            """)
    }

    /// Two seeds, or the first so many: for a long run set INTERLEAVINGS.
    private static let seeds =
        1...(ProcessInfo.processInfo.environment["INTERLEAVINGS"]
        .flatMap { Int($0) } ?? 2)

    /// Refreshed or not after each step, and killed in the middle now and then.
    @Test(arguments: seeds)
    func incrementalEqualsFullEqualsACleanLoad(seed: Int) throws {
        var interleaved = try InterleavedDesk(seed: seed)
        let desk = interleaved.desk
        for _ in 1...2 {
            for _ in 1...9 { try interleaved.step() }
            try interleaved.refresh()
            try expectFullIsTheSame(desk, interleaved.steps)
        }
        try interleaved.finish()
        try expectFullIsTheSame(desk, interleaved.steps)
        try expectEqual(
            desk.resolved(contentOnly: true), interleaved.clean().resolved(contentOnly: true),
            "clean load", interleaved.steps)
    }

    private func expectFullIsTheSame(_ desk: Desk, _ steps: [String]) throws {
        let kept = try desk.resolved()
        #expect(kept.count > 10)
        #expect(try desk.run(["refresh", "--full"]).succeeded)
        try expectEqual(kept, desk.resolved(), "full", steps)
    }
}

extension Desk {
    /// Every row of every resolved table as JSON; of the content alone without where it stood first,
    /// and alike whether a column was known when it came, of what usage records refer to still.
    func resolved(contentOnly: Bool = false) throws -> Set<String> {
        let row = """
            (to_jsonb(t) - '{version_id,line,extra}'::text[])
                || coalesce(nullif(to_jsonb(t) -> 'extra', 'null'), '{}')
            """
        let used = """
            exists (select from resolved.daily_usage u
                where u.seller_id = t.seller_id and u.context_id = t.context_id)
            """
        let tables = try rows(
            """
            select 'resolved.' || tablename from pg_tables
            where schemaname = 'resolved' and tablename not in ('feed', 'pending') order by 1
            """)
        // Equal rows are told apart by their number.
        let query = tables.map { table in
            """
            select '\(table) ' || count(*) || ' ' || row::text
            from (select \(contentOnly ? row : "to_jsonb(t)") as row from \(table) t
                where \(contentOnly && table.hasPrefix("resolved.usage_context") ? used : "true")) as r
            group by row
            """
        }
        return Set(try rows(query.joined(separator: " union all ")))
    }
}
