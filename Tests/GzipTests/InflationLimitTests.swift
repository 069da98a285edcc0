import Gzip
import Testing

@Suite struct InflationLimitTests {
    private static let mebibyte = [UInt8](repeating: 0, count: 1 << 20)

    @Test func aBombIsRefusedSoonAfterTheGrace() throws {
        let result = count(try zeros(mebibytes: 80))
        #expect(result.error?.kind == .ratioExceeded(ratioMax: 200))
        #expect(result.content <= InflationLimits.ratioGraceBytes)
    }

    @Test func aBombOfManyMembersIsOneBomb() throws {
        let member = try zeros(mebibytes: 8)
        let input = (0..<10).flatMap { _ in member }
        #expect(count(input).error?.kind == .ratioExceeded(ratioMax: 200))
    }

    @Test func theSameFilePassesWithARaisedRatio() throws {
        let result = count(try zeros(mebibytes: 80), InflationLimits(ratioMax: 1_100))
        #expect(result.error == nil)
        #expect(result.content == 80 << 20)
    }

    @Test func withinTheGraceTheRatioIsNotJudged() throws {
        let result = count(try zeros(mebibytes: 64))
        #expect(result.error == nil)
        #expect(result.content == 64 << 20)
    }

    @Test func contentIsLimitedAndNothingBeyondIsLent() throws {
        let input = try member(Self.mebibyte)
        let enough = count(input, InflationLimits(bytesMax: 1 << 20))
        #expect(enough.error == nil)
        let tooFew = count(input, InflationLimits(bytesMax: (1 << 20) - 1))
        #expect(tooFew.error?.kind == .bytesExceeded(bytesMax: (1 << 20) - 1))
        #expect(tooFew.content < 1 << 20)
    }

    @Test func plainInputIsLimitedToo() {
        #expect(inflate([text("abc")[...]], InflationLimits(bytesMax: 3)).error == nil)
        let result = inflate([text("abc")[...]], InflationLimits(bytesMax: 2))
        #expect(result.error?.kind == .bytesExceeded(bytesMax: 2))
        #expect(result.content == [])
    }

    private func zeros(mebibytes: Int) throws -> [UInt8] {
        var writer = try GzipWriter(level: 9)
        var bytes: [UInt8] = []
        for _ in 0..<mebibytes {
            try writer.write(Self.mebibyte.span.bytes) { span in
                span.withUnsafeBytes { bytes += $0 }
            }
        }
        try writer.finish { span in span.withUnsafeBytes { bytes += $0 } }
        return bytes
    }

    /// Inflates without keeping the content.
    private func count(
        _ input: [UInt8], _ limits: InflationLimits = InflationLimits()
    ) -> (content: Int, error: GzipError?) {
        var inflater = Inflater(limits: limits)
        var content = 0
        do {
            try inflater.inflate(
                input.span.bytes, output: { content += $0.byteCount }, memberEnd: {})
            try inflater.finish()
        } catch {
            return (content, error as? GzipError)
        }
        return (content, nil)
    }
}
