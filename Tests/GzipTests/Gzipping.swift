import Gzip

/// Everything that came of an input.
struct Inflation: Equatable {
    var content: [UInt8] = []
    /// Length of the content at the end of each member.
    var memberEnds: [Int] = []
    var isCompressed: Bool?
    var bytesIn = 0
    var bytesOut = 0
    var error: GzipError?
}

/// Inflates `chunks`, each from an allocation of its own so that a read past its end is noticed.
func inflate(
    _ chunks: [ArraySlice<UInt8>], _ limits: InflationLimits = InflationLimits()
) -> Inflation {
    var inflater = Inflater(limits: limits)
    var result = Inflation()
    do {
        for chunk in chunks {
            let bytes = Array(chunk)
            try inflater.inflate(
                bytes.span.bytes,
                output: { span in span.withUnsafeBytes { result.content += $0 } },
                memberEnd: { result.memberEnds.append(result.content.count) })
        }
        try inflater.finish()
    } catch {
        result.error = error as? GzipError
    }
    result.isCompressed = inflater.isCompressed
    result.bytesIn = inflater.bytesIn
    result.bytesOut = inflater.bytesOut
    return result
}

/// One gzip member.
func member(_ content: [UInt8], level: Int = 6) throws -> [UInt8] {
    var writer = try GzipWriter(level: level)
    var bytes: [UInt8] = []
    try writer.write(content.span.bytes) { span in span.withUnsafeBytes { bytes += $0 } }
    try writer.finish { span in span.withUnsafeBytes { bytes += $0 } }
    return bytes
}

func text(_ content: String) -> [UInt8] {
    Array(content.utf8)
}
