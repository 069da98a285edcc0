/// One billing event file of any number of rows, for benchmarks.
///
/// Row n depends on the seed and n only: a longer file begins with the shorter one's bytes.
package struct BillingRows: FileContent {
    /// Rows after the header.
    package let count: Int
    private let root: Key

    /// A file of `count` rows, chosen by `seed`.
    package init(count: Int, seed: UInt64 = 1) {
        self.count = count
        root = Key(seed: seed)
    }

    /// Lends header and rows to `sink`, piece by piece.
    ///
    /// Throws what `sink` throws.
    package func write(into sink: ByteSink) throws {
        _ = try write(into: sink, endDay: {})
    }

    func write(into sink: ByteSink, endDay: () throws -> Void) throws -> Int {
        var writer = RowWriter()
        writer.line(BillingEventEncoding.header)
        for index in 0..<count {
            BillingEventEncoding.write(row(index), into: &writer)
            try writer.endRow(into: sink)
        }
        try writer.flush(into: sink)
        return writer.rows
    }

    /// The rows as an object of the bucket.
    package func file(isCompressed: Bool) -> SimulatedFile {
        SimulatedFile(
            key: "BillingEventFeed_V1/year=2026/month=01/data.csv", feed: "sdds.billing_event",
            day: SimulatedDay(2026, 1, 31), isCompressed: isCompressed, isMetadata: false,
            content: self, hasManyMembers: false)
    }

    // Before April 2021 rows lacked agreement and offer, and were as long as is usual here.
    private static let firstDay = SimulatedDay(2020, 6, 1)
    private static let rowsPerDay = 40_000

    // Sales and fees in turn, half invoiced and half paid out.
    private func row(_ index: Int) -> BillingEvent {
        let key = root.child(.row, index)
        let day = Self.firstDay + index / Self.rowsPerDay
        let seconds = day.midnight + Int64(index % 86_400)
        let amount = Money(millionths: Int64(key.below(90_000_000)) * 10_000)
        let isFee = index % 2 == 1
        let seller = root.child(.account, 0)
        let customer = root.child(.customer, index / 4 % 5_000)
        let isPaid = index / 2 % 2 == 1
        return BillingEvent(
            key: key, action: isPaid ? .disbursed : .invoiced, kind: isFee ? .fee : .price,
            from: isFee ? seller : customer, to: isFee ? root : seller,
            parent: nil, disbursement: isPaid ? root.child(.payout, day.number) : nil,
            amount: isFee == isPaid ? amount : -amount, currency: .usd, payout: nil,
            isCounting: !isPaid, invoiceSeconds: seconds, actionSeconds: seconds,
            broker: .incorporated, recipient: seller,
            sale: sale(index, customer, seconds, isFee: isFee),
            bank: nil, version: Version(validFrom: seconds, inserted: seconds + 60),
            productIndex: nil)
    }

    private func sale(
        _ index: Int, _ customer: Key, _ seconds: Int64, isFee: Bool
    ) -> BillingEvent.Sale {
        let line = root.child(.line, index / 4)
        return BillingEvent.Sale(
            endUser: nil, product: root.child(.product, index / 4 % 20),
            offer: line.child(.offer), agreement: customer.child(.agreement),
            address: customer.child(.address), invoice: root.child(.invoice, index / 12),
            buyerInvoice: root.child(.invoice, index / 12), buyerInvoiceSeconds: seconds,
            reference: line.child(.reference), line: line,
            period: index / 4 % 4 > 0 ? nil : (seconds - 2_678_400, seconds - 1),
            dueSeconds: seconds + 2_592_000, charge: isFee ? .listingFee : nil)
    }
}
