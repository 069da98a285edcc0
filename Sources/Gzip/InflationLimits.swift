/// How much may come out of an `Inflater`, so that a small hostile file cannot fill a disk.
package struct InflationLimits: Equatable, Sendable {
    /// Output up to which the ratio is not judged, in bytes: small files of one repeated row are
    /// genuine, and this much does no harm.
    package static let ratioGraceBytes = 64 << 20

    /// Most bytes out for one byte in, over the whole input; deflate reaches at most 1,032.
    package var ratioMax: Int
    /// Most bytes out, over the whole input.
    package var bytesMax: Int

    /// Limits that genuine feeds stay far below: text deflates to a tenth, hardly to a hundredth.
    package init(ratioMax: Int = 200, bytesMax: Int = 1 << 40) {
        precondition(ratioMax > 0 && bytesMax > 0)
        self.ratioMax = ratioMax
        self.bytesMax = bytesMax
    }

    /// The limit that is broken when `bytesOut` came of `bytesIn`, if any.
    func broken(bytesIn: Int, bytesOut: Int) -> GzipError.Kind? {
        if bytesOut > bytesMax { return .bytesExceeded(bytesMax: bytesMax) }
        // Divided, because a product could overflow.
        let isBomb = bytesOut > Self.ratioGraceBytes && bytesOut / ratioMax > bytesIn
        return isBomb ? .ratioExceeded(ratioMax: ratioMax) : nil
    }
}
