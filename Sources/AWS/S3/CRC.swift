/// A cyclic redundancy check over bytes that come in pieces.
///
/// Eight bytes a step by eight tables ("slicing by 8"); a 32-bit check runs in the low half
/// of the same 64-bit register.
struct CRC {
    /// Reflected polynomial and width, from the CRC catalogue: the initial value and the final
    /// exclusive-or are all ones for each of these.
    enum Kind: UInt64 {
        /// CRC-32/ISO-HDLC.
        case crc32 = 0xEDB8_8320
        /// CRC-32/ISCSI.
        case crc32c = 0x82F6_3B78
        /// CRC-64/NVME.
        case crc64nvme = 0x9A6C_9329_AC4B_C9B5

        var byteCount: Int { self == .crc64nvme ? 8 : 4 }
    }

    private let kind: Kind
    private let tables: [UInt64]
    private let ones: UInt64
    private var register: UInt64

    init(_ kind: Kind) {
        self.kind = kind
        tables = CRC.tables(kind.rawValue)
        ones = kind.byteCount == 8 ? .max : 0xFFFF_FFFF
        register = ones
    }

    /// Takes in the next bytes.
    mutating func update(_ bytes: borrowing RawSpan) {
        register = bytes.withUnsafeBytes { bytes in
            tables.withUnsafeBufferPointer { CRC.advance(register, bytes, $0) }
        }
    }

    /// The check of all bytes so far, most significant byte first.
    var bytes: [UInt8] {
        let value = register ^ ones
        return (0..<kind.byteCount).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private static func advance(
        _ start: UInt64, _ bytes: UnsafeRawBufferPointer, _ tables: UnsafeBufferPointer<UInt64>
    ) -> UInt64 {
        var register = start
        var index = 0
        while index + 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            register ^= UInt64(littleEndian: word)
            var next: UInt64 = 0
            for slice in 0..<8 {
                let byte = Int(truncatingIfNeeded: register >> (slice &* 8)) & 0xFF
                next ^= tables[(7 &- slice) &* 256 &+ byte]
            }
            register = next
            index &+= 8
        }
        while index < bytes.count {
            let byte = Int(truncatingIfNeeded: register ^ UInt64(bytes[index])) & 0xFF
            register = tables[byte] ^ (register >> 8)
            index &+= 1
        }
        return register
    }

    // Table n holds what a byte does to the register n bytes later.
    private static func tables(_ polynomial: UInt64) -> [UInt64] {
        var tables: [UInt64] = (0..<256).map { byte in
            (0..<8).reduce(UInt64(byte)) { value, _ in
                value & 1 == 1 ? (value >> 1) ^ polynomial : value >> 1
            }
        }
        for index in 256..<2048 {
            let before = tables[index - 256]
            tables.append((before >> 8) ^ tables[Int(before & 0xFF)])
        }
        return tables
    }
}
