extension S3 {
    /// Lends the bytes of one version of an object to `body`, in order and each once.
    ///
    /// A dropped or stalled connection is resumed where it broke. Throws
    /// `S3Error.versionChanged` where the key no longer holds `version`, `AWSError` else, and
    /// what `body` throws, unchanged. When it returns, all bytes from `offset` to
    /// `version.size` were lent, and those of a read from 0 match the checksum that S3 has of
    /// the whole object, if it has one.
    package func getObject(
        bucket: String, key: String, version: S3Object, expectedBucketOwner: String? = nil,
        from offset: Int64 = 0, body: (RawSpan) throws -> Void
    ) throws {
        precondition((0...version.size).contains(offset))
        guard offset < version.size || version.size == 0 else { return }
        var download = S3Download(version: version, offset: offset)
        do {
            try inRegion(of: bucket) { region in
                var request = try request("GET", bucket, key, region, owner: expectedBucketOwner)
                request.setHeader("If-Match", "\"\(version.eTag)\"")
                try download.run(request, resource: Self.name(bucket, key), region, self, body)
            }
        } catch let reader as S3Download.ReaderError {
            throw reader.error
        } catch let error as AWSError where error.httpStatus == 412 {
            throw S3Error.versionChanged(bucket: bucket, key: key, eTag: version.eTag)
        } catch is S3Download.OtherVersion {
            throw S3Error.versionChanged(bucket: bucket, key: key, eTag: version.eTag)
        }
    }
}

/// How far the reading of one version has come.
struct S3Download {
    /// The server sent another version although it was told which one.
    struct OtherVersion: Error {}

    /// What the reader threw, wrapped so that nobody takes it for an error of this call.
    struct ReaderError: Error {
        let error: any Error
    }

    private let version: S3Object
    private let offset: Int64
    private var position: Int64
    // Bytes in front of `position` that an answer without regard to the range repeats.
    private var skip: Int64 = 0
    private var checksum: S3Checksum?
    private var isDone: Bool { position == version.size }

    // A connection that dies so often without a byte in between is not worth an eleventh try.
    private static let fruitlessResumesMax = 10

    init(version: S3Object, offset: Int64) {
        self.version = version
        self.offset = offset
        position = offset
    }

    mutating func run(
        _ request: HTTPRequest, resource: String, _ region: String, _ s3: S3,
        _ body: (RawSpan) throws -> Void
    ) throws {
        var fruitless = 0
        while true {
            let before = position
            let call = AWSCall(
                .s3, "GetObject", resource: resource, region: region,
                request: ranged(request))
            let broken = try receive(call, s3, body)
            if isDone { return try verify(call) }
            fruitless = position > before ? 1 : fruitless + 1
            guard broken?.isTransient ?? true, fruitless <= Self.fruitlessResumesMax else {
                throw broken ?? cutShort(call)
            }
            try s3.client.pause(before: fruitless + 1, of: call, stop: s3.stop)
        }
    }

    private func ranged(_ request: HTTPRequest) -> HTTPRequest {
        var request = request
        if position > 0 { request.setHeader("Range", "bytes=\(position)-") }
        // S3 answers with the checksum of the whole object only to a request for all of it.
        if position == 0 { request.setHeader("x-amz-checksum-mode", "ENABLED") }
        return request
    }

    // Returns what cut the body short, nil if it came to its end.
    private mutating func receive(
        _ call: AWSCall, _ s3: S3, _ body: (RawSpan) throws -> Void
    ) throws -> AWSError? {
        var state = self
        defer { self = state }
        return try s3.client.stream(call, stop: s3.stop) { response in
            try state.begin(response, call)
        } body: { bytes in
            try state.take(bytes, call, body)
        }
    }

    private mutating func begin(_ response: HTTPResponse, _ call: AWSCall) throws {
        // Not every server heeds If-Match.
        if let eTag = response.headers["ETag"], S3Object.unquoted(eTag) != version.eTag {
            throw OtherVersion()
        }
        if response.status == 206 { try check(response, call) }
        skip = response.status == 206 ? 0 : position
        guard offset == 0, position == 0 else { return }
        let ofAnswer = S3Object.checksums(in: response.headers)
        checksum =
            S3Checksum(ofAnswer, type: response.headers["x-amz-checksum-type"])
            ?? S3Checksum(version.checksums, type: version.checksumType)
    }

    // RFC 9110 §14.4: bytes first-last/length, where the length may be "*".
    private func check(_ response: HTTPResponse, _ call: AWSCall) throws {
        let range = response.headers["Content-Range"] ?? ""
        let wanted = "bytes \(position)-\(version.size - 1)/"
        guard range == wanted + "\(version.size)" || range == wanted + "*" else {
            throw AWSError(
                call, code: AWSErrorCode.contentRangeMismatch,
                "asked for \"\(wanted)\(version.size)\", got \"\(range)\"", response: response)
        }
    }

    private mutating func take(
        _ bytes: RawSpan, _ call: AWSCall, _ body: (RawSpan) throws -> Void
    ) throws {
        let skipped = Int(min(skip, Int64(bytes.byteCount)))
        skip -= Int64(skipped)
        let rest = bytes.extracting(droppingFirst: skipped)
        guard !rest.isEmpty else { return }
        guard position + Int64(rest.byteCount) <= version.size else {
            throw AWSError(
                call, code: AWSErrorCode.lengthMismatch,
                "more bytes came than the version's \(version.size)")
        }
        checksum?.update(rest)
        position += Int64(rest.byteCount)
        do { try body(rest) } catch { throw ReaderError(error: error) }
    }

    private func verify(_ call: AWSCall) throws {
        guard let checksum, checksum.computed != checksum.expected else { return }
        throw AWSError(
            call, code: AWSErrorCode.checksumMismatch,
            "\(checksum.algorithm) of the bytes is \(checksum.computed), "
                + "S3 says \(checksum.expected)")
    }

    private func cutShort(_ call: AWSCall) -> AWSError {
        AWSError(
            call, code: AWSErrorCode.lengthMismatch,
            "the answer ended at byte \(position) of \(version.size)")
    }
}
