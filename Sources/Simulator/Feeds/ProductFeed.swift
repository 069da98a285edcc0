/// A row of the product feed.
struct ProductRow: FeedRow {
    let product: Product
    let title: String
    let version: Version

    var key: Key { product.key }
    var isDeleted: Bool { false }
}

/// The product feed.
///
/// Products rarely change: most month files hold the header only.
struct ProductFeed: Feed {
    let world: World

    let name = "sdds.product"
    let folder = "ProductFeed_V1"
    let redeliveryInterval = 1
    let header: StaticString = """
        product_id,manufacturer_account_id,product_code,title,catalog,valid_from,insert_date,\
        update_date,delete_date
        """

    func forEachChange(
        on day: SimulatedDay, _ body: (borrowing ProductRow) throws -> Void
    ) rethrows {
        for index in 0..<world.products {
            let product = Product(index: index, of: world)
            if product.listed.stream == day {
                let isWrong = product.corrected(in: world) != nil
                let title = isWrong ? "Untitled" : product.title
                try body(
                    row(product, title, valid: product.validFrom, written: product.listed))
            }
            if product.corrected(in: world) == day {
                try body(row(product, product.title, valid: product.validFrom, written: day))
            }
            if product.renamed(in: world) == day {
                try body(row(product, product.newTitle, valid: day.midnight, written: day))
            }
        }
    }

    private func row(
        _ product: Product, _ title: String, valid: Int64, written: SimulatedDay
    ) -> ProductRow {
        ProductRow(
            product: product, title: title,
            version: Version(
                validFrom: valid, inserted: world.written(product.key, on: product.listed),
                updated: world.written(product.key, on: written)))
    }

    func write(_ row: borrowing ProductRow, into writer: inout RowWriter) {
        writer.name("prod-", row.key, 13)
        writer.guid(row.product.manufacturer(in: world))
        writer.name("", row.key.child(.reference), 25)
        writer.text(row.title)
        writer.version(row.version, in: row.product.catalog)
    }
}

extension Product {
    /// The title after the renaming.
    var newTitle: String { title + ", now with \"Traces\"" }
}
