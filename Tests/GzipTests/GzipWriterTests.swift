import Gzip
import Testing

@Suite struct GzipWriterTests {
    @Test(arguments: 0...9)
    func whatIsWrittenIsRead(_ level: Int) throws {
        let content = text((0..<20_000).map { "row \($0),\"x\"\n" }.joined())
        let result = inflate([try member(content, level: level)[...]])
        #expect(result.error == nil)
        #expect(result.content == content)
        #expect(result.memberEnds == [content.count])
    }

    @Test func theHeaderCarriesNoTimeAndNoName() throws {
        #expect(Array(try member(text("a")).prefix(8)) == [0x1f, 0x8b, 8, 0, 0, 0, 0, 0])
    }

    @Test func theSameContentGivesTheSameBytes() throws {
        let content = text("hello\n")
        #expect(try member(content) == member(content))
        #expect(try member(content) == InflaterTests.hello)
    }

    @Test func piecesMakeOneMember() throws {
        var writer = try GzipWriter(level: 6)
        var bytes: [UInt8] = []
        for piece in ["hel", "", "lo\n"] {
            try writer.write(text(piece).span.bytes) { span in
                span.withUnsafeBytes { bytes += $0 }
            }
        }
        try writer.finish { span in span.withUnsafeBytes { bytes += $0 } }
        #expect(bytes == InflaterTests.hello)
    }

    @Test func aFinishedWriterBeginsAnotherMember() throws {
        var writer = try GzipWriter(level: 6)
        var bytes: [UInt8] = []
        for piece in ["one", "", "three"] {
            try writer.write(text(piece).span.bytes) { span in
                span.withUnsafeBytes { bytes += $0 }
            }
            try writer.finish { span in span.withUnsafeBytes { bytes += $0 } }
        }
        #expect(inflate([bytes[...]]).memberEnds == [3, 3, 8])
    }
}
