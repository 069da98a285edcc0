/// The catalog that something is sold in.
///
/// Identifiers are unique within one only; the simulator reuses none.
enum Catalog: Sendable {
    case marketplace
    /// A second one, of an invented name.
    case european

    var name: StaticString {
        switch self {
        case .marketplace: "AWSMarketplace"
        case .european: "AWSMarketplaceEU"
        }
    }
}
