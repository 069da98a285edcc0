/// Text of a jsonb: RFC 8259, which the server parses once more from what we send, so that anything
/// it would refuse has to be refused here.
///
/// As the server: no `\u0000`, surrogates only in pairs, numbers that a numeric can hold.
/// Narrower than the server: at most 16 MiB, because small values take more room in the server's
/// form than in the text, and at most 512 levels.
enum JSONB {
    /// The first byte of the binary form.
    static let version: UInt8 = 1
    static let bytesMax = 1 << 24
    static let depthMax = 512

    static func encode(
        _ text: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer
    ) throws(EncodingRefusal) -> Int {
        guard text.count <= bytesMax else { throw .tooLong }
        var validator = JSONValidator(text)
        try validator.validate()
        output.storeBytes(of: version, as: UInt8.self)
        UnsafeMutableRawBufferPointer(start: output + 1, count: text.count)
            .copyMemory(from: text)
        return text.count + 1
    }
}
