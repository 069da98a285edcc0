/// A row of a log feed, before it is written.
protocol FeedRow {
    /// What the row is about; decides whether it is delivered a second time.
    var key: Key { get }
    var isDeleted: Bool { get }
    /// Whether the row is in the file, and not only a note for the truth.
    var isWritten: Bool { get }
    /// Adds what the row says to the truth.
    func count(in ledger: inout Ledger)
    /// Shows every amount with the index of its column.
    func forEachAmount(_ body: (AmountColumn, Currency?, Money) -> Void)
}

extension FeedRow {
    var isWritten: Bool { true }
    func count(in ledger: inout Ledger) {}
    func forEachAmount(_ body: (AmountColumn, Currency?, Money) -> Void) {}
}

/// A log feed: rows that are only ever added, a delivery's worth a day.
///
/// To add a feed, write one file with a type that conforms, and list it in `Simulation`.
protocol Feed: Sendable {
    associatedtype Row: FeedRow

    /// Schema and table: `sdds.billing_event`.
    var name: String { get }
    /// The folder in the bucket: `BillingEventFeed_V1`.
    var folder: String { get }
    var header: StaticString { get }
    /// One row in so many is delivered again a month later.
    var redeliveryInterval: Int { get }
    /// Whether AWS has ended the feed, so that there is history only.
    var isRetired: Bool { get }

    /// The new rows of a business day, or of all history for `SimulatedDay.backfill`.
    func forEachChange(on day: SimulatedDay, _ body: (borrowing Row) throws -> Void) rethrows
    func write(_ row: borrowing Row, into writer: inout RowWriter)
}

extension Feed {
    var isRetired: Bool { false }

    /// Everything that the delivery of a business day brings: new rows, then repeated ones.
    func forEachRow(
        on day: SimulatedDay, from start: SimulatedDay,
        _ body: (borrowing Row, _ isRepeated: Bool) throws -> Void
    ) rethrows {
        try forEachChange(on: day) { try body($0, false) }
        guard let repeated = day.repeated, day != .backfill else { return }
        for number in repeated where number >= start.number {
            try forEachChange(on: SimulatedDay(number: number)) { row in
                let isChosen = row.key.child(.row, 7).below(redeliveryInterval) == 0
                if isChosen, row.isWritten { try body(row, true) }
            }
        }
    }

    /// Whether a business day brings anything.
    func hasRows(on day: SimulatedDay, from start: SimulatedDay) -> Bool {
        do {
            try forEachRow(on: day, from: start) { _, _ in throw RowFound() }
            return false
        } catch {
            return true
        }
    }

    /// Writes the header and the rows of the given business days.
    ///
    /// `endDay` runs after each day's rows have gone to `sink`. Returns the number of rows.
    func write(
        _ days: [SimulatedDay], from start: SimulatedDay, into sink: ByteSink,
        endDay: () throws -> Void
    ) throws -> Int {
        var writer = RowWriter()
        writer.line(header)
        for day in days {
            try forEachRow(on: day, from: start) { row, _ in
                guard row.isWritten else { return }
                write(row, into: &writer)
                try writer.endRow(into: sink)
            }
            try writer.flush(into: sink)
            try endDay()
        }
        try writer.flush(into: sink)
        return writer.rows
    }

    /// Counts the rows of the given business days, and what they mean.
    func count(
        _ days: [SimulatedDay], from start: SimulatedDay, in ledger: inout Ledger
    ) -> Truth.Feed {
        var tally = FeedTally()
        for day in days {
            forEachRow(on: day, from: start) { row, isRepeated in
                if row.isWritten { tally.count(row, isRepeated: isRepeated) }
                if !isRepeated { row.count(in: &ledger) }
            }
        }
        return tally.truth(named: name)
    }
}

/// Ends a scan at the first row.
private struct RowFound: Error {}

extension SimulatedDay {
    // The days whose rows come again: invoices of the month's start, the payout, sign-ups.
    fileprivate var repeated: ClosedRange<Int>? {
        let before = month + -1
        switch date.day {
        case 8: return before.day(2).number...before.day(3).number
        case 18: return before.day(12).number...before.day(13).number
        case 24: return before.day(15).number...before.day(25).number
        default: return nil
        }
    }
}

extension RowWriter {
    mutating func line(_ text: StaticString) {
        literal(text)
        byte(0x0A)
    }
}
