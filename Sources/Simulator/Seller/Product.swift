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
    ]

    init(index: Int, of world: World) {
        self.index = index
        key = world.product(index)
        // The last one is launched while the simulation runs.
        let isNew = index == Self.titles.count - 1
        listed = isNew ? world.start + 9 : SimulatedDay(2018, 3, 1) + 31 * index
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
        index == Self.titles.count - 1 ? world.start + 11 : nil
    }
}
