/// Why a field cannot be encoded.
///
/// The caller adds the value and the column.
package enum EncodingRefusal: UInt8, Error, CustomStringConvertible {
    case notBoolean
    case notInteger
    case notNumeric
    case notDoublePrecision
    case notTimestamp
    case notDate
    case notUUID
    case notJSON
    case outOfRange
    case invalidUTF8
    case nulByte
    case tooLong
    case tooDeep
    case tooManyDigits

    /// A reason that follows the value: `"1x" is not numeric`.
    package var description: String {
        switch self {
        case .notBoolean: "is not a boolean"
        case .notInteger: "is not an integer"
        case .notNumeric: "is not numeric"
        case .notDoublePrecision: "is not a number"
        case .notTimestamp: "is not a timestamp"
        case .notDate: "is not a date"
        case .notUUID: "is not a UUID"
        case .notJSON: "is not JSON that jsonb can hold"
        case .outOfRange: "is out of range"
        case .invalidUTF8: "is not valid UTF-8"
        case .nulByte: "contains a NUL byte"
        case .tooLong: "is too long"
        case .tooDeep: "is nested too deeply"
        case .tooManyDigits:
            "has more than \(Numeric.wholesMax) digits before or after the decimal point"
        }
    }
}
