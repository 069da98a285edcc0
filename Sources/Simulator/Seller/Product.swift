/// A product of the seller.
struct Product: Sendable {
    let index: Int
    let key: Key
    /// The day of its first row.
    let listed: SimulatedDay

    /// Titles hold what breaks careless readers: commas, quotes, a line break, other scripts.
    static let titles = [
        "Northwind Insight, Enterprise Edition",
        "Log \"Lens\" for Kubernetes",
        "Überwachung & Analyse – Größe M",
        "データ統合ハブ",
        "Vault Backup\nAgent, per host",
        "Metering API",
        "Fournisseur d’identité \"SSO\", rev. 2",
        "Harbour Shield, resold",
    ]

    // Launched while the simulation runs.
    private static let new = 6
    // Made by another company; the seller resells it.
    private static let foreign = 7
    // Sold in another catalog than the rest.
    private static let elsewhere = 3

    init(index: Int, of world: World) {
        self.index = index
        key = world.product(index)
        listed = index == Self.new ? world.start + 9 : SimulatedDay(2018, 3, 1) + 31 * index
    }

    /// The product that an agreement of this day is about.
    static func index(_ draw: Int, on day: SimulatedDay, of world: World) -> Int {
        let index = draw % world.products
        return Product(index: index, of: world).listed <= day ? index : 5
    }

    var title: String { Self.titles[index] }

    /// The day on which one product gets a new title.
    func renamed(in world: World) -> SimulatedDay? { index == 1 ? world.start + 15 : nil }

    /// The day on which a wrong first row of the new product is corrected.
    func corrected(in world: World) -> SimulatedDay? {
        index == Self.new ? world.start + 11 : nil
    }

    /// Whether the seller only resells it.
    var isForeign: Bool { index == Self.foreign }

    var catalog: Catalog { index == Self.elsewhere ? .european : .marketplace }

    /// Who made it.
    func manufacturer(in world: World) -> Key {
        isForeign ? world.partner(.manufacturer) : world.seller
    }

    /// The 25 characters by which metering and entitlements know it.
    var code: Key { key.child(.reference) }

    /// The instant of the first version.
    ///
    /// Facts can be older: the oldest products were recorded anew in 2020.
    var validFrom: Int64 {
        (index == 0 ? SimulatedDay(2020, 4, 1) : listed).midnight
    }
}
