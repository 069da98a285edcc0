/// A record in which RFC 4180 was broken, on its way to its end.
///
/// Once the fault is known the bytes are read one at a time, with every quote that opens no field as
/// content. The damage is confined where a line then ends outside quotes: inside them, the line end
/// could as well be a field's, and nobody knows where the record ends.
struct DamagedRecord {
    private enum State {
        case fieldStart
        case text
        case quoted
        case quoteInQuoted
        case carriageReturn
    }

    /// What a byte, or the input's end, leads to.
    enum Action {
        case proceed
        /// The record ends before so many bytes of terminator.
        case end(terminator: Int)
        /// The damage may reach further than the record.
        case unconfined
    }

    /// The first fault, as a strict reader tells it.
    let fault: CSVError
    /// Fields that a sound record has.
    private let fieldCount: Int
    private var state = State.text
    private var separators: Int
    private var hasTextAfterQuote: Bool

    /// - Parameters:
    ///   - fault: the first fault of the record.
    ///   - separators: how many commas outside quotes come before it.
    ///   - fieldCount: how many fields a sound record has.
    init(_ fault: CSVError, separators: Int, fieldCount: Int) {
        self.fault = fault
        self.separators = separators
        self.fieldCount = fieldCount
        hasTextAfterQuote = fault.kind == .textAfterClosingQuote
    }

    /// Whether the bytes so far end in a CR that may belong to a terminator.
    var endsInCarriageReturn: Bool { state == .carriageReturn }

    /// Takes the next byte.
    mutating func step(_ byte: UInt8) -> Action {
        switch (state, byte) {
        case (.quoted, StructuralBytes.quote): state = .quoteInQuoted
        case (.quoteInQuoted, StructuralBytes.quote): state = .quoted
        case (.quoted, StructuralBytes.lineFeed): return .unconfined
        case (.quoted, _): break
        case (.fieldStart, StructuralBytes.quote): state = .quoted
        case (_, StructuralBytes.comma):
            separators += 1
            state = .fieldStart
        case (_, StructuralBytes.lineFeed):
            return end(terminator: state == .carriageReturn ? 2 : 1)
        case (_, StructuralBytes.carriageReturn): state = .carriageReturn
        case (.quoteInQuoted, _):
            hasTextAfterQuote = true
            state = .text
        default: state = .text
        }
        return .proceed
    }

    /// The input ended.
    func finish() -> Action {
        // After a CR it may have been cut in the middle of a terminator.
        if state == .quoted || state == .carriageReturn { return .unconfined }
        return end(terminator: 0)
    }

    /// An unquoted field cannot hold a line end, so its record ends here.
    ///
    /// What follows a closing quote may be the rest of a longer field, unless every field was found.
    private func end(terminator: Int) -> Action {
        if hasTextAfterQuote, separators + 1 != fieldCount { return .unconfined }
        return .end(terminator: terminator)
    }
}
