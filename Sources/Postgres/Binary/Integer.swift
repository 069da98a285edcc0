/// Text of smallint, integer and bigint: digits with an optional sign, blanks around them.
///
/// Wider than the server: thousands in perfect groups, `-12,345,678`.
/// Narrower than the server: hexadecimal, octal and binary digits and underscores, which newer
/// servers read.
enum Integer {
    @inline(__always)
    static func encode<Value: FixedWidthInteger & SignedInteger & BitwiseCopyable>(
        _ text: UnsafeRawBufferPointer, as type: Value.Type, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        guard let value = Value(exactly: try value(of: trimmed(text))) else { throw .outOfRange }
        output.storeBytes(of: value.bigEndian, as: Value.self)
        return MemoryLayout<Value>.size
    }

    private static func value(
        of text: UnsafeRawBufferPointer
    ) throws(EncodingRefusal) -> Int64 {
        var index = 0
        let isNegative = text.first == UInt8(ascii: "-")
        if isNegative || text.first == UInt8(ascii: "+") { index = 1 }
        guard index < text.count else { throw .notInteger }
        let isGrouped = hasPerfectThousands(text, from: index)
        var magnitude: UInt64 = 0
        var isTooLarge = false
        while index < text.count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else {
                guard isGrouped, text[index] == UInt8(ascii: ",") else { throw .notInteger }
                index += 1
                continue
            }
            // 18 digits and one more stay below the limit of UInt64; leading zeros do not count.
            isTooLarge = isTooLarge || magnitude > UInt64(Int64.max) / 10 + 1
            magnitude = magnitude &* 10 &+ UInt64(digit)
            index += 1
        }
        let limit = UInt64(Int64.max) + (isNegative ? 1 : 0)
        guard !isTooLarge, magnitude <= limit else { throw .outOfRange }
        return isNegative
            ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(truncatingIfNeeded: magnitude)
    }

    /// Whether commas stand before every third digit from the end, and nowhere else.
    private static func hasPerfectThousands(
        _ text: UnsafeRawBufferPointer, from start: Int
    ) -> Bool {
        // 0,123 would rather be a decimal comma.
        guard text.count - start >= 5, (text.count - start) % 4 != 0,
            text[start] != UInt8(ascii: "0")
        else { return false }
        for index in start..<text.count
        where (text[index] == UInt8(ascii: ",")) != ((text.count - index) % 4 == 0) {
            return false
        }
        return true
    }
}
