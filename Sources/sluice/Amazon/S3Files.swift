internal import AWS
internal import Feeds
internal import FoundationEssentials

/// A seller's buckets as a ``FileStore``.
///
/// The one place that keeps one seller from another's objects: whatever led here, what is fetched
/// lies in a location of the seller.
final class S3Files: FileStore {
    private let s3: S3
    private let seller: Seller
    /// What S3 said of the object looked at last: a download checks its checksum against it.
    private var head: S3Object?

    init(_ client: AWSClient, seller: Seller, isStopping: @escaping @Sendable () -> Bool) {
        s3 = S3(client: client)
        s3.stop = isStopping
        self.seller = seller
    }

    func newestVersion(of file: File) throws -> FileVersion {
        try throwUnlessOwned(file)
        return try translated {
            let object = try s3.headObject(
                bucket: file.bucket, key: file.key, expectedBucketOwner: seller.accountID)
            head = object
            return FileVersion(
                eTag: object.eTag, versionID: object.versionID, size: Int(object.size),
                lastModified: object.lastModified.ISO8601Format(),
                archived: object.isArchived ? Self.archiveReason(file, object) : nil)
        }
    }

    func read(_ file: File, _ version: FileVersion, body: (RawSpan) throws -> Void) throws {
        try throwUnlessOwned(file)
        let known = head?.eTag == version.eTag ? head : nil
        let object =
            known
            ?? S3Object(
                eTag: version.eTag, size: Int64(version.size), lastModified: .distantPast,
                versionID: version.versionID)
        do {
            try translated {
                try s3.getObject(
                    bucket: file.bucket, key: file.key, version: object,
                    expectedBucketOwner: seller.accountID, body: body)
            }
        } catch let error as StoreError where error.kind == .archived {
            throw StoreError(.archived, Self.archiveReason(file, object))
        }
    }

    // A location is a folder, or one object. A folder is listed with its slash: S3 refuses to list
    // "cas" to whoever may list "cas/*", and "cas2/" is somebody else's.
    func list(_ location: Location, each: (String, FileVersion) throws -> Void) throws {
        let isFolder = location.prefix.isEmpty || location.prefix.hasSuffix("/")
        guard !isFolder else { return _ = try listFolder(location, location.prefix, each) }
        let one = try onlyObject(of: location)
        if case .success(let version?) = one { try each(location.prefix, version) }
        let listed = try listFolder(location, location.prefix + "/", each)
        // Not to be looked at, and nothing below it: that is what is wrong with the location.
        if listed == 0, case .failure(let error) = one { throw error }
    }

    private func listFolder(
        _ location: Location, _ prefix: String, _ each: (String, FileVersion) throws -> Void
    ) throws -> Int {
        var count = 0
        try translated {
            try s3.listObjects(
                bucket: location.bucket, prefix: prefix,
                expectedBucketOwner: seller.accountID
            ) { object in
                guard location.contains(bucket: location.bucket, key: object.key) else { return }
                count += 1
                try each(
                    object.key,
                    FileVersion(
                        eTag: object.eTag, versionID: nil, size: Int(object.size),
                        lastModified: object.lastModified.ISO8601Format()))
            }
        }
        return count
    }

    // The object whose key is the location's whole prefix, nil where there is none. Only a name
    // with a dot is asked for: every delivered file has one, and few folders.
    private func onlyObject(of location: Location) throws -> Result<FileVersion?, StoreError> {
        guard location.prefix.split(separator: "/").last?.contains(".") == true else {
            return .success(nil)
        }
        let file = File(sellerID: seller.id, bucket: location.bucket, key: location.prefix)
        do {
            let found = try newestVersion(of: file)
            return .success(
                FileVersion(
                    eTag: found.eTag, versionID: nil, size: found.size,
                    lastModified: found.lastModified))
        } catch let error as StoreError where error.kind == .missing {
            return .success(nil)
        } catch let error as StoreError where error.kind == .denied {
            return .failure(error)
        }
    }

    private func throwUnlessOwned(_ file: File) throws {
        guard !seller.owns(bucket: file.bucket, key: file.key) else { return }
        throw StoreError(.foreign, seller.refusal(of: "\(file)"))
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

    private static func archiveReason(_ file: File, _ object: S3Object) -> String {
        let tier = (object.archiveStatus ?? object.storageClass).map { " (\($0))" } ?? ""
        let start = "\(file): S3 has archived it\(tier), so that it cannot be loaded. "
        guard !object.isBeingRestored else {
            return start + "Its restore is under way; the sweep after that loads it"
        }
        // What Intelligent-Tiering brings back stays, and takes no number of days.
        let isTiered = object.archiveStatus != nil || object.storageClass == nil
        return start + "Restore it: aws s3api restore-object --bucket "
            + "\(file.bucket.shellWord) --key=\(file.key.shellWord) --restore-request "
            + "\(isTiered ? "'{}'" : "Days=7"); the sweep after that loads it"
    }

    private static func kind(of error: AWSError) -> StoreError.Kind {
        if error.isInterrupted { return .stopped }
        if error.code == "ChecksumMismatch" { return .corrupt }
        if error.code == "InvalidObjectState" { return .archived }
        // Without its bucket nothing can be said of an object.
        if error.code == "NoSuchBucket" { return .denied }
        if error.isTransient { return .unavailable }
        return error.isNotFound ? .missing : .denied
    }
}
