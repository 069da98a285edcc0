/// One object key of one seller: what is loaded, locked and checkpointed as a whole.
package struct File: Sendable, Hashable, CustomStringConvertible {
    package let sellerID: Int32
    /// S3 bucket, or `file://` and the folder for a directory.
    package let bucket: String
    /// Decoded key, or the path within the directory.
    package let key: String

    package static func == (one: File, other: File) -> Bool {
        one.sellerID == other.sellerID && one.bucket.isExactly(other.bucket)
            && one.key.isExactly(other.key)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(sellerID)
        hasher.combine(ExactText(bucket))
        hasher.combine(ExactText(key))
    }

    package init(sellerID: Int32, bucket: String, key: String) {
        self.sellerID = sellerID
        self.bucket = bucket
        self.key = key
    }

    package var description: String {
        bucket.hasPrefix("file://") ? bucket + "/" + key : "s3://" + bucket + "/" + key
    }
}

/// What a store says of a file's content at one moment.
package struct FileVersion: Sendable, Equatable {
    /// An equality token, not a hash: S3 gives multipart and KMS objects ETags of other kinds.
    package let eTag: String
    /// Version id of a bucket with versioning.
    package let versionID: String?
    /// Bytes as stored: compressed if the object is compressed.
    package let size: Int
    /// Text that Postgres reads as a `timestamptz`.
    package let lastModified: String?
    /// Why its bytes cannot be read before somebody has them restored, and how; nil where they can.
    package let archived: String?

    package init(
        eTag: String, versionID: String?, size: Int, lastModified: String?,
        archived: String? = nil
    ) {
        self.eTag = eTag
        self.versionID = versionID
        self.size = size
        self.lastModified = lastModified
        self.archived = archived
    }

    /// Whether both are the same bytes, as far as the store can tell.
    package func isSame(as other: FileVersion) -> Bool {
        eTag == other.eTag && size == other.size
    }
}
