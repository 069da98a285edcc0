internal import CZlib

/// A writer of gzip members: content in, compressed bytes out.
///
/// The same content and level give the same bytes, because the header carries neither a time nor a
/// name. Bytes may stay inside until `finish(into:)`, which ends the member; a write after that
/// begins another one.
package struct GzipWriter: ~Copyable {
    /// As `Inflater`'s: calls do not count, and it stays in the second-level cache.
    private static let bufferBytes = 128 << 10
    // 15 is the largest window; 16 more writes gzip's header (zlib.h, deflateInit2).
    private static let windowBits: Int32 = 15 + 16
    // zlib's own default for how much memory it uses, 1 to 9 (zlib.h, deflateInit2).
    private static let memoryLevel: Int32 = 8

    // On the heap: zlib keeps the stream's address and refuses one that has moved.
    private let stream: UnsafeMutablePointer<z_stream>
    private let buffer: UnsafeMutableRawBufferPointer
    private var bytesIn = 0

    /// A writer at the start of a member.
    ///
    /// - Parameter level: from 0, stored, over 1, fastest, to 9, smallest.
    /// - Throws: `GzipError` of kind `zlib` without memory.
    package init(level: Int) throws {
        precondition((0...9).contains(level), "a level from 0 to 9")
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        buffer = .allocate(byteCount: Self.bufferBytes, alignment: 64)
        let code = deflateInit2_(
            stream, Int32(level), Z_DEFLATED, Self.windowBits, Self.memoryLevel,
            Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        // `deinit` does not run for a value that was not made.
        guard code == Z_OK else {
            stream.deallocate()
            buffer.deallocate()
            throw GzipError(.zlib, offset: 0, zlibCode: code, zlibMessage: "deflateInit2")
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
        buffer.deallocate()
    }

    /// Compresses `bytes` and lends to `output` whatever became ready, perhaps nothing.
    ///
    /// Throws `GzipError`, and what `output` throws.
    package mutating func write(
        _ bytes: RawSpan, into output: (RawSpan) throws -> Void
    ) throws {
        try bytes.withUnsafeBytes { content in
            var rest = content[...]
            while !rest.isEmpty {
                // avail_in is 32 bits wide.
                let part = rest.prefix(Int(Int32.max))
                try deflateAll(UnsafeRawBufferPointer(rebasing: part), Z_NO_FLUSH, output)
                bytesIn += part.count
                rest = rest.dropFirst(part.count)
            }
        }
    }

    /// Ends the member and lends its last bytes to `output`.
    ///
    /// Without a write before it, the member is empty. Throws as `write` does.
    package mutating func finish(into output: (RawSpan) throws -> Void) throws {
        try deflateAll(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH, output)
        // It fails only for a stream that was never initialised.
        let code = deflateReset(stream)
        precondition(code == Z_OK, "deflateReset")
    }

    /// Calls deflate until it has room to spare: then it has taken everything.
    private mutating func deflateAll(
        _ content: UnsafeRawBufferPointer, _ flush: Int32, _ output: (RawSpan) throws -> Void
    ) throws {
        // zlib's next_in is not const, but deflate only reads it (zlib.h, ZLIB_CONST).
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: content.baseAddress?.assumingMemoryBound(to: Bytef.self))
        stream.pointee.avail_in = uInt(content.count)
        repeat {
            stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_out = uInt(buffer.count)
            let code = deflate(stream, flush)
            // Z_BUF_ERROR is no error: there was nothing to do (zlib.h, deflate).
            guard code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR else {
                let message = stream.pointee.msg.map { String(cString: $0) } ?? ""
                throw GzipError(.zlib, offset: bytesIn, zlibCode: code, zlibMessage: message)
            }
            let produced = buffer.count - Int(stream.pointee.avail_out)
            if produced > 0 {
                try output(UnsafeRawBufferPointer(rebasing: buffer[..<produced]).bytes)
            }
        } while stream.pointee.avail_out == 0
    }
}
