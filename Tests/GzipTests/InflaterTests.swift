import Gzip
import Support
import Testing

@Suite struct InflaterTests {
    /// `printf 'hello\n' | gzip -n`, so that reader and writer cannot be wrong together.
    static let hello: [UInt8] = [
        0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 0x02, 0,
        0x20, 0x30, 0x3a, 0x36, 0x06, 0, 0, 0,
    ]

    @Test(arguments: Cut.allCases)
    func inflatesWhatGzipWrote(_ cut: Cut) {
        for chunks in cut.chunks(Self.hello) {
            let result = inflate(chunks)
            #expect(result.error == nil)
            #expect(result.content == text("hello\n"))
            #expect(result.memberEnds == [6])
            #expect(result.isCompressed == true)
            #expect(result.bytesIn == Self.hello.count)
            #expect(result.bytesOut == 6)
        }
    }

    @Test(arguments: Cut.allCases)
    func inflatesEveryMember(_ cut: Cut) throws {
        let input = try member(text("one")) + member([]) + member(text("three")) + member([])
        for chunks in cut.chunks(input) {
            let result = inflate(chunks)
            #expect(result.error == nil)
            #expect(result.content == text("onethree"))
            #expect(result.memberEnds == [3, 3, 8, 8])
        }
    }

    /// As tape and block devices leave it; gzip(1), "Diagnostics".
    @Test(arguments: [1, 2, 511, 512, 1 << 20])
    func zerosAfterTheLastMemberArePadding(_ zeros: Int) throws {
        let members = try member(text("one")) + member(text("two"))
        let input = members + [UInt8](repeating: 0, count: zeros)
        for longest in [1, 7, 4_096, input.count] where zeros < 1 << 20 || longest > 7 {
            let result = inflate(
                stride(from: 0, to: input.count, by: longest).map {
                    input[$0..<min($0 + longest, input.count)]
                })
            #expect(result.error == nil)
            #expect(result.content == text("onetwo"))
            #expect(result.memberEnds == [3, 6])
            #expect(result.bytesIn == input.count)
        }
    }

    @Test func zerosWithoutAMemberArePlainContent() {
        #expect(inflate([[0, 0, 0][...]]).content == [0, 0, 0])
    }

    @Test(arguments: Cut.allCases)
    func readsAHeaderWithEveryOptionalPart(_ cut: Cut) throws {
        // RFC 1952, section 2.3: FTEXT, FEXTRA, FNAME and FCOMMENT.
        let flags: [UInt8] = [0x1f, 0x8b, 8, 0x1d, 1, 2, 3, 4, 0, 3]
        let header = flags + [2, 0, 9, 9] + text("data.csv\0") + text("comment\0")
        for chunks in cut.chunks(header + Self.hello[10...]) {
            #expect(inflate(chunks).content == text("hello\n"))
        }
    }

    @Test(
        arguments: [
            "", "a", "plain,csv\n", "\u{8b}", "1f8b", "\u{1f}a", "\u{1f}\u{1f}", "\u{1f}\u{8b}",
        ], Cut.allCases)
    func passesAnythingElseThrough(_ content: String, _ cut: Cut) {
        let input = text(content)
        for chunks in cut.chunks(input) {
            let result = inflate(chunks)
            #expect(result.error == nil)
            #expect(result.content == input)
            #expect(result.memberEnds == [])
            #expect(result.isCompressed == (input.isEmpty ? nil : false))
            #expect(result.bytesIn == input.count)
            #expect(result.bytesOut == input.count)
        }
    }

    @Test func gzipInsidePlainInputIsContent() {
        let input = text("x") + Self.hello
        #expect(inflate([input[...]]).content == input)
    }

    @Test func theFirstByteOfTheMagicTellsNothing() throws {
        var inflater = Inflater()
        let first: [UInt8] = [0x1f]
        let second: [UInt8] = [0x8b]
        try inflater.inflate(first.span.bytes, output: { _ in }, memberEnd: {})
        #expect(inflater.isCompressed == nil)
        try inflater.inflate(second.span.bytes, output: { _ in }, memberEnd: {})
        #expect(inflater.isCompressed == true)
    }

    @Test func contentLargerThanTheBufferArrivesWhole() throws {
        // The high bits of a linear congruence: nothing that deflate could shorten.
        var state: UInt64 = 1
        let noise = (0..<500_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return UInt8(state >> 56)
        }
        let content = noise + [UInt8](repeating: 7, count: 1_000_000)
        let input = try member(content)
        for longest in [input.count, 4_096, 100_001] {
            let chunks = stride(from: 0, to: input.count, by: longest).map {
                input[$0..<min($0 + longest, input.count)]
            }
            let result = inflate(chunks)
            #expect(result.error == nil)
            #expect(result.content == content)
        }
    }

    @Test func whatTheClosuresThrowArrives() {
        struct Stop: Error {}
        var first = Inflater()
        #expect(throws: Stop.self) {
            try first.inflate(Self.hello.span.bytes, output: { _ in throw Stop() }, memberEnd: {})
        }
        var second = Inflater()
        #expect(throws: Stop.self) {
            try second.inflate(Self.hello.span.bytes, output: { _ in }, memberEnd: { throw Stop() })
        }
    }
}
