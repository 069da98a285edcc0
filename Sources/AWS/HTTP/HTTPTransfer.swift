internal import CCurl

/// What libcurl's callbacks work on while one request is under way.
///
/// It is reached from C through an unretained pointer, so it must outlive the transfer:
/// `HTTPClient.run` holds it until libcurl has returned.
final class HTTPTransfer {
    /// Where the bytes of an answer go.
    enum Sink {
        case memory
        /// Successful answers go to the closures, all others into memory.
        case closures(
            head: (HTTPResponse) throws -> Void, body: (RawSpan) throws -> Void)
    }

    private(set) var response = HTTPResponse(status: 0)
    /// Why a callback told libcurl to give up.
    private(set) var failure: Failure?
    private let sink: Sink
    private let bodyBytesMax: Int
    private let stop: (() -> Bool)?

    /// What made a callback give up.
    enum Failure {
        case closure(any Error)
        case interrupted
        case tooLarge
    }

    init(sink: Sink, bodyBytesMax: Int, stop: (() -> Bool)?) {
        self.sink = sink
        self.bodyBytesMax = bodyBytesMax
        self.stop = stop
    }

    /// One header line, with its line end.
    ///
    /// False makes libcurl give up.
    func receive(header: UnsafeRawBufferPointer) -> Bool {
        let line = String(decoding: header, as: UTF8.self)
        let content = line.prefix { !$0.isNewline }
        // A new status line starts a new answer: 100 Continue comes before the real one.
        if content.hasPrefix("HTTP/") {
            response = HTTPResponse(status: Self.status(of: content))
        } else if content.isEmpty {
            return headersAreComplete()
        } else {
            response.headers.append(line: content)
        }
        return true
    }

    /// Some bytes of the body.
    ///
    /// False makes libcurl give up.
    func receive(body: UnsafeRawBufferPointer) -> Bool {
        if case .closures(_, let take) = sink, response.isSuccess {
            return attempt { try take(body.bytes) }
        }
        guard response.body.count + body.count <= bodyBytesMax else {
            failure = .tooLarge
            return false
        }
        response.body += body
        return true
    }

    /// False if the caller wants the transfer to end.
    func mayContinue() -> Bool {
        guard let stop, stop() else { return true }
        failure = .interrupted
        return false
    }

    private func headersAreComplete() -> Bool {
        guard case .closures(let head, _) = sink, response.isSuccess else { return true }
        return attempt { try head(response) }
    }

    private func attempt(_ work: () throws -> Void) -> Bool {
        do {
            try work()
            return true
        } catch {
            failure = .closure(error)
            return false
        }
    }

    // RFC 9112 §4: HTTP-version SP status-code SP reason.
    private static func status(of line: Substring) -> Int {
        let words = line.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }
}

extension HTTPTransfer {
    /// The transfer behind the pointer that libcurl hands back to each callback.
    static func from(_ context: UnsafeMutableRawPointer) -> HTTPTransfer {
        Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// `CURLOPT_HEADERFUNCTION`: any number but the given one ends the transfer.
    static let onHeader: curl_bytes_function = { bytes, size, count, context in
        guard let context else { return 0 }
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return HTTPTransfer.from(context).receive(header: line) ? line.count : 0
    }

    /// `CURLOPT_WRITEFUNCTION`: any number but the given one ends the transfer.
    static let onBody: curl_bytes_function = { bytes, size, count, context in
        guard let context else { return 0 }
        let body = UnsafeRawBufferPointer(start: bytes, count: size * count)
        return HTTPTransfer.from(context).receive(body: body) ? body.count : 0
    }

    /// `CURLOPT_XFERINFOFUNCTION`: called at least once a second; not 0 ends the transfer.
    static let onProgress: curl_xferinfo_callback = { context, _, _, _, _ in
        guard let context else { return 1 }
        return HTTPTransfer.from(context).mayContinue() ? 0 : 1
    }
}
