/// A record in which RFC 4180 was broken, on its way to its end.
///
/// Once the fault is known the bytes are read one at a time, with every quote that opens no field as
/// content. The damage is confined where a line then ends outside quotes: inside them, the line end
/// could as well be a field's, and nobody knows where the record ends.
///
/// A line end that was read as a quoted field's before the fault may have ended a record all the
/// same, one whose quote nobody closed: then the next quote of the file, thousands of records on,
/// closes it, and what stands behind that one is text.
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
    private let spansLines: Bool
    private var state = State.text
    private var separators: Int
    private var hasTextAfterQuote: Bool

    /// - Parameters:
    ///   - fault: the first fault of the record.
    ///   - separators: how many commas outside quotes come before it.
    ///   - fieldCount: how many fields a sound record has.
    ///   - spansLines: whether a quoted field before it has a line end.
    init(_ fault: CSVError, separators: Int, fieldCount: Int, spansLines: Bool) {
        self.fault = fault
        self.separators = separators
        self.fieldCount = fieldCount
        self.spansLines = spansLines
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
    /// What follows a closing quote may be the rest of a longer field, unless every field was found;
    /// where quotes held a line end, that one alone or the quotes around it may be the fault.
    private func end(terminator: Int) -> Action {
        if hasTextAfterQuote, spansLines { return .unconfined }
        if hasTextAfterQuote || spansLines, separators + 1 != fieldCount { return .unconfined }
        return .end(terminator: terminator)
    }
}
