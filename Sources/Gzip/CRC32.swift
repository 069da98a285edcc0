internal import CZlib

/// The CRC-32 of gzip and of S3's `x-amz-checksum-crc32` (RFC 1952, section 8), as bytes arrive.
package struct CRC32: Equatable, Sendable {
    /// The checksum of everything so far; 0 of nothing.
    package private(set) var value: UInt32 = 0

    /// A checksum of nothing yet.
    package init() {}

    /// Takes more bytes in.
    package mutating func update(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { bytes in
            // zlib takes a null pointer as a request for the initial value.
            guard let base = bytes.baseAddress else { return }
            value = UInt32(
                truncatingIfNeeded: crc32_z(
                    uLong(value), base.assumingMemoryBound(to: Bytef.self), bytes.count))
        }
    }
}
