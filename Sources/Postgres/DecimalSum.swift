/// An exact sum of numerics, of any scale, as the server's `sum(numeric)` would print it.
///
/// A sum per power of 10000 is kept and carried over only at the end, so that adding costs no more
/// than reading the digits. NaN and the infinities stay visible as in the server.
package struct DecimalSum: Sendable, Equatable, CustomStringConvertible {
    /// Sums of base-10000 digits; each addition adds less than 10000, so Int64 lasts for 10^14.
    private var sums: [Int64]
    /// Power of 10000 of `sums[0]`.
    private var lowest: Int
    private var displayScale = 0
    private var hasNaN = false
    private var hasPositiveInfinity = false
    private var hasNegativeInfinity = false

    /// Makes zero, with room for the usual amounts.
    package init() {
        sums = Array(repeating: 0, count: 10)
        lowest = -5
    }

    /// Adds the binary form of a numeric, as `BinaryRow` has just written it.
    package mutating func add(encoded: RawSpan) {
        encoded.withUnsafeBytes { bytes in add(bytes) }
    }

    /// Adds another sum.
    package mutating func add(_ other: DecimalSum) {
        displayScale = max(displayScale, other.displayScale)
        hasNaN = hasNaN || other.hasNaN
        hasPositiveInfinity = hasPositiveInfinity || other.hasPositiveInfinity
        hasNegativeInfinity = hasNegativeInfinity || other.hasNegativeInfinity
        makeRoom(from: other.lowest, through: other.lowest + other.sums.count - 1)
        for (index, sum) in other.sums.enumerated() {
            sums[index + other.lowest - lowest] += sum
        }
        carry()
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count >= 8, "not the binary form of a numeric")
        let count = Int(word(bytes, 0))
        let weight = Int(Int16(bitPattern: word(bytes, 1)))
        switch word(bytes, 2) {
        case 0x0000: addDigits(bytes, count, weight, sign: 1)
        case 0x4000: addDigits(bytes, count, weight, sign: -1)
        case 0xD000: hasPositiveInfinity = true
        case 0xF000: hasNegativeInfinity = true
        default: hasNaN = true
        }
        displayScale = max(displayScale, Int(word(bytes, 3)))
    }

    private mutating func addDigits(
        _ bytes: UnsafeRawBufferPointer, _ count: Int, _ weight: Int, sign: Int64
    ) {
        precondition(bytes.count == 8 + 2 * count, "not the binary form of a numeric")
        guard count > 0 else { return }
        makeRoom(from: weight - count + 1, through: weight)
        for digit in 0..<count {
            sums[weight - digit - lowest] += sign * Int64(word(bytes, 4 + digit))
        }
    }

    @inline(__always)
    private func word(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt16 {
        UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
    }

    @inline(__always)
    private mutating func makeRoom(from first: Int, through last: Int) {
        if first < lowest || last >= lowest + sums.count { grow(from: first, through: last) }
    }

    private mutating func grow(from first: Int, through last: Int) {
        if first < lowest {
            sums.insert(contentsOf: repeatElement(0, count: lowest - first), at: 0)
            lowest = first
        }
        let missing = last - (lowest + sums.count) + 1
        if missing > 0 { sums.append(contentsOf: repeatElement(0, count: missing)) }
    }

    /// Brings every sum but the highest into 0..<10000; the highest keeps the sign.
    private mutating func carry() {
        var carried: Int64 = 0
        for index in sums.indices {
            let sum = sums[index] + carried
            carried = sum >= 0 ? sum / 10_000 : -((9_999 - sum) / 10_000)
            sums[index] = sum - carried * 10_000
        }
        while carried != 0 && carried != -1 {
            let rest = carried >= 0 ? carried / 10_000 : -((9_999 - carried) / 10_000)
            sums.append(carried - rest * 10_000)
            carried = rest
        }
        if carried == -1 { sums[sums.count - 1] -= 10_000 }
    }
}

extension DecimalSum {
    /// The exact sum, with as many decimals as the addend that had most.
    package var description: String {
        if hasNaN || (hasPositiveInfinity && hasNegativeInfinity) { return "NaN" }
        if hasPositiveInfinity { return "Infinity" }
        if hasNegativeInfinity { return "-Infinity" }
        var carried = self
        carried.carry()
        let isNegative = (carried.sums.last { $0 != 0 } ?? 0) < 0
        if isNegative {
            carried.sums = carried.sums.map { -$0 }
            carried.carry()
        }
        return (isNegative ? "-" : "") + carried.wholes + carried.decimals
    }

    /// Whether two sums have the same value and print the same.
    package static func == (left: DecimalSum, right: DecimalSum) -> Bool {
        left.description == right.description
    }

    private var wholes: String {
        var text = ""
        for power in stride(from: lowest + sums.count - 1, through: 0, by: -1) {
            text += text.isEmpty ? (digit(power) == 0 ? "" : "\(digit(power))") : four(power)
        }
        return text.isEmpty ? "0" : text
    }

    private var decimals: String {
        guard displayScale > 0 else { return "" }
        var text = ""
        for power in 1...(displayScale + 3) / 4 { text += four(-power) }
        return "." + text.prefix(displayScale)
    }

    private func digit(_ power: Int) -> Int64 {
        let index = power - lowest
        return sums.indices.contains(index) ? sums[index] : 0
    }

    private func four(_ power: Int) -> String {
        let digits = String(digit(power))
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
