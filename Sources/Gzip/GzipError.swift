/// Why compressed bytes could not be read or written, and where.
package struct GzipError: Error, Equatable, Sendable {
    /// What is wrong; formats are RFC 1952 (gzip) and RFC 1951 (deflate).
    package enum Kind: Equatable, Sendable {
        /// Bytes that are not gzip or not deflate inside a member.
        case corrupt
        /// A member's CRC-32 is not that of its content (RFC 1952, section 2.3.1, CRC32).
        case checksumMismatch
        /// A member's length is not that of its content (RFC 1952, section 2.3.1, ISIZE).
        case lengthMismatch
        /// The input ended inside a member.
        case truncated
        /// Something other than another member follows a member.
        case trailingGarbage
        /// More than `ratioMax` bytes came out for each that went in.
        case ratioExceeded(ratioMax: Int)
        /// More than `bytesMax` bytes came out.
        case bytesExceeded(bytesMax: Int)
        /// zlib itself failed, mostly for want of memory.
        case zlib
    }

    /// What is wrong.
    package let kind: Kind
    /// Offset in the input, in bytes from 0, just after the bytes that showed the fault.
    ///
    /// For `trailingGarbage` it is the garbage's first byte.
    package let offset: Int
    /// zlib's return code, as in zlib.h; 0 if zlib had nothing to say.
    package let zlibCode: Int32
    /// zlib's own message, or empty.
    package let zlibMessage: String

    init(_ kind: Kind, offset: Int, zlibCode: Int32 = 0, zlibMessage: String = "") {
        self.kind = kind
        self.offset = offset
        self.zlibCode = zlibCode
        self.zlibMessage = zlibMessage
    }

    /// The same fault at another place.
    func noticed(at offset: Int) -> GzipError {
        GzipError(kind, offset: offset, zlibCode: zlibCode, zlibMessage: zlibMessage)
    }
}

extension GzipError: CustomStringConvertible {
    /// Where, what, and what to do, and what zlib said.
    package var description: String {
        let said = zlibCode == 0 ? "" : " (zlib \(zlibCode): \(zlibMessage))"
        return "compressed byte \(offset): \(complaint)\(said)"
    }

    private var complaint: String {
        switch kind {
        case .corrupt:
            "not valid gzip; fetch the file again, or ask for a new delivery"
        case .checksumMismatch:
            "the content does not match its CRC; fetch the file again, or ask for a new delivery"
        case .lengthMismatch:
            "the content does not have its stated length; fetch the file again, or ask for a new one"
        case .truncated:
            "the input ends inside a gzip member; fetch the file again, or ask for a new delivery"
        case .trailingGarbage:
            "bytes after a gzip member that are not another one; ask for a new delivery"
        case .ratioExceeded(let ratioMax):
            "inflates to more than \(ratioMax) times its size; if the file is genuine, raise the ratio"
        case .bytesExceeded(let bytesMax):
            "inflates to more than \(bytesMax) bytes; if the file is genuine, raise the limit"
        case .zlib:
            "zlib failed; free memory and try again"
        }
    }
}
