/// A row of the offer target feed.
struct OfferTargetRow: FeedRow {
    enum Target {
        case buyer(Key)
        case program(StaticString)
        case country(StaticString, isExcluded: Bool)
    }

    let key: Key
    let offer: Offer
    let revision: Int
    let target: Target
    let version: Version

    var isDeleted: Bool { version.deleted != nil }
}

/// The offer target feed: whom each revision of an offer is for; none means everyone.
struct OfferTargetFeed: Feed {
    let world: World

    let name = "sdds.offer_target"
    let folder = "OfferTargetFeed_V1"
    let redeliveryInterval = 3
    let header: StaticString = """
        offer_target_id,offer_id,offer_revision,target_type,polarity,value,catalog,valid_from,\
        insert_date,update_date,delete_date
        """

    typealias Visit = (borrowing OfferTargetRow) throws -> Void

    func forEachChange(on day: SimulatedDay, _ body: Visit) rethrows {
        try world.forEachOfferRevision(on: day) { revision in
            let offer = revision.offer
            for (index, target) in targets(of: offer, revision.revision).enumerated() {
                try body(
                    OfferTargetRow(
                        key: offer.key.child(.target, revision.revision * 16 + index),
                        offer: offer, revision: revision.revision, target: target,
                        version: revision.version))
            }
        }
        try withdrawn(on: day, body)
    }

    // A country that was named by mistake is taken out again.
    private func withdrawn(on day: SimulatedDay, _ body: Visit) rethrows {
        for product in 0..<world.products {
            let offer = world.sharedOffer(of: product)
            guard offer.audience == .countries, offer.revised.map({ $0 + 2 == day }) ?? false
            else { continue }
            let targets = targets(of: offer, 2)
            let written = world.written(offer.key, on: day)
            try body(
                OfferTargetRow(
                    key: offer.key.child(.target, 32 + targets.count - 1), offer: offer,
                    revision: 2, target: targets[targets.count - 1],
                    version: Version(
                        validFrom: (day + -2).midnight + 3_600,
                        inserted: world.written(offer.key, on: day + -2), updated: written,
                        deleted: written)))
        }
    }

    private func targets(of offer: Offer, _ revision: Int) -> [OfferTargetRow.Target] {
        switch offer.audience {
        case .everyone: []
        case .program:
            revision == 1
                ? [.program("FieldDemonstration")]
                : [.program("FieldDemonstration"), .program("EnterpriseContract")]
        case .countries:
            [.country("DE", isExcluded: false), .country("FR", isExcluded: false)]
                + (revision == 1 ? [] : [.country("RU", isExcluded: true)])
        case .buyer:
            // Some are for a second account of the buyer's as well.
            (offer.buyer.map { [.buyer($0)] } ?? [])
                + (offer.key.child(.target).below(6) == 0
                    ? [.buyer(offer.key.child(.account))] : [])
        }
    }

    func write(_ row: borrowing OfferTargetRow, into writer: inout RowWriter) {
        writer.name("target-", row.key, 16)
        writer.offer(row.offer)
        writer.integer(row.revision)
        switch row.target {
        case .buyer(let account):
            writer.quoted("BuyerAccounts")
            writer.quoted("PositiveTargeting")
            writer.accountNumber(account)
        case .program(let program):
            writer.quoted("ParticipatingPrograms")
            writer.quoted("PositiveTargeting")
            writer.quoted(program)
        case .country(let country, let isExcluded):
            writer.quoted("CountryCodes")
            writer.quoted(isExcluded ? "NegativeTargeting" : "PositiveTargeting")
            writer.quoted(country)
        }
        writer.version(row.version, in: world.catalog(of: row.offer.product))
    }
}
