internal import Feeds
internal import Logging

/// What AWS answers to requests for data sets: notices, metadata files, the files themselves.
extension LoadSlot {
    // Of looks for answers that nobody told of, so that a round has an end.
    private static let looksMax = 50

    /// After each load of a data set: reads what lies beside it, and tells who asked for it.
    func answer(with file: File, from source: FileSource, isNew: Bool) throws {
        let isDescribed = try withDatabase { try DataSetMetadata.isKnown(beside: file, on: $0) }
        let metadata = isNew || !isDescribed ? try readMetadata(beside: file, source) : nil
        try withDatabase { postgres in
            let answer = RequestAnswer(sellerID: file.sellerID, on: postgres)
            if let metadata {
                try answer.deliver(
                    requestID: metadata.requestID, key: metadata.requestKey, in: file)
            }
            try answer.deliver(file)
        }
    }

    /// Does what a message says of data sets beyond the files to load.
    ///
    /// - Returns: whether there was any such thing, and the places that are not the seller's.
    func followDataSets(
        _ notification: Feeds.Notification, of seller: Seller
    ) throws -> (isFollowed: Bool, refused: [String]) {
        var isFollowed = false
        var refused: [String] = []
        for pointer in notification.pointers where pointer.isMetadata {
            guard let bucket = pointer.bucket else { continue }
            guard seller.owns(bucket: bucket, key: pointer.key) else {
                refused.append("s3://\(bucket)/\(pointer.key)")
                continue
            }
            if try followMetadata(bucket: bucket, key: pointer.key, of: seller) {
                isFollowed = true
            }
        }
        if let notice = notification.dataSet { try follow(notice, of: seller) }
        return (isFollowed, refused)
    }

    /// Looks for answers of which no notice came.
    func lookForAnswers(of seller: Seller) throws {
        let unanswered = try withDatabase {
            try RequestAnswer(sellerID: seller.id, on: $0).toLookFor(max: Self.looksMax)
        }
        for request in unanswered where !context.shutdown.isRequested {
            guard try !look(for: request, of: seller) else { continue }
            try withDatabase { try RequestAnswer(sellerID: seller.id, on: $0).missed(request) }
        }
    }

    private func look(for request: RequestAnswer.Unanswered, of seller: Seller) throws -> Bool {
        let key = request.stem + ".csv"
        guard seller.owns(bucket: request.bucket, key: key) else { return false }
        let file = File(sellerID: seller.id, bucket: request.bucket, key: key)
        let source = FileSource.buckets(seller)
        let metadata = try readMetadata(beside: file, source)
        let isOurs =
            metadata.map { found in
                found.requestKey == request.key
                    || found.requestID.map(request.ids.contains) ?? false
            } ?? false
        guard let version = try versionIfThere(of: file, source) else { return false }
        guard isOurs || (version.lastModified ?? "") >= request.modifiedSince,
            let feed = try withDatabase({ try Feed.of(key: key, on: $0) })
        else { return false }
        _ = try load(file, as: feed, from: source)
        try withDatabase {
            try RequestAnswer(sellerID: seller.id, on: $0)
                .deliver(requestID: nil, key: request.key, in: file)
        }
        return true
    }

    /// The description of a data set is there: so is the data set, if perhaps a moment later.
    ///
    /// - Returns: whether there was anything to read.
    private func followMetadata(bucket: String, key: String, of seller: Seller) throws -> Bool {
        let source = FileSource.buckets(seller)
        let stem = DataSetMetadata.stem(of: key)
        let file = File(sellerID: seller.id, bucket: bucket, key: stem + ".csv")
        let metadata = try readMetadata(beside: file, source)
        guard let feed = try withDatabase({ try Feed.of(key: file.key, on: $0) }),
            try versionIfThere(of: file, source) != nil
        else { return metadata != nil }
        _ = try load(file, as: feed, from: source)
        guard let metadata else { return false }
        try withDatabase {
            try RequestAnswer(sellerID: seller.id, on: $0)
                .deliver(requestID: metadata.requestID, key: metadata.requestKey, in: file)
        }
        return true
    }

    /// Looks where the answer to the request that a notice names would be, whatever the notice says.
    private func follow(_ notice: DataSetNotice, of seller: Seller) throws {
        let named = try withDatabase {
            try RequestAnswer(sellerID: seller.id, on: $0)
                .named(requestID: notice.requestID, key: notice.requestKey)
        }
        var isFound = false
        for request in named where try look(for: request, of: seller) { isFound = true }
        guard !isFound, case .failed(let reason) = notice.outcome else { return }
        let isOurs = try withDatabase {
            try RequestAnswer(sellerID: seller.id, on: $0)
                .fail(requestID: notice.requestID, key: notice.requestKey, reason)
        }
        guard isOurs != nil else {
            throw LoadError(
                .retry,
                "the CAS request \(notice.requestID) failed, and may be one that is being "
                    + "made right now; looked at again soon")
        }
    }

    /// Reads and keeps the metadata beside a data set; nil where there is none.
    private func readMetadata(beside file: File, _ source: FileSource) throws -> DataSetMetadata? {
        let key = DataSetMetadata.stem(of: file.key) + ".meta.json"
        let place = File(sellerID: file.sellerID, bucket: file.bucket, key: key)
        guard let version = try versionIfThere(of: place, source) else { return nil }
        var content: [UInt8] = []
        if version.size <= DataSetMetadata.bytesMax {
            try store(source).read(place, version) { bytes in
                bytes.withUnsafeBytes { content += $0 }
            }
        }
        let metadata = DataSetMetadata(content)
        if let problem = metadata.problem {
            context.logger.warning("\(place): \(problem)")
        }
        try withDatabase {
            try metadata.write(
                bucket: file.bucket, key: key, sellerID: file.sellerID, on: $0)
        }
        return metadata
    }

    // Without s3:ListBucket a key that does not exist is refused, so that is no fault here.
    func versionIfThere(of file: File, _ source: FileSource) throws -> FileVersion? {
        do {
            return try store(source).newestVersion(of: file)
        } catch let error as StoreError where [.missing, .denied, .foreign].contains(error.kind) {
            return nil
        }
    }
}
