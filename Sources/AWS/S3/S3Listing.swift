internal import FoundationEssentials

extension S3 {
    /// Calls `each` for every object whose key begins with `prefix`, in the order of keys.
    ///
    /// `startAfter` leaves out that key and all before it. One page of at most 1,000 keys is
    /// held at a time. Throws `AWSError`, and what `each` throws.
    /// Source: Amazon S3 API Reference, "ListObjectsV2".
    package func listObjects(
        bucket: String, prefix: String = "", startAfter: String? = nil,
        expectedBucketOwner: String? = nil, each: (S3ListedObject) throws -> Void
    ) throws {
        var continuation: String?
        var tokens: Set<String> = []
        repeat {
            let page = try inRegion(of: bucket) { region in
                var request = try request("GET", bucket, nil, region, owner: expectedBucketOwner)
                request.query = [("list-type", "2"), ("encoding-type", "url"), ("prefix", prefix)]
                if let startAfter { request.query.append(("start-after", startAfter)) }
                if let continuation {
                    request.query.append(("continuation-token", continuation))
                }
                let call = AWSCall(
                    .s3, "ListObjectsV2", resource: Self.name(bucket, prefix), region: region,
                    request: request)
                let page = try S3ListingPage(client.perform(call, stop: stop), call)
                // The same page for ever is no listing, and would never end.
                guard page.continuation.map({ tokens.insert($0).inserted }) ?? true else {
                    throw AWSError(
                        call, code: AWSErrorCode.invalidResponse,
                        "a NextContinuationToken came twice: the pages have no end")
                }
                return page
            }
            for object in page.objects { try each(object) }
            continuation = page.continuation
        } while continuation != nil
    }
}

/// One page of a listing.
struct S3ListingPage {
    private(set) var objects: [S3ListedObject] = []
    /// Where the next page begins; nil after the last.
    let continuation: String?

    init(_ response: HTTPResponse, _ call: AWSCall) throws(AWSError) {
        guard let root = XMLElementNode(parsing: response.body), root.name == "ListBucketResult"
        else { throw Self.invalid("not a ListBucketResult", call, response) }
        // A server that knows nothing of encoding-type sends keys as they are.
        let isEncoded = root["EncodingType"]?.text == "url"
        for element in root.all("Contents") {
            guard let object = S3ListedObject(element, isEncoded: isEncoded) else {
                let key = element["Key"]?.text ?? ""
                throw Self.invalid("the entry \"\(key)\" is incomplete", call, response)
            }
            objects.append(object)
        }
        let isTruncated = root["IsTruncated"]?.text == "true"
        continuation = isTruncated ? root["NextContinuationToken"]?.text : nil
        guard !isTruncated || continuation != nil else {
            throw Self.invalid("a truncated page names no next one", call, response)
        }
    }

    private static func invalid(
        _ message: String, _ call: AWSCall, _ response: HTTPResponse
    ) -> AWSError {
        AWSError(call, code: AWSErrorCode.invalidResponse, message, response: response)
    }
}

extension S3ListedObject {
    // S3 encodes keys of listings as forms do: a space is a plus sign.
    fileprivate init?(_ element: XMLElementNode, isEncoded: Bool) {
        guard let text = element["Key"]?.text,
            let key = isEncoded ? PercentEncoding.decode(text, plusIsSpace: true) : text,
            let eTag = element["ETag"]?.text,
            let size = element["Size"].flatMap({ Int64($0.text) }), size >= 0,
            let lastModified = element["LastModified"].flatMap({ ISODate.parse($0.text) })
        else { return nil }
        self.init(
            key: key, eTag: S3Object.unquoted(eTag), size: size, lastModified: lastModified)
    }
}
