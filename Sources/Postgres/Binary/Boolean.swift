/// Text of a boolean ("PostgreSQL: Boolean Type"): any unique beginning of true, false, yes, no, on
/// and off, in any case, or 1 or 0; blanks around it do not matter.
enum Boolean {
    static func encode(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        let word = trimmed(text)
        guard let value = value(of: word) else { throw .notBoolean }
        output.storeBytes(of: value ? 1 : 0, as: UInt8.self)
        return 1
    }

    private static func value(of word: UnsafeRawBufferPointer) -> Bool? {
        guard let first = word.first else { return nil }
        switch first | 0x20 {
        case UInt8(ascii: "t"): return begins("true", word) ? true : nil
        case UInt8(ascii: "f"): return begins("false", word) ? false : nil
        case UInt8(ascii: "y"): return begins("yes", word) ? true : nil
        case UInt8(ascii: "n"): return begins("no", word) ? false : nil
        case UInt8(ascii: "o") where word.count >= 2:
            return begins("on", word) ? true : begins("off", word) ? false : nil
        case UInt8(ascii: "1") where word.count == 1 && first == UInt8(ascii: "1"): return true
        case UInt8(ascii: "0") where word.count == 1 && first == UInt8(ascii: "0"): return false
        default: return nil
        }
    }

    /// Whether a word begins with a text that may be longer than the word.
    private static func begins(_ whole: StaticString, _ word: UnsafeRawBufferPointer) -> Bool {
        guard word.count <= whole.utf8CodeUnitCount else { return false }
        for index in 0..<word.count where word[index] | 0x20 != whole.utf8Start[index] {
            return false
        }
        return true
    }
}
