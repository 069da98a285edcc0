internal import Foundation

/// Standard output for much text: collected into large writes.
struct StandardOutput: ~Copyable {
    /// Nobody reads any more: `sluice report sales | head`.
    struct IsClosed: Error {}

    private var waiting: [UInt8] = []
    private static let writeBytes = 1 << 16

    init() {
        waiting.reserveCapacity(2 * Self.writeBytes)
    }

    /// Adds bytes.
    ///
    /// - Throws: ``IsClosed``, or ``CommandFailure`` when they cannot be written, as on a full disk.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        waiting.append(contentsOf: bytes)
        if waiting.count >= Self.writeBytes { try flush() }
    }

    /// Adds a line.
    mutating func write(line: String) throws {
        waiting.append(contentsOf: line.utf8)
        waiting.append(UInt8(ascii: "\n"))
        if waiting.count >= Self.writeBytes { try flush() }
    }

    /// Writes what is left.
    mutating func flush() throws {
        var written = 0
        while written < waiting.count {
            let count = waiting.withUnsafeBytes {
                Glibc.write(STDOUT_FILENO, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            let error = errno
            if count > 0 {
                written += count
            } else if error == EPIPE {
                throw IsClosed()
            } else if error != EINTR {
                throw CommandFailure(
                    .unavailable, "standard output: \(String(cString: strerror(error)))")
            }
        }
        waiting.removeAll(keepingCapacity: true)
    }
}
