/// A checkpoint may end in a record without line end: one must follow then.
struct AwaitedTerminator {
    private enum State {
        case none
        /// Then LF, CR, or a changed prefix.
        case lineEnd
        /// After CR.
        case lineFeed
    }

    private var state = State.none

    var isAwaited: Bool { state != .none }

    mutating func expect() { state = .lineEnd }

    /// Takes what belongs to it.
    ///
    /// - Returns: how many bytes that are.
    /// - Throws: ``PrefixChanged``.
    mutating func take(_ span: RawSpan) throws -> Int {
        var count = 0
        while state != .none, count < span.byteCount {
            let byte = span.unsafeLoad(fromByteOffset: count, as: UInt8.self)
            switch (state, byte) {
            case (_, UInt8(ascii: "\n")): state = .none
            case (.lineEnd, UInt8(ascii: "\r")): state = .lineFeed
            default: throw PrefixChanged()
            }
            count += 1
        }
        return count
    }
}
