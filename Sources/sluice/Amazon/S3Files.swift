internal import AWS
internal import Feeds
internal import FoundationEssentials

/// A seller's buckets as a ``FileStore``.
final class S3Files: FileStore {
    private let s3: S3
    private let accountID: String?
    /// What S3 said of the object looked at last: a download checks its checksum against it.
    private var head: S3Object?

    init(_ client: AWSClient, seller: Seller, isStopping: @escaping @Sendable () -> Bool) {
        s3 = S3(client: client)
        s3.stop = isStopping
        accountID = seller.accountID
    }

    func newestVersion(of file: File) throws -> FileVersion {
        try translated {
            let object = try s3.headObject(
                bucket: file.bucket, key: file.key, expectedBucketOwner: accountID)
            head = object
            return FileVersion(
                eTag: object.eTag, versionID: object.versionID, size: Int(object.size),
                lastModified: object.lastModified.ISO8601Format())
        }
    }

    func read(_ file: File, _ version: FileVersion, body: (RawSpan) throws -> Void) throws {
        let known = head?.eTag == version.eTag ? head : nil
        let object =
            known
            ?? S3Object(
                eTag: version.eTag, size: Int64(version.size), lastModified: .distantPast,
                versionID: version.versionID)
        try translated {
            try s3.getObject(
                bucket: file.bucket, key: file.key, version: object,
                expectedBucketOwner: accountID, body: body)
        }
    }

    func list(_ location: Location, each: (String, FileVersion) throws -> Void) throws {
        try translated {
            try s3.listObjects(
                bucket: location.bucket, prefix: location.prefix, expectedBucketOwner: accountID
            ) { object in
                guard location.contains(bucket: location.bucket, key: object.key) else { return }
                try each(
                    object.key,
                    FileVersion(
                        eTag: object.eTag, versionID: nil, size: Int(object.size),
                        lastModified: object.lastModified.ISO8601Format()))
            }
        }
    }

    /// Tells the domain what an answer of S3 means; the sink's own errors pass unchanged.
    private func translated<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let error as S3Error {
            throw StoreError(.versionChanged, "\(error)")
        } catch let error as AWSError {
            throw StoreError(Self.kind(of: error), "\(error)")
        } catch let error as CredentialError {
            throw StoreError(.denied, "\(error)")
        }
    }

    private static func kind(of error: AWSError) -> StoreError.Kind {
        if error.isInterrupted { return .stopped }
        if error.code == "ChecksumMismatch" { return .corrupt }
        if error.isTransient { return .unavailable }
        return error.isNotFound ? .missing : .denied
    }
}
