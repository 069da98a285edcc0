/// A load has more rejects than its feed's budget allows: nothing of it is kept.
struct BudgetExceeded: Error, CustomStringConvertible {
    let feed: String
    let budget: ErrorBudget
    let rejected: Int
    let rows: Int
    /// Whether there may have been more to come.
    let isEarly: Bool
    /// Most frequent first.
    let causes: [RejectTally.Count]

    // More than these are seldom the point, and less than a screen can be read at once.
    private static let causesShown = 3

    var description: String {
        let shown = causes.prefix(Self.causesShown).map { count in
            let column = count.cause.column.map { $0.line(charactersMax: 63) + " " } ?? "a record "
            return "\(column)\(count.cause.text) (\(count.rows), first on line \(count.fileLine))"
        }.joined(separator: "; ")
        return
            "\(rejected) of \(isEarly ? "the first " : "")\(rows) records were rejected, and the "
            + "budget of \(feed) allows \(budget.description): \(shown). Nothing of this load was "
            + "kept. Mend the table, add an alias to ingest.alias, or change the budget (sluice "
            + "rejects budget \(feed)); the next attempt loads the file"
    }
}

/// Counts a load's rejects by cause, and ends the load when they are too many.
struct RejectTally {
    struct Cause: Hashable {
        let column: String?
        let text: String
    }

    struct Count {
        let cause: Cause
        var rows: Int
        /// Physical line of the first.
        let fileLine: Int
    }

    private let budget: ErrorBudget
    private let feed: String
    private var counts: [Cause: Count] = [:]
    private var rejected = 0

    init(_ budget: ErrorBudget, feed: String) {
        self.budget = budget
        self.feed = feed
    }

    /// Counts a reject, the last of so many records.
    ///
    /// - Throws: ``BudgetExceeded`` as soon as that is certain, or likely.
    mutating func add(_ reject: Reject, rows: Int) throws {
        rejected += 1
        let cause = Cause(column: reject.column, text: reject.cause)
        counts[cause, default: Count(cause: cause, rows: 0, fileLine: reject.fileLine)].rows += 1
        let isLikely =
            rows >= ErrorBudget.rowsBeforeShare && budget.isExceeded(byRows: rejected, of: rows)
        guard budget.isExceeded(byRows: rejected) || isLikely else { return }
        throw exceeded(of: rows, isEarly: true)
    }

    /// Judges the whole load.
    func judge(rows: Int) throws {
        guard budget.isExceeded(byRows: rejected, of: rows) else { return }
        throw exceeded(of: rows, isEarly: false)
    }

    private func exceeded(of rows: Int, isEarly: Bool) -> BudgetExceeded {
        BudgetExceeded(
            feed: feed, budget: budget, rejected: rejected, rows: rows, isEarly: isEarly,
            causes: counts.values.sorted { ($1.rows, $0.fileLine) < ($0.rows, $1.fileLine) })
    }
}
