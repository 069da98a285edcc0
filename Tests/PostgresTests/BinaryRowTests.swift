import Postgres
import Support
import Testing

@Suite struct BinaryRowTests {
    private func content(_ row: borrowing BinaryRow) -> [UInt8] {
        row.withBytes(0..<row.byteCount) { $0.withUnsafeBytes { Array($0) } }
    }

    @Test func fieldsAreLaidOutAsTheManualSays() throws {
        let bytes: [UInt8] = [0x61, 0x62]
        var row = BinaryRow(capacity: 0)
        row.begin(fields: 5)
        row.append(int32: -2)
        row.append(int64: 258)
        row.appendNull()
        row.append(text: bytes.span.bytes)
        row.append(jsonb: bytes.span.bytes)
        #expect(
            content(row) == [0, 5]
                + [0, 0, 0, 4, 255, 255, 255, 254]
                + [0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 1, 2]
                + [255, 255, 255, 255]
                + [0, 0, 0, 2, 0x61, 0x62]
                + [0, 0, 0, 3, 1, 0x61, 0x62])
    }

    @Test func refusedFieldLeavesNoBytesAndTheRowGoesOn() throws {
        let good: [UInt8] = Array("12".utf8)
        let bad: [UInt8] = Array("1x".utf8)
        var row = BinaryRow(capacity: 0)
        row.begin(fields: 1)
        try row.append(good.span.bytes, as: .integer)
        let before = content(row)
        #expect(throws: EncodingRefusal.notInteger) {
            try row.append(bad.span.bytes, as: .integer)
        }
        #expect(content(row) == before)
        row.appendNull()
        #expect(content(row) == before + [255, 255, 255, 255])
    }

    @Test func abandonedRowIsCutOffAndEarlierRowsStay() throws {
        var row = BinaryRow(capacity: 0)
        row.begin(fields: 1)
        row.append(int32: 1)
        let before = content(row)
        row.begin(fields: 2)
        row.append(int32: 2)
        row.abandonRow()
        #expect(content(row) == before)
        row.abandonRow()
        #expect(content(row) == before)
    }

    @Test func lastFieldIsTheContentOfTheLastField() throws {
        let text: [UInt8] = Array("word".utf8)
        var row = BinaryRow(capacity: 0)
        row.begin(fields: 2)
        try row.append(text.span.bytes, as: .text)
        let last = row.withBytes(row.lastField) { $0.withUnsafeBytes { Array($0) } }
        #expect(last == text)
        let isNull = row.lastFieldIsNull
        #expect(!isNull)
        row.appendNull()
        let (thenIsNull, thenRange) = (row.lastFieldIsNull, row.lastField)
        #expect(thenIsNull)
        #expect(thenRange.isEmpty)
    }

    @Test(arguments: [0, 1, 1024, 1 << 20])
    func bufferGrowsWithoutLosingBytes(capacity: Int) throws {
        var row = BinaryRow(capacity: capacity)
        var expected: [UInt8] = []
        for length in [1, 1000, 1, 3000, 100_000, 5] {
            let text = [UInt8](repeating: UInt8(ascii: "a"), count: length)
            row.begin(fields: 1)
            try row.append(text.span.bytes, as: .text)
            expected += [0, 1] + withUnsafeBytes(of: Int32(length).bigEndian) { Array($0) } + text
        }
        #expect(content(row) == expected)
    }

    @Test func oidsOfTheServerNameTheTypes() throws {
        let connection = try PrivateCluster.connect()
        for type in BinaryType.allCases {
            let row = try connection.query("select $1::regtype::oid as oid", [.text(type.sqlName)])
            #expect(BinaryType(oid: UInt32(try row.only().int("oid"))) == type)
        }
        #expect(BinaryType(oid: 114) == nil)
    }
}
