/// What a key stands for, so that two kinds of things never share random numbers.
enum Stream: UInt64, Sendable {
    case customer = 1
    case product
    case account
    case address
    case agreement
    case phantomAgreement
    case licence
    case offer
    case invoice
    case line
    case event
    case payout
    case payoutLine
    case usage
    case rate
    case reference
    case name
    case file
    case version
    case request
    case row
    case partner
    case target
    case term
    case taxItem
    case legacy
    case contact
    case message
    case adjustment
    case entitlement
    case anomaly
}

/// The identity of a simulated thing, from which all its random numbers follow.
///
/// A key is made from its parent's key and a number, never from a generator's running state:
/// content cannot depend on the order in which things are visited.
struct Key: Hashable, Sendable {
    let bits: UInt64

    init(seed: UInt64) {
        bits = Key.mix(seed ^ 0x5157_1C3A_9E37_79B9)
    }

    private init(bits: UInt64) {
        self.bits = bits
    }

    /// The key of the `index`-th thing of a kind that belongs to this one.
    func child(_ stream: Stream, _ index: Int = 0) -> Key {
        let step = Key.mix(UInt64(truncatingIfNeeded: index) &+ stream.rawValue << 56)
        return Key(bits: Key.mix(bits ^ step))
    }

    /// A second, independent 64 bits, for identifiers that need more.
    var tail: UInt64 { Key.mix(bits &+ 0x9E37_79B9_7F4A_7C15) }

    /// One number below `bound`, the same at every call.
    func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: tail.multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The generator of this thing's properties.
    var random: Random { Random(state: bits) }

    // The finaliser of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom
    // number generators", 2014).
    @inline(__always)
    static func mix(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}

/// SplitMix64.
struct Random {
    private var state: UInt64

    init(state: UInt64) {
        self.state = state
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Key.mix(state)
    }

    /// A number from 0 up to, not including, `bound`.
    mutating func below(_ bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// True once in `count` times.
    mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }
}
