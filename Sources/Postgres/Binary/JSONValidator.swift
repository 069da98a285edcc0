/// Walks over a JSON text; containers that are open are one bit each, so nothing recurses.
struct JSONValidator {
    private let text: UnsafeRawBufferPointer
    private var index = 0
    private var depth = 0
    private var isObject = InlineArray<8, UInt64>(repeating: 0)

    init(_ text: UnsafeRawBufferPointer) {
        self.text = text
    }

    /// Reads one value and the blanks around it.
    mutating func validate() throws(EncodingRefusal) {
        repeat {
            // Each turn reads a value or opens a container, then closes what ends with it.
            try openOrScalar()
            while depth > 0, try closes() {}
        } while depth > 0
        skipBlanks()
        guard index == text.count else { throw .notJSON }
    }

    /// Reads a scalar, an empty container, or the openings up to the next scalar.
    private mutating func openOrScalar() throws(EncodingRefusal) {
        while true {
            let first = peek()
            let isObject = first == UInt8(ascii: "{")
            guard isObject || first == UInt8(ascii: "[") else { return try scalar() }
            guard depth < JSONB.depthMax else { throw .tooDeep }
            index += 1
            if peek() == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                index += 1
                return
            }
            push(object: isObject)
            if isObject { try key() }
        }
    }

    /// Reads what follows a value in a container.
    ///
    /// - Returns: whether the container ended; if not, the next value follows.
    private mutating func closes() throws(EncodingRefusal) -> Bool {
        let inObject = topIsObject
        let next = peek()
        index += 1
        switch next {
        case UInt8(ascii: ","):
            if inObject { try key() }
            return false
        case UInt8(ascii: "}") where inObject, UInt8(ascii: "]") where !inObject:
            depth -= 1
            return true
        default:
            throw .notJSON
        }
    }

    private mutating func key() throws(EncodingRefusal) {
        guard peek() == UInt8(ascii: "\"") else { throw .notJSON }
        try string()
        guard peek() == UInt8(ascii: ":") else { throw .notJSON }
        index += 1
    }

    private mutating func scalar() throws(EncodingRefusal) {
        switch peek() {
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private mutating func word(_ word: StaticString) throws(EncodingRefusal) {
        let count = word.utf8CodeUnitCount
        guard index + count <= text.count else { throw .notJSON }
        for offset in 0..<count where text[index + offset] != word.utf8Start[offset] {
            throw .notJSON
        }
        index += count
    }

    /// Reads a number by JSON's grammar, which is narrower than numeric's.
    private mutating func number() throws(EncodingRefusal) {
        let start = index
        if at(UInt8(ascii: "-")) { index += 1 }
        let first = index
        guard digits() > 0, index == first + 1 || text[first] != UInt8(ascii: "0") else {
            throw .notJSON
        }
        if at(UInt8(ascii: ".")) {
            index += 1
            guard digits() > 0 else { throw .notJSON }
        }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            if at(UInt8(ascii: "+")) || at(UInt8(ascii: "-")) { index += 1 }
            guard digits() > 0 else { throw .notJSON }
        }
        let number = UnsafeRawBufferPointer(rebasing: text[start..<index])
        guard let decimal = DecimalText(number) else { throw .notJSON }
        guard decimal.fitsNumeric else { throw .outOfRange }
    }

    private mutating func digits() -> Int {
        let start = index
        while index < text.count, text[index] &- UInt8(ascii: "0") < 10 { index += 1 }
        return index - start
    }

    private mutating func string() throws(EncodingRefusal) {
        index += 1
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                index += 1
                return
            case UInt8(ascii: "\\"): try escape()
            case 0: throw .nulByte
            case 1..<0x20: throw .notJSON
            default: index += try UTF8Sequence.length(text, at: index)
            }
        }
        throw .notJSON
    }

    private mutating func escape() throws(EncodingRefusal) {
        index += 1
        guard index < text.count else { throw .notJSON }
        switch text[index] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 1
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            guard unit != 0, !(0xDC00...0xDFFF).contains(unit) else { throw .notJSON }
            guard (0xD800...0xDBFF).contains(unit) else { return }
            guard at(UInt8(ascii: "\\")), index + 1 < text.count,
                text[index + 1] == UInt8(ascii: "u")
            else { throw .notJSON }
            index += 1
            guard (0xDC00...0xDFFF).contains(try codeUnit()) else { throw .notJSON }
        default: throw .notJSON
        }
    }

    /// Reads `u` and four hexadecimal digits.
    private mutating func codeUnit() throws(EncodingRefusal) -> UInt32 {
        guard index + 4 < text.count else { throw .notJSON }
        var unit: UInt32 = 0
        for offset in 1...4 {
            guard let digit = hexValue(text[index + offset]) else { throw .notJSON }
            unit = unit << 4 | UInt32(digit)
        }
        index += 5
        return unit
    }

    private mutating func push(object: Bool) {
        let bit = UInt64(1) << UInt64(depth & 63)
        if object {
            isObject[depth >> 6] |= bit
        } else {
            isObject[depth >> 6] &= ~bit
        }
        depth += 1
    }

    private var topIsObject: Bool {
        isObject[(depth - 1) >> 6] & (1 << UInt64((depth - 1) & 63)) != 0
    }

    /// Skips blanks.
    ///
    /// - Returns: the byte after them, 0 at the end.
    private mutating func peek() -> UInt8 {
        skipBlanks()
        return index < text.count ? text[index] : 0
    }

    private mutating func skipBlanks() {
        while index < text.count {
            switch text[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private func at(_ byte: UInt8) -> Bool {
        index < text.count && text[index] == byte
    }
}
