/// Text of a text: valid UTF-8 without NUL, as the server wants it, and otherwise untouched.
///
/// Narrower than the server: at most 256 MiB, so that a row stays far below its limit of 1 GiB.
enum Text {
    static let bytesMax = 1 << 28

    @inline(__always)
    static func encode(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        let count = text.count
        guard count >= 8 else { return try encodeShort(text, to: output) }
        guard count <= bytesMax else { throw .tooLong }
        var index = 0
        while index &+ 8 < count {
            guard copyPlain(text, index, to: output) else {
                return try encodeAny(text, from: index, to: output)
            }
            index &+= 8
        }
        // The last eight bytes overlap the ones before.
        guard copyPlain(text, count &- 8, to: output) else {
            return try encodeAny(text, from: index, to: output)
        }
        return count
    }

    /// Encodes one to seven bytes, reading some of them twice.
    @inline(__always)
    private static func encodeShort(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        let count = text.count
        if count >= 4 {
            let first = text.loadUnaligned(as: UInt32.self)
            let last = text.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            output.storeBytes(of: first, as: UInt32.self)
            output.storeBytes(of: last, toByteOffset: count &- 4, as: UInt32.self)
            if isPlain(UInt64(first) | UInt64(last) << 32) { return count }
        } else {
            let middle = text[count >> 1]
            let last = text[count &- 1]
            output.storeBytes(of: text[0], as: UInt8.self)
            output.storeBytes(of: middle, toByteOffset: count >> 1, as: UInt8.self)
            output.storeBytes(of: last, toByteOffset: count &- 1, as: UInt8.self)
            let mixed = text[0] | (text[0] &- 1) | middle | (middle &- 1) | last | (last &- 1)
            if mixed & 0x80 == 0 { return count }
        }
        return try encodeAny(text, from: 0, to: output)
    }

    /// Copies eight bytes.
    ///
    /// - Returns: whether they are plain.
    @inline(__always)
    private static func copyPlain(
        _ text: UnsafeRawBufferPointer, _ index: Int, to output: UnsafeMutableRawPointer
    ) -> Bool {
        let chunk = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        output.storeBytes(of: chunk, toByteOffset: index, as: UInt64.self)
        return isPlain(chunk)
    }

    /// Whether eight bytes are all ASCII and none of them is NUL.
    @inline(__always)
    private static func isPlain(_ chunk: UInt64) -> Bool {
        (chunk | (chunk &- 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080 == 0
    }

    @inline(never)
    private static func encodeAny(
        _ text: UnsafeRawBufferPointer, from start: Int, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        var index = start
        while index < text.count {
            let length = try UTF8Sequence.length(text, at: index)
            guard text[index] != 0 else { throw .nulByte }
            index += length
        }
        UnsafeMutableRawBufferPointer(start: output, count: text.count).copyMemory(from: text)
        return text.count
    }
}

/// One character of UTF-8.
enum UTF8Sequence {
    /// Bytes of the character at an index.
    ///
    /// - Throws: `invalidUTF8` for what the server refuses: overlong forms, surrogates, anything
    ///   above U+10FFFF, stray and missing bytes (Unicode Standard, table 3-7).
    @inline(__always)
    static func length(
        _ text: UnsafeRawBufferPointer, at index: Int
    ) throws(EncodingRefusal) -> Int {
        let first = text[index]
        if first < 0x80 { return 1 }
        let length: Int
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: throw .invalidUTF8
        }
        guard index &+ length <= text.count, isSecond(text[index &+ 1], after: first) else {
            throw .invalidUTF8
        }
        for offset in 2..<max(2, length) where text[index &+ offset] & 0xC0 != 0x80 {
            throw .invalidUTF8
        }
        return length
    }

    @inline(__always)
    private static func isSecond(_ byte: UInt8, after first: UInt8) -> Bool {
        switch first {
        case 0xE0: (0xA0...0xBF).contains(byte)
        case 0xED: (0x80...0x9F).contains(byte)
        case 0xF0: (0x90...0xBF).contains(byte)
        case 0xF4: (0x80...0x8F).contains(byte)
        default: (0x80...0xBF).contains(byte)
        }
    }
}

extension BinaryType {
    /// Checks that the server could hold bytes as text, without encoding them.
    ///
    /// - Throws: `EncodingRefusal` for NUL and for bytes that are not UTF-8.
    package static func validate(text: RawSpan) throws(EncodingRefusal) {
        try text.withUnsafeBytes { bytes throws(EncodingRefusal) in
            var index = 0
            while index < bytes.count {
                let length = try UTF8Sequence.length(bytes, at: index)
                guard bytes[index] != 0 else { throw .nulByte }
                index += length
            }
        }
    }
}
