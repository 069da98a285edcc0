/// CAS "Daily business: free trial conversions": one row for each product with trials.
struct FreeTrialConversions: Snapshot {
    struct Row {
        let product: Int
        var new = 0
        var current = 0
        var converted = 0
        var refused = 0
    }

    let world: World

    let name = "cas.daily_business_free_trial_conversions"
    let header: StaticString = """
        Product Title,Product Code,New Free Trials,Total Current Free Trials,\
        Converted Free Trials,Non-Converted Free Trials,Solution Title,Solution ID
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.dayBefore(day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        let day = published + -1
        var rows = (0..<world.products).map { Row(product: $0) }
        world.forEachAgreement { agreement in
            guard agreement.isTrial else { return }
            if agreement.accepted == day { rows[agreement.product].new += 1 }
            if agreement.isInForce(on: day) { rows[agreement.product].current += 1 }
            guard let end = agreement.end, end.day == day else { return }
            if end.how == .renewed {
                rows[agreement.product].converted += 1
            } else {
                rows[agreement.product].refused += 1
            }
        }
        for row in rows where row.new + row.current + row.converted + row.refused > 0 {
            try body(row)
        }
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        writer.titleAndCode(row.product, in: world)
        writer.integer(row.new)
        writer.integer(row.current)
        writer.integer(row.converted)
        writer.integer(row.refused)
        writer.solution()
    }
}
