/// The grammar of a record: fed with its structural bytes in order, it finds the fields.
///
/// ADVICE FOR WHO CHANGES THIS. The machine never sees ordinary bytes, so "right after" is checked
/// by position: states that allow only certain bytes next compare with `mark + 1`. All positions
/// count from the current chunk's first byte and are negative in an earlier chunk; only the
/// record's table holds offsets from the record's first byte. The machine is a plain value that is
/// copied to the stack for a chunk, so that the optimiser may keep it in registers; measure before
/// and after any change to `step`.
struct RecordScan {
    enum State: UInt8 {
        /// At a field's start or in unquoted text: then comma, CR, LF, end; a quote at its start.
        case unquoted
        /// Inside quotes: then anything but the end; a quote leaves.
        case quoted
        /// Right after a quote inside quotes: then quote (it was doubled), comma, CR, LF or end.
        case quoteInQuoted
        /// Right after a CR outside quotes: then LF.
        case carriageReturn
    }

    /// What the reader is to do after a structural byte.
    enum Action {
        case proceed
        /// The record's bytes stop before `end`; the next record starts at `next`.
        case record(end: Int, next: Int)
        case fault(CSVError.Kind, at: Int)
    }

    let fieldsMax: Int
    private(set) var state = State.unquoted
    private(set) var count = 0
    private(set) var recordStart = 0
    private(set) var hasDoubledQuotes = false
    private(set) var line: Int
    private(set) var recordLine: Int
    private var fieldStart = 0
    private var fieldHasDoubledQuotes = false
    private var quoteLine = 0
    // The closing quote in `quoteInQuoted`, the CR in `carriageReturn`.
    private var mark = 0

    init(fieldsMax: Int, line: Int) {
        self.fieldsMax = fieldsMax
        self.line = line
        self.recordLine = line
    }

    /// Starts a record at `position`.
    @inline(__always)
    mutating func begin(at position: Int) {
        state = .unquoted
        count = 0
        recordStart = position
        fieldStart = position
        recordLine = line
        hasDoubledQuotes = false
    }

    /// Takes the next structural byte.
    @inline(__always)
    mutating func step(
        _ byte: UInt8, at position: Int, _ table: UnsafeMutablePointer<CSVField>
    ) -> Action {
        switch state {
        case .unquoted:
            if byte == StructuralBytes.quote { return open(at: position) }
            addUnquoted(endingAt: position, table)
            return separate(byte, at: position)
        case .quoted:
            if byte == StructuralBytes.quote {
                mark = position
                state = .quoteInQuoted
            } else if byte == StructuralBytes.lineFeed {
                line &+= 1
            }
            return .proceed
        case .quoteInQuoted:
            guard position == mark &+ 1 else { return .fault(.textAfterClosingQuote, at: mark + 1) }
            guard byte != StructuralBytes.quote else { return double() }
            addQuoted(table)
            return separate(byte, at: position)
        case .carriageReturn:
            guard position == mark &+ 1, byte == StructuralBytes.lineFeed else {
                return .fault(.bareCarriageReturn, at: mark)
            }
            line &+= 1
            return .record(end: mark, next: position &+ 1)
        }
    }

    /// The chunk ended before `position`: a fault that its last bytes prove, and the next chunk's
    /// structural bytes would prove too late.
    func faultBefore(_ position: Int) -> Action {
        switch state {
        case .quoteInQuoted where position > mark + 1:
            .fault(.textAfterClosingQuote, at: mark + 1)
        case .carriageReturn where position > mark + 1:
            .fault(.bareCarriageReturn, at: mark)
        default: .proceed
        }
    }

    /// The input ended at `position`.
    mutating func end(at position: Int, _ table: UnsafeMutablePointer<CSVField>) -> Action {
        switch state {
        case .unquoted where position == recordStart: return .proceed
        case .unquoted: addUnquoted(endingAt: position, table)
        case .quoteInQuoted: addQuoted(table)
        case .quoted: return .fault(.unterminatedQuote, at: fieldStart)
        case .carriageReturn: return .fault(.bareCarriageReturn, at: mark)
        }
        return .record(end: position, next: position)
    }

    /// The next chunk starts `bytes` after this one did.
    mutating func rebase(by bytes: Int) {
        recordStart -= bytes
        fieldStart -= bytes
        mark -= bytes
    }

    /// Line on which a fault of `kind` stands.
    func line(of kind: CSVError.Kind) -> Int {
        kind == .unterminatedQuote ? quoteLine : line
    }

    /// Field in which a fault of `kind` stands: a CR has ended its field already.
    func field(of kind: CSVError.Kind) -> Int {
        kind == .bareCarriageReturn ? count - 1 : count
    }

    /// Commas of the record before a fault of `kind`: of some faults the field is in the table.
    func separators(before kind: CSVError.Kind) -> Int {
        switch kind {
        case .bareCarriageReturn, .tooManyFields: count - 1
        default: count
        }
    }

    /// A line end was read past this machine.
    mutating func countLine() { line &+= 1 }

    /// The same place, with nothing found in it.
    func withoutFields() -> RecordScan {
        var scan = self
        scan.count = 0
        scan.hasDoubledQuotes = false
        return scan
    }

    @inline(__always)
    private mutating func open(at position: Int) -> Action {
        guard position == fieldStart else { return .fault(.strayQuote, at: position) }
        quoteLine = line
        fieldHasDoubledQuotes = false
        state = .quoted
        return .proceed
    }

    @inline(__always)
    private mutating func double() -> Action {
        fieldHasDoubledQuotes = true
        hasDoubledQuotes = true
        state = .quoted
        return .proceed
    }

    /// Ends a field that is already in the table with `byte`: a comma, CR or LF.
    @inline(__always)
    private mutating func separate(_ byte: UInt8, at position: Int) -> Action {
        if byte == StructuralBytes.comma {
            guard count < fieldsMax else {
                return .fault(.tooManyFields(fieldsMax: fieldsMax), at: position)
            }
            fieldStart = position &+ 1
            state = .unquoted
            return .proceed
        }
        if byte == StructuralBytes.lineFeed {
            line &+= 1
            return .record(end: position, next: position &+ 1)
        }
        mark = position
        state = .carriageReturn
        return .proceed
    }

    /// Ends the field in progress, one that did not begin with a quote, before `end`.
    @inline(__always)
    private mutating func addUnquoted(endingAt end: Int, _ table: UnsafeMutablePointer<CSVField>) {
        add(
            CSVField(
                start: fieldStart &- recordStart, end: end &- recordStart,
                isQuoted: false, hasDoubledQuotes: false), table)
    }

    /// Ends the field in progress before its closing quote.
    @inline(__always)
    private mutating func addQuoted(_ table: UnsafeMutablePointer<CSVField>) {
        add(
            CSVField(
                start: fieldStart &+ 1 &- recordStart, end: mark &- recordStart,
                isQuoted: true, hasDoubledQuotes: fieldHasDoubledQuotes), table)
    }

    // There is room: a record begins with none of `fieldsMax` fields, and `separate` lets no
    // field begin that would be one too many.
    @inline(__always)
    private mutating func add(_ field: CSVField, _ table: UnsafeMutablePointer<CSVField>) {
        table[count] = field
        count &+= 1
    }
}
