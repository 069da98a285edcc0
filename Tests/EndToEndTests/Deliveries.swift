import Simulator

/// An object as it lies in a seller's bucket after a delivery.
struct DeliveredObject: Sendable {
    let key: String
    let bytes: [UInt8]

    init(key: String, bytes: [UInt8]) {
        self.key = key
        self.bytes = bytes
    }

    init(_ file: SimulatedFile) throws {
        var bytes: [UInt8] = []
        try file.write { span in span.withUnsafeBytes { bytes += $0 } }
        self.init(key: file.key, bytes: bytes)
    }

    var isMetadata: Bool { key.hasSuffix(".meta.json") }
    /// Whether it is a data set of CAS and no month of SDDS.
    var isSnapshot: Bool { !key.contains("/year=") }
}

/// Deliveries of a tiny seller, made once for all tests.
enum Deliveries {
    /// What each of the first three days writes, or writes anew.
    static let days = Result {
        var parameters = SimulationParameters(seed: 7, months: 1, days: 3, scale: 0)
        parameters.feeds = SimulationParameters.essentialFeeds
        let simulation = Simulation(parameters)
        return try simulation.days.map { try simulation.changed(on: $0).map(DeliveredObject.init) }
    }

    /// Everything in the bucket after those days.
    static let last = Result {
        var objects: [String: DeliveredObject] = [:]
        for object in try days.get().joined() { objects[object.key] = object }
        return objects.values.sorted { $0.key < $1.key }
    }

    /// A plain month of billing events, of so many rows of some 480 bytes.
    static func billing(rows: Int) throws -> DeliveredObject {
        try DeliveredObject(BillingRows(count: rows).file(isCompressed: false))
    }
}
