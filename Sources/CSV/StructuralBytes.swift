/// The four bytes of CSV that mean something; every other byte is only a field's content.
enum StructuralBytes {
    static let quote = UInt8(ascii: "\"")
    static let comma = UInt8(ascii: ",")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")

    /// Bytes that `bitmap(at:)` looks at, and so the width of its answer in bits.
    static let blockBytes = 64

    /// Which of the 64 bytes at `block` are structural: bit n stands for byte n.
    ///
    /// Plain 64-bit arithmetic: Swift 6.3 compiles comparisons of its SIMD types byte by byte on
    /// x86-64, a hundred times slower than this, which the optimiser turns into vector code.
    @inline(__always)
    static func bitmap(at block: UnsafeRawPointer) -> UInt64 {
        var bits: UInt64 = 0
        for word in 0..<8 {
            let bytes = block.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self)
            bits |= mask(UInt64(littleEndian: bytes)) << UInt64(truncatingIfNeeded: word &* 8)
        }
        return bits
    }

    /// Which of the `count` bytes at `block` are structural, for an end shorter than a block.
    static func bitmap(at block: UnsafeRawPointer, count: Int) -> UInt64 {
        var bits: UInt64 = 0
        for index in 0..<count {
            let byte = block.load(fromByteOffset: index, as: UInt8.self)
            if byte == quote || byte == comma || byte == lineFeed || byte == carriageReturn {
                bits |= 1 << UInt64(index)
            }
        }
        return bits
    }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let low7: UInt64 = 0x7f7f_7f7f_7f7f_7f7f

    /// Eight bytes to eight bits, the first byte to the lowest.
    @inline(__always)
    private static func mask(_ word: UInt64) -> UInt64 {
        let others =
            differs(word, quote) & differs(word, comma) & differs(word, lineFeed)
            & differs(word, carriageReturn)
        // The product moves the top bit of byte n to bit 56 + n; no two of its sums collide.
        return (((~others & ~low7) >> 7) &* 0x0102_0408_1020_4080) >> 56
    }

    /// Sets the top bit of every byte that is not `value`, exactly: no carry crosses a byte.
    @inline(__always)
    private static func differs(_ word: UInt64, _ value: UInt8) -> UInt64 {
        let difference = word ^ (UInt64(value) &* ones)
        return ((difference & low7) &+ low7) | difference
    }
}
