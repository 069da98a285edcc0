/// A company that the seller sells through, or for.
enum Partner: Int, CaseIterable, Sendable {
    case firstReseller
    case secondReseller
    case manufacturer

    var name: String {
        switch self {
        case .firstReseller: "Fjordlys Reselling, \"Channel\" Oyj"
        case .secondReseller: "Camino Partners, LLC"
        case .manufacturer: "Harbour Shield Ltd."
        }
    }

    var market: Market {
        switch self {
        case .firstReseller: .ireland
        case .secondReseller, .manufacturer: .unitedStates
        }
    }
}

/// The way of a sale from the manufacturer to the buyer.
enum Channel: Hashable, Sendable {
    /// From the seller to the buyer.
    case direct
    /// Through a reseller: the seller is the manufacturer and earns the wholesale price.
    case resold(by: Partner)
    /// The seller resells another company's product and bears the wholesale cost.
    case reselling

    /// The wholesale share of the buyer's price, in hundredths of a percent.
    static let wholesaleBasisPoints: Int64 = 8000

    /// The account that proposes: the seller of record.
    func proposer(in world: World) -> Key {
        if case .resold(let partner) = self { return world.partner(partner) }
        return world.seller
    }
}
