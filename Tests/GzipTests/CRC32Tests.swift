import Gzip
import Testing

@Suite struct CRC32Tests {
    /// The check value of the catalogue of CRC algorithms for CRC-32/ISO-HDLC, and that of nothing.
    @Test(arguments: [("123456789", 0xcbf4_3926), ("", 0), ("hello\n", 0x363a_3020)])
    func knownValues(_ content: String, _ value: UInt32) {
        var checksum = CRC32()
        checksum.update(text(content).span.bytes)
        #expect(checksum.value == value)
    }

    @Test func piecesGiveTheSameValue() {
        let content = text("123456789")
        for middle in 0...content.count {
            var checksum = CRC32()
            checksum.update(Array(content[..<middle]).span.bytes)
            checksum.update(Array(content[middle...]).span.bytes)
            #expect(checksum.value == 0xcbf4_3926)
        }
    }
}
