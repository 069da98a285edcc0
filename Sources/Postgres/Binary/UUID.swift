/// Text of a uuid: 32 hexadecimal digits, a hyphen after any four of them, braces around it or not.
enum UUID {
    static func encode(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        let hasBraces = text[0] == UInt8(ascii: "{")
        var index = hasBraces ? 1 : 0
        for byte in 0..<16 {
            guard index + 1 < text.count, let high = hexValue(text[index]),
                let low = hexValue(text[index + 1])
            else { throw .notUUID }
            output.storeBytes(of: high << 4 | low, toByteOffset: byte, as: UInt8.self)
            index += 2
            let mayBreak = byte % 2 == 1 && byte < 15
            if mayBreak, index < text.count, text[index] == UInt8(ascii: "-") { index += 1 }
        }
        if hasBraces {
            guard index < text.count, text[index] == UInt8(ascii: "}") else { throw .notUUID }
            index += 1
        }
        guard index == text.count else { throw .notUUID }
        return 16
    }
}

/// Value of a hexadecimal digit, or nil.
@inline(__always)
func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}
