internal import CCurl
internal import Foundation

/// A file that libcurl reads while it sends a request.
final class HTTPUpload {
    let size: Int64
    private let descriptor: Int32

    /// Opens the file; errno's words if that fails.
    init(path: String, size: Int64) throws(HTTPError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.size = size
        guard descriptor >= 0 else {
            throw HTTPError(
                kind: .transport, curlCode: Int(CURLE_FILE_COULDNT_READ_FILE.rawValue),
                message: String(cString: strerror(errno)), location: path)
        }
    }

    deinit { close(descriptor) }

    static func from(_ context: UnsafeMutableRawPointer) -> HTTPUpload {
        Unmanaged<HTTPUpload>.fromOpaque(context).takeUnretainedValue()
    }

    /// `CURLOPT_READFUNCTION`: 0 is the end of the file.
    static let onRead: curl_bytes_function = { bytes, size, count, context in
        guard let context, let bytes else { return Int(CURL_READFUNC_ABORT) }
        let got = read(HTTPUpload.from(context).descriptor, bytes, size * count)
        return got < 0 ? Int(CURL_READFUNC_ABORT) : got
    }

    /// `CURLOPT_SEEKFUNCTION`: libcurl starts again when a reused connection turns out dead.
    static let onSeek: curl_seek_callback = { context, offset, origin in
        guard let context else { return CURL_SEEKFUNC_FAIL }
        let moved = lseek(HTTPUpload.from(context).descriptor, off_t(offset), origin)
        return moved < 0 ? CURL_SEEKFUNC_FAIL : CURL_SEEKFUNC_OK
    }
}
