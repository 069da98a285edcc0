internal import Crypto
internal import FoundationEssentials

/// The checksum of a whole object, computed while its bytes pass by.
///
/// Source: Amazon S3 User Guide, "Checking object integrity".
struct S3Checksum {
    /// The cheapest to compute first; the names are those of the `x-amz-checksum-` headers.
    static let algorithms = ["crc64nvme", "crc32c", "crc32", "sha1", "sha256"]

    let algorithm: String
    /// Base64, as S3 gave it.
    let expected: String
    private var state: State

    private enum State {
        case crc(CRC)
        case sha1(Insecure.SHA1)
        case sha256(SHA256)
    }

    /// The first checksum among those given that covers the whole object; nil if none does.
    ///
    /// A checksum of an object's parts is told by its type or by `-n` at its end.
    init?(_ checksums: [String: String], type: String?) {
        guard type != "COMPOSITE" else { return nil }
        for algorithm in Self.algorithms {
            guard let expected = checksums[algorithm], !expected.contains("-") else { continue }
            self.algorithm = algorithm
            self.expected = expected
            state = Self.start(algorithm)
            return
        }
        return nil
    }

    mutating func update(_ bytes: borrowing RawSpan) {
        switch state {
        case .crc(var crc):
            crc.update(bytes)
            state = .crc(crc)
        case .sha1(var hash):
            bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
            state = .sha1(hash)
        case .sha256(var hash):
            bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
            state = .sha256(hash)
        }
    }

    /// Base64 of the checksum of all bytes so far.
    var computed: String {
        switch state {
        case .crc(let crc): Data(crc.bytes).base64EncodedString()
        case .sha1(let hash): Data(hash.finalize()).base64EncodedString()
        case .sha256(let hash): Data(hash.finalize()).base64EncodedString()
        }
    }

    private static func start(_ algorithm: String) -> State {
        switch algorithm {
        case "crc32": .crc(CRC(.crc32))
        case "crc32c": .crc(CRC(.crc32c))
        case "crc64nvme": .crc(CRC(.crc64nvme))
        case "sha1": .sha1(Insecure.SHA1())
        default: .sha256(SHA256())
        }
    }
}
