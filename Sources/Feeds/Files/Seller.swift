/// Whose files these are, and where they may lie.
package struct Seller: Sendable, Equatable {
    /// `ingest.seller.seller_id`.
    package let id: Int32
    package let name: String
    package let locations: [Location]
    /// Parts of the locations that are left alone.
    package let excluded: [Location]
    /// AWS account that must own the buckets; `nil` where the operator named none.
    package let accountID: String?
    package let region: String?
    package let roleARN: String?
    package let externalID: String?
    package let queueURL: String?
    /// Topics that messages may come from; empty for any.
    package let topicARNs: [String]
    /// How data sets are asked for; `nil` where they are not.
    package let requests: RequestSettings?

    package init(
        id: Int32, name: String, locations: [Location], accountID: String? = nil,
        region: String? = nil, roleARN: String? = nil, externalID: String? = nil,
        queueURL: String? = nil, topicARNs: [String] = [], requests: RequestSettings? = nil,
        excluded: [Location] = []
    ) {
        self.excluded = excluded
        self.id = id
        self.name = name
        self.locations = locations
        self.accountID = accountID
        self.region = region
        self.roleARN = roleARN
        self.externalID = externalID
        self.queueURL = queueURL
        self.topicARNs = topicARNs
        self.requests = requests
    }

    /// Whether a message of this seller may make us look at the object.
    package func owns(bucket: String, key: String) -> Bool {
        locations.contains { $0.contains(bucket: bucket, key: key) }
            && !excludes(bucket: bucket, key: key)
    }

    /// Whether an operator has said that the object is to be left alone.
    package func excludes(bucket: String, key: String) -> Bool {
        excluded.contains { $0.contains(bucket: bucket, key: key) }
    }

    /// Whether a message that names this topic may lead to anything.
    package func hears(_ topicARN: String) -> Bool {
        topicARNs.isEmpty || topicARNs.contains { $0.isExactly(topicARN) }
    }

    /// Why nothing was fetched from places that are not this seller's, and what to do.
    package func refusal(of places: String) -> String {
        "\(places) is not in a location of the seller \(name), and was not fetched. If it should "
            + "be, add the location: sluice seller add \(name.shellWord) --location ..."
    }
}

/// A bucket, or the part of a bucket below a prefix.
package struct Location: Sendable, Hashable, CustomStringConvertible {
    package let bucket: String
    /// Empty, or text that every key of the location begins with.
    package let prefix: String

    package init(bucket: String, prefix: String = "") {
        self.bucket = bucket
        self.prefix = prefix
    }

    /// Reads `bucket`, `bucket/prefix` or `s3://bucket/prefix`; `nil` where no bucket is named.
    package init?(_ text: String) {
        let scheme = "s3://"
        let path = text.hasPrefix(scheme) ? text.dropFirst(scheme.count) : text[...]
        let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bucket = parts.first, !bucket.isEmpty else { return nil }
        self.init(bucket: String(bucket), prefix: parts.count > 1 ? String(parts[1]) : "")
    }

    package func contains(bucket: String, key: String) -> Bool {
        guard bucket.isExactly(self.bucket) else { return false }
        // "reports" must not open "reports-of-someone-else/".
        return prefix.isEmpty || prefix.utf8.last == UInt8(ascii: "/")
            ? key.beginsExactly(with: prefix)
            : key.isExactly(prefix) || key.beginsExactly(with: prefix + "/")
    }

    package var description: String {
        prefix.isEmpty ? bucket : bucket + "/" + prefix
    }
}
