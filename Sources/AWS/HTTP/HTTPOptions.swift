internal import CCurl

/// Sets libcurl's options for one request: the only place that names them.
///
/// An option that libcurl does not take is remembered, and the request is then not sent: without
/// the limit on protocols, the verification or the authorities it would be another request.
struct HTTPOptions {
    let handle: OpaquePointer
    let settings: HTTPSettings
    private let refusals = Refusals()

    init(handle: OpaquePointer, settings: HTTPSettings) {
        self.handle = handle
        self.settings = settings
    }

    /// The first option that libcurl did not take; nil where it took them all.
    var refusal: Refusal? { refusals.first }

    /// An option's number and libcurl's reason.
    struct Refusal {
        let option: CURLoption
        let code: CURLcode
    }

    private final class Refusals {
        var first: Refusal?
    }

    /// The lists that libcurl reads while the request is under way.
    struct Lists {
        var headers: UnsafeMutablePointer<curl_slist>?

        func free() { curl_slist_free_all(headers) }
    }

    private var curl: UnsafeMutableRawPointer { UnsafeMutableRawPointer(handle) }

    /// Forgets the last request and describes this one, all but its body.
    func apply(_ request: HTTPRequest, errorText: UnsafeMutablePointer<CChar>) -> Lists {
        curl_easy_reset(curl)  // keeps the connections
        set(pointer: CURLOPT_ERRORBUFFER, errorText)
        set(text: CURLOPT_URL, request.url)
        set(CURLOPT_NOSIGNAL, 1)  // signals and threads do not mix
        set(CURLOPT_PATH_AS_IS, 1)  // `..` may be part of an S3 key
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_BUFFERSIZE, 512 << 10)  // the most that libcurl takes
        set(text: CURLOPT_PROTOCOLS_STR, "http,https")
        if request.bypassesProxy { set(text: CURLOPT_NOPROXY, "*") }
        limit(request)
        verify()
        choose(request.method)
        return Lists(headers: headers(of: request))
    }

    /// Sends the answer and the questions in between to the transfer.
    func receive(into transfer: HTTPTransfer) {
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        set(function: CURLOPT_HEADERFUNCTION, HTTPTransfer.onHeader)
        set(pointer: CURLOPT_HEADERDATA, context)
        set(function: CURLOPT_WRITEFUNCTION, HTTPTransfer.onBody)
        set(pointer: CURLOPT_WRITEDATA, context)
        took(CURLOPT_XFERINFOFUNCTION, curl_set_progress_function(curl, HTTPTransfer.onProgress))
        set(pointer: CURLOPT_XFERINFODATA, context)
        set(CURLOPT_NOPROGRESS, 0)
    }

    /// A body in memory, which must stay where it is until `perform` returns.
    func send(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return sendNothing() }
        set(offset: CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
        set(pointer: CURLOPT_POSTFIELDS, start)
    }

    /// A body of no bytes, announced with `Content-Length: 0` as S3 wants it for a PUT.
    func sendNothing() {
        set(offset: CURLOPT_POSTFIELDSIZE_LARGE, 0)
        set(text: CURLOPT_COPYPOSTFIELDS, "")
    }

    /// A body from a file.
    func send(_ upload: HTTPUpload) {
        let context = Unmanaged.passUnretained(upload).toOpaque()
        set(CURLOPT_UPLOAD, 1)
        set(offset: CURLOPT_INFILESIZE_LARGE, curl_off_t(upload.size))
        set(function: CURLOPT_READFUNCTION, HTTPUpload.onRead)
        set(pointer: CURLOPT_READDATA, context)
        took(CURLOPT_SEEKFUNCTION, curl_set_seek_function(curl, HTTPUpload.onSeek))
        set(pointer: CURLOPT_SEEKDATA, context)
    }

    /// Runs the request; returns when it is over, or at once where an option was refused.
    func perform() -> CURLcode { refusals.first?.code ?? curl_easy_perform(curl) }

    private func limit(_ request: HTTPRequest) {
        set(CURLOPT_CONNECTTIMEOUT, settings.connectTimeoutSeconds)
        set(CURLOPT_LOW_SPEED_LIMIT, 1)  // bytes a second: only silence counts
        set(CURLOPT_LOW_SPEED_TIME, request.stallSeconds ?? settings.stallSeconds)
        set(CURLOPT_TCP_KEEPALIVE, 1)
    }

    private func verify() {
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        guard let file = settings.authoritiesFile else { return }
        set(text: CURLOPT_CAINFO, file)
        set(pointer: CURLOPT_CAPATH, nil)  // that file, and nothing beside it
    }

    private func choose(_ method: String) {
        switch method {
        case "GET": set(CURLOPT_HTTPGET, 1)
        case "HEAD": set(CURLOPT_NOBODY, 1)
        default: set(text: CURLOPT_CUSTOMREQUEST, method)
        }
    }

    private func headers(of request: HTTPRequest) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for header in request.headers {
            // An empty value is written `Name;`, see CURLOPT_HTTPHEADER.
            let line =
                header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
            list = curl_slist_append(list, line)
        }
        // What libcurl would add by itself, unsigned and unasked.
        for name in ["Expect", "Content-Type"] where request.header(name) == nil {
            list = curl_slist_append(list, "\(name):")
        }
        set(list: CURLOPT_HTTPHEADER, list)
        return list
    }
}

// One for each kind of argument.
extension HTTPOptions {
    private func took(_ option: CURLoption, _ code: CURLcode) {
        guard code != CURLE_OK, refusals.first == nil else { return }
        refusals.first = Refusal(option: option, code: code)
    }

    private func set(_ option: CURLoption, _ value: Int) {
        took(option, curl_set_long(curl, option, value))
    }

    private func set(text option: CURLoption, _ value: String) {
        took(option, curl_set_string(curl, option, value))
    }

    private func set(pointer option: CURLoption, _ value: UnsafeRawPointer?) {
        took(option, curl_set_pointer(curl, option, value))
    }

    private func set(offset option: CURLoption, _ value: curl_off_t) {
        took(option, curl_set_offset(curl, option, value))
    }

    private func set(list option: CURLoption, _ value: UnsafeMutablePointer<curl_slist>?) {
        took(option, curl_set_list(curl, option, value))
    }

    private func set(function option: CURLoption, _ value: curl_bytes_function?) {
        took(option, curl_set_bytes_function(curl, option, value))
    }
}
