internal import CZlib

/// One zlib inflate stream and its output buffer: a member's bytes in, its content out.
struct InflateStream: ~Copyable {
    /// Large enough that calls do not count, small enough to stay in the second-level cache.
    private static let bufferBytes = 128 << 10
    // 15 is the largest window, deflate's own; 16 more asks for gzip alone (zlib.h, inflateInit2).
    private static let windowBits: Int32 = 15 + 16

    // On the heap: zlib keeps the stream's address and refuses one that has moved.
    private let stream: UnsafeMutablePointer<z_stream>
    private let buffer: UnsafeMutableRawBufferPointer

    init() throws {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        buffer = .allocate(byteCount: Self.bufferBytes, alignment: 64)
        let code = inflateInit2_(
            stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        // `deinit` does not run for a value that was not made.
        guard code == Z_OK else {
            let error = GzipError(.zlib, offset: 0, zlibCode: code, zlibMessage: "inflateInit2")
            stream.deallocate()
            buffer.deallocate()
            throw error
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        buffer.deallocate()
    }

    /// What one step did.
    struct Progress {
        var consumed: Int
        var output: UnsafeRawBufferPointer
        /// Whether the member ended and its CRC and length were right.
        var isMemberEnd: Bool
        /// What is wrong, if anything; its offset counts from the step's input.
        var fault: GzipError?
    }

    /// Takes some of `input` and gives at most one buffer of output, valid until the next step.
    mutating func step(_ input: UnsafeRawBufferPointer) -> Progress {
        // avail_in is 32 bits wide.
        let offered = min(input.count, Int(Int32.max))
        // zlib's next_in is not const, but inflate only reads it (zlib.h, ZLIB_CONST).
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: Bytef.self))
        stream.pointee.avail_in = uInt(offered)
        stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: Bytef.self)
        stream.pointee.avail_out = uInt(buffer.count)
        let code = CZlib.inflate(stream, Z_NO_FLUSH)
        let consumed = offered - Int(stream.pointee.avail_in)
        let produced = buffer.count - Int(stream.pointee.avail_out)
        return Progress(
            consumed: consumed,
            output: UnsafeRawBufferPointer(rebasing: buffer[..<produced]),
            isMemberEnd: code == Z_STREAM_END,
            fault: fault(code, offset: consumed))
    }

    /// Makes ready for the next member.
    mutating func reset() {
        // It fails only for a stream that was never initialised.
        let code = inflateReset(stream)
        precondition(code == Z_OK, "inflateReset")
    }

    // Z_BUF_ERROR is no error: there was nothing to do (zlib.h, inflate).
    private func fault(_ code: Int32, offset: Int) -> GzipError? {
        guard code != Z_OK, code != Z_STREAM_END, code != Z_BUF_ERROR else { return nil }
        let message = stream.pointee.msg.map { String(cString: $0) } ?? ""
        let kind: GzipError.Kind =
            switch (code, message) {
            // zlib tells these apart only by its message.
            case (Z_DATA_ERROR, "incorrect data check"): .checksumMismatch
            case (Z_DATA_ERROR, "incorrect length check"): .lengthMismatch
            case (Z_DATA_ERROR, _), (Z_NEED_DICT, _): .corrupt
            default: .zlib
            }
        return GzipError(kind, offset: offset, zlibCode: code, zlibMessage: message)
    }
}
