/// Everything that exists in a simulation, each thing computed when asked for.
///
/// Holds no state beyond the parameters, so a thousand times as many customers need no more
/// memory, and any day can be generated without the days before it.
struct World: Sendable {
    let root: Key
    let start: SimulatedDay
    let customers: Int
    let products: Int
    let hasAnomalies: Bool

    init(_ parameters: SimulationParameters) {
        root = Key(seed: parameters.seed)
        start = parameters.start
        customers = parameters.scale == 0 ? 10 : 40 * parameters.scale
        products = Product.titles.count
        hasAnomalies = parameters.hasAnomalies
    }

    /// The account that owns the feeds.
    var seller: Key { root.child(.account, 0) }

    /// The account of an AWS entity, to which fees go.
    func aws(_ broker: Broker) -> Key { root.child(.account, 1 + broker.rawValue) }

    /// The day of the seller's own first rows.
    static let founded = SimulatedDay(2016, 5, 2)

    /// The address of the seller's or a partner's account.
    func address(of account: Key) -> Key { account.child(.address) }

    /// The account of a company that sells with the seller.
    func partner(_ partner: Partner) -> Key { root.child(.partner, partner.rawValue) }

    func product(_ index: Int) -> Key { root.child(.product, index) }

    func catalog(of product: Int) -> Catalog { Product(index: product, of: self).catalog }

    func forEachCustomer(_ body: (Customer) throws -> Void) rethrows {
        for index in 0..<customers { try body(Customer(index: index, of: self)) }
    }

    /// The instant at which a change of `day` is written to the feeds.
    ///
    /// Later than any business event of that day would need; always within the day.
    func written(_ key: Key, on day: SimulatedDay) -> Int64 {
        day.midnight + 36_000 + Int64(key.child(.version, day.number).below(46_000))
    }
}
