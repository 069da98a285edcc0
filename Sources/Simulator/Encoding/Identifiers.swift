/// How identifiers look in the feeds. All are text, also where they are only digits.
extension RowWriter {
    private static let hexadecimal: StaticString = "0123456789abcdef"
    private static let alphabet: StaticString = "abcdefghijklmnopqrstuvwxyz234567"

    /// A GUID, as accounts and addresses have.
    mutating func guid(_ key: Key) {
        let tail = key.tail
        hex(key.bits >> 32, 8)
        byte(0x2D)
        hex(key.bits >> 16, 4)
        byte(0x2D)
        hex(key.bits, 4)
        byte(0x2D)
        hex(tail >> 48, 4)
        byte(0x2D)
        hex(tail, 12)
        byte(0x2C)
    }

    /// The 40 characters of a billing event or a usage record.
    mutating func event(_ key: Key) {
        hex(key.bits, 16)
        hex(key.tail, 16)
        hex(key.bits >> 17, 8)
        byte(0x2C)
    }

    /// `prefix` and lower-case letters and digits: products, offers, agreements.
    mutating func name(_ prefix: StaticString, _ key: Key, _ length: Int) {
        nameText(prefix, key, length)
        byte(0x2C)
    }

    mutating func nameText(_ prefix: StaticString, _ key: Key, _ length: Int) {
        literal(prefix)
        var bits = key.bits
        for index in 0..<length {
            if index == 12 { bits = key.tail }
            if index == 24 { bits = Key.mix(key.tail) }
            byte(Self.alphabet.utf8Start[Int(bits & 31)])
            bits >>= 5
        }
    }

    /// Decimal digits, in quotes: invoices, line items, bank traces, account numbers.
    mutating func number(_ key: Key, _ length: Int) {
        byte(0x22)
        numberText(key, length)
        byte(0x22)
        byte(0x2C)
    }

    mutating func numberText(_ key: Key, _ length: Int) {
        var bits = key.bits
        for index in 0..<length {
            if index == 16 { bits = key.tail }
            byte(0x30 + UInt8(bits % 10))
            bits /= 10
        }
    }

    mutating func hex(_ bits: UInt64, _ length: Int) {
        var shift = 4 * length
        while shift > 0 {
            shift -= 4
            byte(Self.hexadecimal.utf8Start[Int(bits >> UInt64(shift) & 15)])
        }
    }
}

/// Identifiers as Swift text, for the truth and the metadata files.
extension Key {
    /// The product id of this key.
    var productID: String {
        var writer = RowWriter()
        return writer.collected { $0.nameText("prod-", self, 13) }
    }
}

extension RowWriter {
    /// What `body` writes, as text.
    mutating func collected(_ body: (inout RowWriter) -> Void) -> String {
        body(&self)
        return takeText()
    }
}
