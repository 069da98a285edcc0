/// A CAS data set that ended long ago: one old file lies in the bucket.
///
/// AWS has published no columns of these; the titles are made up.
struct EndedSet: Snapshot {
    enum Kind: Int, CaseIterable, Sendable {
        case uncollected
        case industry
        case revenue
        case geography
    }

    struct Row {
        let index: Int
    }

    let world: World
    let kind: Kind

    var name: String {
        switch kind {
        case .uncollected: "cas.disbursed_amount_by_product_with_uncollected_funds"
        case .industry: "cas.customer_profile_by_industry"
        case .revenue: "cas.customer_profile_by_revenue"
        case .geography: "cas.customer_profile_by_geography"
        }
    }

    var header: StaticString {
        switch kind {
        case .uncollected: "Product,SellerRev,Uncollected"
        case .industry: "Industry,Customers"
        case .revenue: "Revenue Band,Customers"
        case .geography: "Country,Customers"
        }
    }

    private var lastPublication: SimulatedDay {
        kind == .uncollected ? SimulatedDay(2015, 1, 15) : SimulatedDay(2017, 6, 15)
    }

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        day == world.start ? (lastPublication + -30)...lastPublication : nil
    }

    func date(of published: SimulatedDay) -> SimulatedDay { lastPublication }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        for index in 0..<3 { try body(Row(index: index)) }
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        let draw = world.root.child(.request, kind.rawValue).child(.row, row.index)
        writer.text(label(row.index))
        writer.integer(1 + draw.below(900))
        if kind == .uncollected { writer.integer(draw.child(.row).below(90)) }
    }

    private func label(_ index: Int) -> String {
        switch kind {
        case .uncollected: Product.titles[index]
        case .industry: ["Retail, wholesale", "Software", "Énergie"][index]
        case .revenue: ["< 1M", "1M–10M", "> 10M"][index]
        case .geography: ["US", "DE", "JP"][index]
        }
    }
}
