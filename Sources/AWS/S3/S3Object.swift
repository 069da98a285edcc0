package import FoundationEssentials

/// One version of an object, as S3 describes it without its bytes.
package struct S3Object: Sendable, Equatable {
    /// Without the quotes; every request for the bytes insists on it.
    package let eTag: String
    /// In bytes, as stored.
    package let size: Int64
    /// To the second: S3 says no more in a header.
    package let lastModified: Date
    /// Nil in a bucket that was never versioned.
    package let versionID: String?
    /// Base64, by lower-case algorithm: `crc32`, `crc32c`, `crc64nvme`, `sha1`, `sha256`.
    package let checksums: [String: String]
    /// `FULL_OBJECT` or `COMPOSITE`; nil where S3 does not say.
    package let checksumType: String?
    /// Nil for S3 Standard.
    package let storageClass: String?
    /// Tier that S3 Intelligent-Tiering has archived it in; nil where it can be read.
    package let archiveStatus: String?
    /// What became of the newest restore; nil where nobody has asked for one.
    package let restore: String?
    /// As its writer set it; it says nothing reliable of the bytes.
    package let contentEncoding: String?

    /// A description put together by hand.
    package init(
        eTag: String, size: Int64, lastModified: Date, versionID: String? = nil,
        checksums: [String: String] = [:], checksumType: String? = nil
    ) {
        self.eTag = eTag
        self.size = size
        self.lastModified = lastModified
        self.versionID = versionID
        self.checksums = checksums
        self.checksumType = checksumType
        storageClass = nil
        archiveStatus = nil
        restore = nil
        contentEncoding = nil
    }

    // Nil where a header is missing without which the object cannot be read safely.
    init?(_ headers: HTTPHeaders) {
        guard let eTag = headers["ETag"], !eTag.isEmpty,
            let size = headers["Content-Length"].flatMap({ Int64($0) }), size >= 0,
            let lastModified = headers["Last-Modified"].flatMap(HTTPDate.parse)
        else { return nil }
        self.eTag = S3Object.unquoted(eTag)
        self.size = size
        self.lastModified = lastModified
        // "null" is the version of an object older than its bucket's versioning: a name like any.
        versionID = headers["x-amz-version-id"]
        checksums = S3Object.checksums(in: headers)
        checksumType = headers["x-amz-checksum-type"]
        storageClass = headers["x-amz-storage-class"]
        archiveStatus = headers["x-amz-archive-status"]
        restore = headers["x-amz-restore"]
        contentEncoding = headers["Content-Encoding"]
    }

    /// Whether its bytes can only be read after somebody has had them restored.
    ///
    /// Source: Amazon S3 API Reference, "HeadObject", `x-amz-archive-status` and `x-amz-restore`:
    /// a restore that has ended says `ongoing-request="false"`, and the class stays what it was.
    package var isArchived: Bool {
        guard restore?.contains("ongoing-request=\"false\"") != true else { return false }
        return archiveStatus != nil || storageClass.map(Self.archiveClasses.contains) == true
    }

    /// Whether somebody has asked for the bytes, and S3 has not brought them yet.
    package var isBeingRestored: Bool {
        restore?.contains("ongoing-request=\"true\"") == true
    }

    // S3 Glacier Instant Retrieval (GLACIER_IR) is read like any other.
    private static let archiveClasses: Set<String> = ["GLACIER", "DEEP_ARCHIVE"]

    static func unquoted(_ eTag: String) -> String {
        guard eTag.count >= 2, eTag.hasPrefix("\""), eTag.hasSuffix("\"") else { return eTag }
        return String(eTag.dropFirst().dropLast())
    }

    static func checksums(in headers: HTTPHeaders) -> [String: String] {
        var found: [String: String] = [:]
        for algorithm in S3Checksum.algorithms {
            found[algorithm] = headers["x-amz-checksum-\(algorithm)"]
        }
        return found
    }
}

/// One line of a bucket's listing.
package struct S3ListedObject: Sendable, Equatable {
    /// As it was stored, decoded.
    package let key: String
    /// Without the quotes.
    package let eTag: String
    /// In bytes.
    package let size: Int64
    /// When this version was stored.
    package let lastModified: Date

    /// A line put together by hand.
    package init(key: String, eTag: String, size: Int64, lastModified: Date) {
        self.key = key
        self.eTag = eTag
        self.size = size
        self.lastModified = lastModified
    }
}

/// What happens to an object while it is being read.
package enum S3Error: Error, Sendable, Equatable, CustomStringConvertible {
    /// The object under this key is no longer the version that was asked for.
    case versionChanged(bucket: String, key: String, eTag: String)

    /// Where, what, and what to do about it.
    package var description: String {
        switch self {
        case .versionChanged(let bucket, let key, let eTag):
            "s3://\(bucket)/\(key): version \(eTag) was replaced while it was read; "
                + "read the newest version from its beginning"
        }
    }
}
