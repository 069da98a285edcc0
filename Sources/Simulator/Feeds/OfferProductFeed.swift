/// A row of the offer product feed.
struct OfferProductRow: FeedRow {
    let offer: Offer
    let revision: Int
    let product: Int
    let version: Version

    var key: Key { offer.key }
    var isDeleted: Bool { version.deleted != nil }
}

/// The offer product feed: what each revision of an offer offers.
struct OfferProductFeed: Feed {
    let world: World

    let name = "sdds.offer_product"
    let folder = "OfferProductFeed_V1"
    let redeliveryInterval = 3
    let header: StaticString = """
        offer_id,offer_revision,product_id,valid_from,insert_date,update_date,delete_date
        """

    func forEachChange(
        on day: SimulatedDay, _ body: (borrowing OfferProductRow) throws -> Void
    ) rethrows {
        try world.forEachOfferRevision(on: day) { revision in
            let offer = revision.offer
            try body(
                OfferProductRow(
                    offer: offer, revision: revision.revision, product: offer.product,
                    version: revision.version))
            guard offer.hasSecondProduct else { return }
            // A second later: readers resolve by offer and instant, without the product.
            var version = revision.version
            version.validFrom += 1
            try body(
                OfferProductRow(
                    offer: offer, revision: revision.revision,
                    product: offer.product == 4 ? 5 : 4, version: version))
        }
    }

    func write(_ row: borrowing OfferProductRow, into writer: inout RowWriter) {
        writer.offer(row.offer)
        writer.integer(row.revision)
        writer.name("prod-", world.product(row.product), 13)
        writer.history(row.version)
    }
}
