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
        let simulation = Simulation(
            SimulationParameters(seed: 7, months: 1, days: 3, scale: 0))
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

/// Random numbers that a seed repeats: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
