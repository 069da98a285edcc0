/// Plain bytes of an input that may be gzip: chunks in, content out.
///
/// An input that starts with gzip's magic bytes is inflated, member by member, with the CRC and
/// length of each checked; any other input passes through unchanged. Name and declared type of the
/// input play no part. Content is lent before its member's CRC is known: until `memberEnd` nothing
/// vouches for it. After an error, its own or a closure's, an inflater must not be used again.
package struct Inflater: ~Copyable {
    private enum Phase {
        /// At the input's start, or between members, with `seen` of the magic bytes read.
        /// Then the magic bytes' rest; plain input, or garbage after a member.
        case magic(seen: Int)
        /// Inside a member: then its rest; at its end, `magic`.
        case member
        /// Zeros after a member, as tape and block devices add them: then zeros only.
        case padding
        /// Input that is not gzip: then anything.
        case plain
    }

    // RFC 1952, section 2.3.1: ID1 and ID2.
    private static let magic: [UInt8] = [0x1f, 0x8b]

    /// Whether the input is gzip; nil while its bytes do not tell yet.
    package private(set) var isCompressed: Bool?
    /// Bytes of the input taken so far.
    package private(set) var bytesIn = 0
    /// Bytes of content lent so far.
    package private(set) var bytesOut = 0

    private let limits: InflationLimits
    private var phase = Phase.magic(seen: 0)
    // Made when the first member begins; plain input needs none.
    private var stream: InflateStream?
    private var isUsable = true

    /// An inflater at the start of an input.
    package init(limits: InflationLimits = InflationLimits()) {
        self.limits = limits
    }

    /// Takes the next bytes of the input.
    ///
    /// - Parameters:
    ///   - chunk: any number of bytes.
    ///   - output: is lent the content, a buffer at a time, never an empty one.
    ///   - memberEnd: is called after the last content of each member, once its CRC and length
    ///     were found right; never for plain input.
    /// - Throws: `GzipError`, and what the closures throw.
    package mutating func inflate(
        _ chunk: RawSpan, output: (RawSpan) throws -> Void, memberEnd: () throws -> Void
    ) throws {
        precondition(isUsable, "an inflater cannot go on after an error")
        isUsable = false
        try chunk.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let input = UnsafeRawBufferPointer(rebasing: rest)
                let taken: Int
                switch phase {
                case .magic(let seen): taken = try detect(input[0], seen, output)
                case .member: taken = try inflateMember(input, output, memberEnd)
                case .padding: taken = try skipPadding(input)
                case .plain: taken = try pass(input, input.count, output)
                }
                rest = rest.dropFirst(taken)
            }
        }
        isUsable = true
    }

    /// Ends the input.
    ///
    /// Throws `GzipError` of kind `truncated` inside a member. One lone byte 1f, the first half of
    /// the magic bytes, counts as that too: it is no text that a feed could consist of.
    package mutating func finish() throws {
        precondition(isUsable, "an inflater cannot go on after an error")
        switch phase {
        case .magic(seen: 0), .padding, .plain: return
        case .magic, .member: throw GzipError(.truncated, offset: bytesIn)
        }
    }

    /// Looks at one byte where a member may begin; returns how many bytes that took.
    private mutating func detect(
        _ byte: UInt8, _ seen: Int, _ output: (RawSpan) throws -> Void
    ) throws -> Int {
        guard byte == Self.magic[seen] else {
            if isCompressed == true, seen == 0, byte == 0 {
                phase = .padding
                return 0
            }
            guard isCompressed == nil else {
                throw GzipError(.trailingGarbage, offset: bytesIn - seen)
            }
            isCompressed = false
            phase = .plain
            // What looked like a magic byte was content.
            bytesIn -= seen
            if seen > 0 { _ = try Self.magic.withUnsafeBytes { try pass($0, seen, output) } }
            return 0
        }
        bytesIn += 1
        phase = .magic(seen: seen + 1)
        if seen + 1 == Self.magic.count { try beginMember() }
        return 1
    }

    /// gzip(1) ignores zeros at the end of an input, however many there are.
    private mutating func skipPadding(_ input: UnsafeRawBufferPointer) throws -> Int {
        let count = input.firstIndex { $0 != 0 } ?? input.count
        bytesIn += count
        guard count == input.count else { throw GzipError(.trailingGarbage, offset: bytesIn) }
        return count
    }

    private mutating func beginMember() throws {
        isCompressed = true
        phase = .member
        if stream == nil {
            stream = try InflateStream()
        } else {
            stream?.reset()
        }
        // `detect` took these bytes of the header, perhaps from an earlier chunk.
        _ = Self.magic.withUnsafeBytes { stream?.step($0) }
    }

    /// Inflates at most one buffer's worth; returns how many bytes that took.
    ///
    /// The rest of a copied match, at most 258 bytes, may stay inside zlib when the input is used
    /// up. The member's trailer, which must still come, brings it out.
    private mutating func inflateMember(
        _ input: UnsafeRawBufferPointer, _ output: (RawSpan) throws -> Void,
        _ memberEnd: () throws -> Void
    ) throws -> Int {
        guard let progress = stream?.step(input) else { preconditionFailure("no stream") }
        bytesIn += progress.consumed
        try lend(progress.output, output)
        if let fault = progress.fault { throw fault.noticed(at: bytesIn) }
        if progress.isMemberEnd {
            phase = .magic(seen: 0)
            try memberEnd()
        }
        return progress.consumed
    }

    private mutating func pass(
        _ input: UnsafeRawBufferPointer, _ count: Int, _ output: (RawSpan) throws -> Void
    ) throws -> Int {
        bytesIn += count
        try lend(UnsafeRawBufferPointer(rebasing: input[..<count]), output)
        return count
    }

    private mutating func lend(
        _ content: UnsafeRawBufferPointer, _ output: (RawSpan) throws -> Void
    ) throws {
        guard !content.isEmpty else { return }
        let count = bytesOut + content.count
        if let limit = limits.broken(bytesIn: bytesIn, bytesOut: count) {
            throw GzipError(limit, offset: bytesIn)
        }
        bytesOut = count
        try output(content.bytes)
    }
}
