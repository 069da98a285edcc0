import Gzip
import Support
import Testing

@Suite struct CorruptionTests {
    private static let hello = InflaterTests.hello

    @Test(arguments: 1..<hello.count)
    func everyTruncationIsNoticed(_ length: Int) {
        for cut in Cut.allCases {
            for chunks in cut.chunks(Array(Self.hello[..<length])) {
                let result = inflate(chunks)
                #expect(result.error?.kind == .truncated)
                #expect(result.error?.offset == length)
                #expect(result.memberEnds == [])
            }
        }
    }

    @Test(arguments: 1..<hello.count)
    func everyTruncationOfASecondMemberIsNoticed(_ length: Int) {
        let input = Self.hello + Self.hello[..<length]
        let result = inflate([input[...]])
        #expect(result.error?.kind == .truncated)
        #expect(result.error?.offset == input.count)
        #expect(result.memberEnds == [6])
    }

    @Test(arguments: 18..<22, Cut.allCases)
    func aWrongChecksumIsNoticed(_ place: Int, _ cut: Cut) {
        for chunks in cut.chunks(flipped(place)) {
            let result = inflate(chunks)
            #expect(result.error?.kind == .checksumMismatch)
            #expect(result.error?.offset == 22)
            #expect(result.error?.zlibMessage == "incorrect data check")
            #expect(result.memberEnds == [])
        }
    }

    @Test(arguments: 22..<26, Cut.allCases)
    func aWrongLengthIsNoticed(_ place: Int, _ cut: Cut) {
        for chunks in cut.chunks(flipped(place)) {
            let result = inflate(chunks)
            #expect(result.error?.kind == .lengthMismatch)
            #expect(result.error?.offset == 26)
            #expect(result.memberEnds == [])
        }
    }

    @Test func aFlippedBitInTheContentNeverEndsAMember() {
        for place in 10..<18 {
            let result = inflate([flipped(place)[...]])
            #expect(result.error != nil)
            #expect(result.memberEnds == [])
        }
    }

    @Test func anUnknownMethodIsCorrupt() {
        let result = inflate([[0x1f, 0x8b, 0x09, 0, 0, 0, 0, 0, 0, 3][...]])
        #expect(result.error?.kind == .corrupt)
        #expect(result.error?.zlibMessage == "unknown compression method")
    }

    @Test(
        arguments: [[0x0a], [0x1f, 0], [0x1f, 0x1f], [0x8b, 0x1f], [1, 0, 0, 0]] as [[UInt8]],
        Cut.allCases)
    func garbageAfterAMemberIsRefusedWhereItBegins(_ garbage: [UInt8], _ cut: Cut) {
        for chunks in cut.chunks(Self.hello + garbage) {
            let result = inflate(chunks)
            #expect(result.error?.kind == .trailingGarbage)
            #expect(result.error?.offset == Self.hello.count)
            #expect(result.content == text("hello\n"))
            #expect(result.memberEnds == [6])
        }
    }

    /// After padding nothing may come, not even another member: gzip(1) would ignore it.
    @Test(arguments: [[0x0a], [0x1f], hello, [0xff]] as [[UInt8]], [1, 2, 700])
    func paddingIsFollowedByNothing(_ garbage: [UInt8], _ zeros: Int) {
        let padded = Self.hello + [UInt8](repeating: 0, count: zeros)
        for cut in Cut.allCases {
            for chunks in cut.chunks(padded + garbage) {
                let result = inflate(chunks)
                #expect(result.error?.kind == .trailingGarbage)
                #expect(result.error?.offset == padded.count)
                #expect(result.content == text("hello\n"))
            }
        }
    }

    @Test func messagesSayWhereAndWhatAndWhatToDo() {
        let error = inflate([flipped(18)[...]]).error
        #expect(
            error?.description
                == "compressed byte 22: the content does not match its CRC; fetch the file again, "
                + "or ask for a new delivery (zlib -3: incorrect data check)")
    }

    private func flipped(_ place: Int) -> [UInt8] {
        var input = Self.hello
        input[place] ^= 1
        return input
    }
}
