internal import Feeds
internal import Postgres

extension Seller {
    /// Sellers by name; without names all.
    static func chosen(_ names: Set<String>, on postgres: PostgresConnection) throws -> [Seller] {
        let all = try Seller.all(on: postgres)
        if let name = names.subtracting(all.map(\.name)).sorted().first {
            throw CommandFailure(
                .configuration, "there is no seller \(name); see: sluice seller list")
        }
        return all.filter { names.isEmpty || names.contains($0.name) }
    }
}
