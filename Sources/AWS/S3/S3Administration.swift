/// Who hears of a bucket's events.
package enum S3NotificationTarget: Sendable {
    /// Both by their ARN.
    case topic(String)
    case queue(String)
}

// What the demonstration and the tests need in order to be their own Amazon.
extension S3 {
    /// Stores an object and returns its ETag, without the quotes.
    @discardableResult
    package func putObject(
        bucket: String, key: String, body: HTTPBody,
        contentType: String = "application/octet-stream", expectedBucketOwner: String? = nil
    ) throws -> String {
        try inRegion(of: bucket) { region in
            var request = try request(
                "PUT", bucket, key, region, owner: expectedBucketOwner, body: body)
            request.setHeader("Content-Type", contentType)
            let call = AWSCall(
                .s3, "PutObject", resource: Self.name(bucket, key), region: region,
                request: request)
            let response = try client.perform(call, stop: stop)
            guard let eTag = response.headers["ETag"] else {
                throw AWSError(
                    call, code: AWSErrorCode.invalidResponse, "the answer has no ETag",
                    response: response)
            }
            return S3Object.unquoted(eTag)
        }
    }

    /// Creates a bucket in the configured region.
    package func createBucket(_ bucket: String) throws {
        let region = try client.configuration.endpoint(of: .s3).region
        // us-east-1 is the one region that must not be named.
        let place = "<LocationConstraint>\(xmlEscaped(region))</LocationConstraint>"
        let document =
            "<CreateBucketConfiguration\(Self.namespace)>\(place)"
            + "</CreateBucketConfiguration>"
        try administer(
            "CreateBucket", bucket, query: nil, document: region == "us-east-1" ? nil : document)
    }

    /// Makes a bucket keep the older versions of its objects.
    package func enableVersioning(ofBucket bucket: String) throws {
        try administer(
            "PutBucketVersioning", bucket, query: "versioning",
            document: "<VersioningConfiguration\(Self.namespace)><Status>Enabled</Status>"
                + "</VersioningConfiguration>")
    }

    /// Has a bucket's events sent to one target, in place of all that were configured before.
    ///
    /// `events` are named as in the documentation: `s3:ObjectCreated:*`.
    package func putBucketNotificationConfiguration(
        bucket: String, target: S3NotificationTarget, events: [String] = ["s3:ObjectCreated:*"]
    ) throws {
        let listed = events.map { "<Event>\(xmlEscaped($0))</Event>" }.joined()
        let entry =
            switch target {
            case .topic(let arn):
                "<TopicConfiguration><Topic>\(xmlEscaped(arn))</Topic>\(listed)"
                    + "</TopicConfiguration>"
            case .queue(let arn):
                "<QueueConfiguration><Queue>\(xmlEscaped(arn))</Queue>\(listed)"
                    + "</QueueConfiguration>"
            }
        try administer(
            "PutBucketNotificationConfiguration", bucket, query: "notification",
            document: "<NotificationConfiguration\(Self.namespace)>\(entry)"
                + "</NotificationConfiguration>")
    }

    private static let namespace = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

    private func administer(
        _ operation: String, _ bucket: String, query: String?, document: String?
    ) throws {
        try inRegion(of: bucket) { region in
            var request = try request("PUT", bucket, nil, region, owner: nil)
            if let query { request.query = [(query, "")] }
            if let document {
                request.body = .bytes(Array(document.utf8))
                request.setHeader("Content-Type", "application/xml")
            }
            let call = AWSCall(
                .s3, operation, resource: Self.name(bucket), region: region, request: request)
            _ = try client.perform(call, stop: stop)
        }
    }
}
