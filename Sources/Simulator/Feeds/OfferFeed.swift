/// A row of the offer feed.
struct OfferRow: FeedRow {
    let offer: Offer
    let revision: Int
    let name: String?
    let version: Version

    var key: Key { offer.key }
    var isDeleted: Bool { version.deleted != nil }
}

/// A revision of an offer, which offer, offer product and offer target rows are about.
struct OfferRevision {
    let offer: Offer
    let revision: Int
    let day: SimulatedDay
    let version: Version
}

extension World {
    /// The offer revisions that are recorded, or withdrawn, on a day.
    func forEachOfferRevision(
        on day: SimulatedDay, _ body: (OfferRevision) throws -> Void
    ) rethrows {
        try forEachOffer { offer in
            var version = Version(
                validFrom: offer.validFrom, inserted: written(offer.key, on: offer.listed))
            if offer.listed.stream == day {
                try body(
                    OfferRevision(offer: offer, revision: 1, day: offer.listed, version: version))
            }
            if offer.withdrawn == day {
                version.updated = written(offer.key, on: day)
                version.deleted = version.updated
                try body(OfferRevision(offer: offer, revision: 1, day: day, version: version))
            }
            if offer.revised == day {
                let version = Version(
                    validFrom: day.midnight + 3_600, inserted: written(offer.key, on: day))
                try body(OfferRevision(offer: offer, revision: 2, day: day, version: version))
            }
        }
    }
}

/// The offer feed.
struct OfferFeed: Feed {
    let world: World

    let name = "sdds.offer"
    let folder = "OfferFeed_V1"
    let redeliveryInterval = 3
    let header: StaticString = """
        offer_id,offer_revision,name,expiration_date,opportunity_id,opportunity_name,\
        opportunity_description,seller_account_id,recipient_account_id,catalog,valid_from,\
        insert_date,update_date,delete_date
        """

    typealias Visit = (borrowing OfferRow) throws -> Void

    func forEachChange(on day: SimulatedDay, _ body: Visit) rethrows {
        try world.forEachOfferRevision(on: day) { revision in
            guard !world.isLost(revision.offer) else { return }
            let name = revision.offer.name(of: revision.revision)
            let isWrong = revision.offer.isMisnamed && revision.revision == 1
            try body(
                OfferRow(
                    offer: revision.offer, revision: revision.revision,
                    name: isWrong ? "Draft" : name, version: revision.version))
        }
        try world.forEachOffer { offer in
            guard offer.isMisnamed, offer.listed + 1 == day, !world.isLost(offer) else { return }
            try body(
                OfferRow(
                    offer: offer, revision: 1, name: offer.name(of: 1),
                    version: Version(
                        validFrom: offer.validFrom,
                        inserted: world.written(offer.key, on: offer.listed),
                        updated: world.written(offer.key, on: day))))
        }
    }

    func write(_ row: borrowing OfferRow, into writer: inout RowWriter) {
        let offer = row.offer
        writer.offer(offer)
        writer.integer(row.revision)
        if let name = row.name { writer.text(name) } else { writer.empty() }
        if offer.audience == .buyer {
            writer.instant((offer.listed + 45).midnight + 86_399)
        } else {
            writer.word("9999-01-01T00:00:00Z")
        }
        writer.opportunity(offer)
        // Offers from before 2020 name no seller.
        if offer.listed <= SimulatedDay.historyEnd, offer.channel == .direct {
            writer.empty()
        } else {
            writer.guid(offer.channel.proposer(in: world))
        }
        writer.guid(world.seller)
        writer.version(row.version, in: world.catalog(of: offer.product))
    }
}

extension Offer {
    /// One private offer in fifteen is recorded under a wrong name first.
    fileprivate var isMisnamed: Bool {
        audience == .buyer && withdrawn == nil && key.child(.name).below(15) == 0
            && listed > SimulatedDay.historyEnd
    }
}

extension RowWriter {
    /// The resale authorization of a channel sale, its name and its text.
    fileprivate mutating func opportunity(_ offer: Offer) {
        guard let opportunity = offer.opportunity else {
            for _ in 0..<3 { empty() }
            return
        }
        name("resaleauthz-", opportunity, 13)
        opportunityTexts(offer)
    }

    /// The name and the description of a channel sale's resale authorization.
    mutating func opportunityTexts(_ offer: Offer) {
        guard let opportunity = offer.opportunity else {
            empty()
            return empty()
        }
        text("Resale \(opportunity.below(900) + 100), \"channel\"")
        if opportunity.bits & 3 == 0 { empty() } else { text("For one deal,\nuntil it is closed") }
    }
}
