/// What an agreement is an acceptance of.
struct Offer: Sendable {
    /// Whom an offer is for; the targets of its revisions say so.
    enum Audience: Sendable {
        case everyone
        case buyer
        case program
        case countries
    }

    let key: Key
    let product: Int
    let audience: Audience
    let channel: Channel
    /// Made up by AWS where none is known: the id begins with `aiqoffer-`.
    var isPlaceholder = false
    /// The day of the first revision's row.
    let listed: SimulatedDay
    /// The instant of the first revision; can be after the acceptance.
    let validFrom: Int64
    /// The day of the second revision.
    let revised: SimulatedDay?
    /// The account that a private offer is for.
    var buyer: Key?
    /// The day on which an offer that was recorded by mistake is deleted.
    var withdrawn: SimulatedDay?

    var isShared: Bool { audience != .buyer && !isPlaceholder }

    /// The name of a revision; shared offers have none at first.
    func name(of revision: Int) -> String? {
        guard !isShared else { return revision == 1 ? nil : "List price, \"2026\"" }
        guard !isPlaceholder else { return nil }
        return "Private offer \(key.below(9000) + 1000), \(CompanyName.of(key))"
            + (revision == 1 ? "" : " (amended)")
    }

    /// The resale authorization of a channel sale.
    var opportunity: Key? { channel == .direct ? nil : key.child(.partner) }

    /// The set that the offer is one of.
    var set: Key? {
        audience == .buyer && key.child(.reference).below(5) == 0 ? key.child(.reference) : nil
    }

    /// Some offers are for two products.
    var hasSecondProduct: Bool { audience == .buyer && key.child(.product).below(7) == 0 }

    /// The revision that an acceptance of a day accepts.
    func revision(on day: SimulatedDay) -> Int {
        revised.map { $0 <= day } ?? false ? 2 : 1
    }
}

extension World {
    /// The offer of a product that everyone, or a whole audience, can accept.
    func sharedOffer(of product: Int) -> Offer {
        let audience: Offer.Audience =
            switch product {
            case 2: .countries
            case 5: .program
            default: .everyone
            }
        let listing = Product(index: product, of: self)
        return Offer(
            key: listing.key.child(.offer), product: product, audience: audience,
            channel: listing.isForeign ? .reselling : .direct, listed: listing.listed,
            validFrom: listing.listed.midnight + 7_200,
            revised: (product % 2 == 0 || product == 5) && listing.listed < start
                ? start + 12 + product : nil)
    }

    /// The offers of the products, then those made for one buyer.
    func forEachOffer(_ body: (Offer) throws -> Void) rethrows {
        for product in 0..<products { try body(sharedOffer(of: product)) }
        try forEachCustomer { customer in
            try forEachAgreement(of: customer) { agreement in
                if !agreement.offer.isShared { try body(agreement.offer) }
            }
            if let phantom = phantom(of: customer) { try body(phantom.offer) }
        }
    }
}

extension RowWriter {
    mutating func offer(_ offer: Offer) { offerID(offer.key, isPlaceholder: offer.isPlaceholder) }

    mutating func offerID(_ key: Key, isPlaceholder: Bool) {
        name(isPlaceholder ? "aiqoffer-" : "offer-", key, 13)
    }
}
