/// CAS "Monthly billed revenue: field demonstration usage": what AWS's people tried out.
struct FieldDemonstrationUsage: Snapshot {
    struct Row {
        let product: Int
        let type: StaticString
        let units: Int
    }

    let world: World

    let name = "cas.monthly_revenue_field_demonstration_usage"
    let header: StaticString = """
        Product Title,Product Code,Instance Type,Usage Units,Usage Unit Types
        """

    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>? {
        world.monthBefore(publication: day)
    }

    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows {
        for product in 0..<world.products where world.sharedOffer(of: product).audience == .program
        {
            let draw = world.product(product).child(.usage, published.month.index)
            try body(Row(product: product, type: "m7g.large", units: 1 + draw.below(500)))
            try body(Row(product: product, type: "c7i.2xlarge", units: draw.child(.row).below(90)))
        }
    }

    func write(_ row: borrowing Row, into writer: inout RowWriter) {
        writer.titleAndCode(row.product, in: world)
        writer.quoted(row.type)
        writer.integer(row.units)
        writer.quoted("Hrs")
    }
}
