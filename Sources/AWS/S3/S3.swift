/// The calls of Amazon S3 that we make.
///
/// It belongs to one thread or task, as its client does. Keys are taken as they are: any
/// UTF-8, `//`, `.` and `..` included.
package final class S3 {
    let client: AWSClient
    /// Asked during every call; true ends it with an `Interrupted` error.
    package var stop: (() -> Bool)?
    // Where S3 said that a bucket is, when it was not where we looked.
    private var regions: [String: String] = [:]

    /// Calls go through `client`, which signs and retries them.
    package init(client: AWSClient) { self.client = client }

    /// What S3 says of an object's newest version, without its bytes.
    ///
    /// `expectedBucketOwner` is an account number; S3 refuses if the bucket is another's.
    package func headObject(
        bucket: String, key: String, expectedBucketOwner: String? = nil
    ) throws -> S3Object {
        try inRegion(of: bucket) { region in
            var request = try request("HEAD", bucket, key, region, owner: expectedBucketOwner)
            request.setHeader("x-amz-checksum-mode", "ENABLED")
            let call = AWSCall(
                .s3, "HeadObject", resource: Self.name(bucket, key), region: region,
                request: request)
            let response = try performHead(call)
            guard let object = S3Object(response.headers) else {
                throw AWSError(
                    call, code: AWSErrorCode.invalidResponse,
                    "the answer lacks ETag, Content-Length or Last-Modified, or one of them "
                        + "is not what it should be", response: response)
            }
            return object
        }
    }

    // The answer to a HEAD says no more than its status. Asking for the first byte instead
    // tells an expired token from a missing permission, a missing bucket from a missing key.
    private func performHead(_ call: AWSCall) throws -> HTTPResponse {
        do {
            return try client.perform(call, stop: stop)
        } catch let error as AWSError where [400, 403, 404].contains(error.httpStatus) {
            guard error.bucketRegion == nil || error.bucketRegion == call.region else {
                throw error
            }
            var request = call.request
            request.method = "GET"
            request.setHeader("Range", "bytes=0-0")
            let question = AWSCall(
                .s3, "GetObject", resource: call.resource, region: call.region, request: request)
            do {
                _ = try client.perform(question, stop: stop)
            } catch let reason as AWSError where reason.httpStatus == 416 {
                // An empty object has no first byte: it is there all the same.
            }
            return try client.perform(call, stop: stop)
        }
    }

    /// Runs a call in the region of its bucket; where S3 names another one, there.
    ///
    /// Source: Amazon S3 API Reference, "Error Responses": 301 and the 400 that says
    /// `AuthorizationHeaderMalformed` name the region.
    func inRegion<Answer>(
        of bucket: String, _ call: (_ region: String) throws -> Answer
    ) throws -> Answer {
        // Where no region is known at all, S3 itself tells the bucket's from this one.
        let region = regions[bucket] ?? client.configuration.region ?? Self.firstRegion
        do {
            return try call(region)
        } catch let error as AWSError {
            guard [301, 307, 400].contains(error.httpStatus), let named = error.bucketRegion,
                named != region
            else { throw error }
            regions[bucket] = named
            return try call(named)
        }
    }

    /// A request for a bucket, or for an object in it.
    func request(
        _ method: String, _ bucket: String, _ key: String?, _ region: String, owner: String?,
        body: HTTPBody = .empty
    ) throws -> HTTPRequest {
        let endpoint = try client.configuration.endpoint(of: .s3, region: region)
        let object = PercentEncoding.encode(key ?? "", keepingSlash: true)
        let isPathStyle = try client.configuration.isPathStyle(bucket: bucket, at: endpoint)
        let folder = "/\(PercentEncoding.encode(bucket))"
        var request = HTTPRequest(
            method: method, scheme: endpoint.scheme,
            host: isPathStyle ? endpoint.host : "\(bucket).\(endpoint.host)",
            port: endpoint.port,
            path: endpoint.path + (isPathStyle ? folder : "")
                + (isPathStyle && key == nil ? "" : "/\(object)"),
            body: body)
        if let owner { request.setHeader("x-amz-expected-bucket-owner", owner) }
        return request
    }

    private static let firstRegion = AWSPartition.standard.homeRegion

    static func name(_ bucket: String, _ key: String? = nil) -> String {
        key.map { "s3://\(bucket)/\($0)" } ?? "s3://\(bucket)"
    }
}
