internal import CCurl

/// A blocking HTTP client: one libcurl handle, which keeps its connections for reuse.
///
/// It belongs to one thread or task at a time. Certificates and host names are always
/// verified, redirects are never followed: an answer that points elsewhere is an answer.
package final class HTTPClient {
    private let settings: HTTPSettings
    private let handle: OpaquePointer?
    private let errorText: UnsafeMutablePointer<CChar>

    // libcurl wants this once a process, before any handle. CURLE_OK is 0.
    private static let libcurl = curl_initialise()

    /// A client without any connection yet.
    package init(settings: HTTPSettings = HTTPSettings()) {
        self.settings = settings
        handle = Self.libcurl == CURLE_OK ? OpaquePointer(curl_easy_init()) : nil
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(handle.map(UnsafeMutableRawPointer.init))
        errorText.deallocate()
    }

    /// Sends a request and waits for the whole answer, whatever its status.
    ///
    /// `stop` is asked at least once a second, on this thread; true ends the transfer with
    /// an `interrupted` error. An answer above `bodyBytesMax` is a `tooLarge` error.
    package func perform(
        _ request: HTTPRequest, stop: (() -> Bool)? = nil
    ) throws(HTTPError) -> HTTPResponse {
        let transfer = HTTPTransfer(
            sink: .memory, bodyBytesMax: settings.bodyBytesMax, stop: stop)
        let code = try run(request, transfer)
        try check(code, transfer, request)
        return transfer.response
    }

    /// Sends a request and lends the bytes of a successful answer to `body` as they come.
    ///
    /// `head` is called first, with status and headers. An error thrown by a closure ends
    /// the transfer and is rethrown unchanged; all others are `HTTPError`. The answer that
    /// is returned holds a body only where its status is not a success.
    @discardableResult
    package func stream(
        _ request: HTTPRequest, stop: (() -> Bool)? = nil,
        head: (HTTPResponse) throws -> Void, body: (RawSpan) throws -> Void
    ) throws -> HTTPResponse {
        try withoutActuallyEscaping(head) { head in
            try withoutActuallyEscaping(body) { body in
                let transfer = HTTPTransfer(
                    sink: .closures(head: head, body: body),
                    bodyBytesMax: settings.bodyBytesMax, stop: stop)
                let code = try run(request, transfer)
                if case .closure(let error) = transfer.failure { throw error }
                try check(code, transfer, request)
                return transfer.response
            }
        }
    }

    private func run(
        _ request: HTTPRequest, _ transfer: HTTPTransfer
    ) throws(HTTPError) -> CURLcode {
        guard let handle else {
            throw error(.transport, CURLE_FAILED_INIT, "libcurl could not be started", request)
        }
        errorText[0] = 0
        let options = HTTPOptions(handle: handle, settings: settings)
        let lists = options.apply(request, errorText: errorText)
        defer { lists.free() }
        options.receive(into: transfer)
        let code = try withExtendedLifetime(transfer) { () throws(HTTPError) -> CURLcode in
            try send(request, options)
        }
        if let refusal = options.refusal {
            let reason = String(cString: curl_easy_strerror(refusal.code))
            let message =
                "not sent: libcurl does not take \(Self.name(of: refusal.option)): \(reason)"
            throw error(.transport, refusal.code, message, request)
        }
        return code
    }

    private static func name(of option: CURLoption) -> String {
        curl_easy_option_by_id(option).flatMap { $0.pointee.name }
            .map { "CURLOPT_" + String(cString: $0) } ?? "option \(option.rawValue)"
    }

    private func send(
        _ request: HTTPRequest, _ options: HTTPOptions
    ) throws(HTTPError) -> CURLcode {
        switch request.body {
        case .empty:
            if request.method == "PUT" || request.method == "POST" { options.sendNothing() }
            return options.perform()
        case .bytes(let bytes):
            return bytes.withUnsafeBytes { bytes in
                options.send(bytes)
                return options.perform()
            }
        case .file(let path, let size):
            let upload = try HTTPUpload(path: path, size: size)
            return withExtendedLifetime(upload) {
                options.send(upload)
                return options.perform()
            }
        }
    }

    private func check(
        _ code: CURLcode, _ transfer: HTTPTransfer, _ request: HTTPRequest
    ) throws(HTTPError) {
        switch transfer.failure {
        case .interrupted: throw error(.interrupted, CURLE_OK, "interrupted", request)
        case .tooLarge:
            let message = "the answer is larger than \(settings.bodyBytesMax) bytes"
            throw error(.tooLarge, CURLE_OK, message, request)
        case .closure, nil: break
        }
        guard code == CURLE_OK else {
            let told = String(cString: errorText)
            let message = told.isEmpty ? String(cString: curl_easy_strerror(code)) : told
            throw error(.transport, code, message, request)
        }
    }

    private func error(
        _ kind: HTTPError.Kind, _ code: CURLcode, _ message: String, _ request: HTTPRequest
    ) -> HTTPError {
        HTTPError(
            kind: kind, curlCode: Int(code.rawValue), message: message,
            location: "\(request.scheme)://\(request.authority)\(request.path)")
    }
}
