/// A row of the legacy id mapping feed.
struct LegacyMappingRow: FeedRow {
    enum Subject {
        case product(Int)
        case offer(Offer)
    }

    let subject: Subject
    /// The old identifier.
    let key: Key
    let catalog: Catalog
    let version: Version

    var isDeleted: Bool { false }
}

/// The legacy id mapping feed: the old identifiers of the oldest products and their offers.
struct LegacyMappingFeed: Feed {
    let world: World

    let name = "sdds.legacy_id_mapping"
    let folder = "LegacyIdMappingFeed_V1"
    let redeliveryInterval = 1
    let header: StaticString = """
        mapping_type,legacy_id,new_id,catalog,valid_from,insert_date,update_date,delete_date
        """

    private static let mapped = 4

    func forEachChange(
        on day: SimulatedDay, _ body: (borrowing LegacyMappingRow) throws -> Void
    ) rethrows {
        // One mapping was made up for while the simulation runs.
        for index in 0..<Self.mapped {
            let made = index == Self.mapped - 1 ? world.start + 16 : SimulatedDay(2019, 11, 4)
            guard made.stream == day else { continue }
            let offer = world.sharedOffer(of: index)
            let product = Product(index: index, of: world)
            try body(row(.product(index), product.legacy, product, on: made))
            try body(row(.offer(offer), offer.key.child(.legacy), product, on: made))
        }
    }

    private func row(
        _ subject: LegacyMappingRow.Subject, _ legacy: Key, _ product: Product,
        on day: SimulatedDay
    ) -> LegacyMappingRow {
        LegacyMappingRow(
            subject: subject, key: legacy, catalog: product.catalog,
            version: Version(validFrom: day.midnight, inserted: world.written(legacy, on: day)))
    }

    func write(_ row: borrowing LegacyMappingRow, into writer: inout RowWriter) {
        switch row.subject {
        case .product(let index):
            writer.quoted("PRODUCT")
            writer.guid(row.key)
            writer.name("prod-", world.product(index), 13)
        case .offer(let offer):
            writer.quoted("OFFER")
            writer.guid(row.key)
            writer.offer(offer)
        }
        writer.version(row.version, in: row.catalog)
    }
}

extension Product {
    /// The identifier of old reports.
    var legacy: Key { key.child(.legacy) }
}
