/// CAS "Disbursement: amount by instance hours": the use that a month's payouts paid.
struct DisbursedInstanceHours: Snapshot {
    struct Row {
        let usage: Usage
        /// In hundredths.
        let hours: Int64
    }

    let world: World

    let name = "cas.disbursed_amount_by_instance_hours"
    let header: StaticString = """
        Product,Product Code,Usage Type Description,Rate,User Count,Instance Hours,\
        Solution Title,Solution ID
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.disbursementPeriod(publishedOn: day)
    }

    // Rates are an agreement's own, so each row has one user.
    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        try world.forEachInvoice(paidIn: published + -1) { invoice, slots in
            guard slots.contains(.price), case .usage(let month) = invoice.subject else { return }
            try world.forEachLine(of: invoice) { line in
                var hours: Int64 = 0
                for number in month.first.number...month.last.number {
                    let day = SimulatedDay(number: number)
                    guard invoice.agreement.isMetered(on: day, in: world) else { continue }
                    let usage = Usage(invoice.agreement, line.index, on: day)
                    if case .withdrawn = usage.fate { continue }
                    hours += usage.quantity
                }
                let usage = Usage(invoice.agreement, line.index, on: month.first)
                try body(Row(usage: usage, hours: hours))
            }
        }
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        let agreement = row.usage.agreement
        writer.titleAndCode(agreement.product, in: world)
        writer.charge(row.usage.dimension, in: agreement.customer.market)
        writer.decimal(millionths: row.usage.rate, places: 2)
        writer.integer(1)
        writer.decimal(millionths: row.hours * 10_000, places: 0)
        writer.solution()
    }
}
