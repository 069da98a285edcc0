/// Text of a double precision: sign, digits, point, exponent, blanks around it; the nearest value,
/// bit for bit the server's.
///
/// Narrower than the server: NaN, Infinity, hexadecimal, and more than 400 bytes.
enum DoublePrecision {
    /// More than any exact decimal form that a program prints.
    private static let bytesMax = 400

    static func encode(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        let text = trimmed(text)
        guard text.count <= bytesMax else { throw .tooLong }
        guard let decimal = DecimalText(text), !decimal.hasCommas,
            let value = Double(String(decoding: text, as: UTF8.self))
        else { throw .notDoublePrecision }
        // The server calls a number that vanishes an underflow, and refuses it as well.
        let vanishes = value == 0 && decimal.significantPowers != nil
        guard value.isFinite, !vanishes else { throw .outOfRange }
        output.storeBytes(of: value.bitPattern.bigEndian, as: UInt64.self)
        return 8
    }
}
