package import Postgres

/// What a listing of a location found to be loaded: files whose newest version is not the one last
/// read, and how many there were beside them.
package struct Plan: Sendable {
    package struct Entry: Sendable {
        package let file: File
        package let feed: Feed
        /// Bytes as stored.
        package let size: Int
    }

    /// What is to be loaded, oldest deliveries first.
    package private(set) var entries: [Entry] = []
    package private(set) var listed = 0
    /// Files of a feed whose newest version is in the table already.
    package private(set) var current = 0
    /// Files that match no feed: how many, and the first of them.
    ///
    /// A bucket may hold millions that are none of ours.
    package private(set) var unknownCount = 0
    package private(set) var unknownExamples: [String] = []
    /// Files of a feed that the selection leaves out.
    package private(set) var deselected = 0
    /// Links that lead out of the directory, each with where it leads.
    package private(set) var leftOut: [String] = []

    package var bytes: Int { entries.lazy.map(\.size).sumOfSizes() }

    // Enough to recognise what they are.
    private static let examplesMax = 3

    // Keys looked up in one statement.
    private static let keysPerQuery = 1_000

    /// Which of the files found are wanted.
    package struct Selection: Sendable {
        /// Feeds by name, all if empty.
        package var feeds: Set<String> = []
        /// Days of delivery, `YYYY-MM-DD`, both included; files without a date are always wanted.
        package var since: String?
        package var until: String?

        package init() {}
    }

    /// Lists a location and compares it with the ledger.
    package init(
        _ location: Location, of seller: Seller, selection: Selection = Selection(),
        in store: any FileStore, on postgres: PostgresConnection
    ) throws {
        var batch: [(key: String, version: FileVersion)] = []
        try store.list(location) { key, version in
            guard !seller.excludes(bucket: location.bucket, key: key) else { return }
            batch.append((key, version))
            guard batch.count >= Self.keysPerQuery else { return }
            try add(batch, location, seller, selection, on: postgres)
            batch.removeAll(keepingCapacity: true)
        }
        try add(batch, location, seller, selection, on: postgres)
        leftOut = store.leftOut
        entries.sort {
            ($0.feed.name, ExactText($0.file.key)) < ($1.feed.name, ExactText($1.file.key))
        }
    }

    private mutating func add(
        _ batch: [(key: String, version: FileVersion)], _ location: Location, _ seller: Seller,
        _ selection: Selection, on postgres: PostgresConnection
    ) throws {
        guard !batch.isEmpty else { return }
        listed += batch.count
        let feeds = try Feed.matching(batch.map(\.key), on: postgres)
        let known = try Self.known(batch, location, seller, selection, on: postgres)
        for (key, version) in batch {
            guard let feed = feeds[ExactText(key)] else {
                unknownCount += 1
                if unknownExamples.count < Self.examplesMax { unknownExamples.append(key) }
                continue
            }
            let state = known[ExactText(key)]
            let isWanted =
                state?.isInPeriod != false
                && (selection.feeds.isEmpty || selection.feeds.contains(feed.name))
            if !isWanted {
                deselected += 1
            } else if state?.eTag == version.eTag {
                current += 1
            } else {
                let file = File(sellerID: seller.id, bucket: location.bucket, key: key)
                entries.append(Entry(file: file, feed: feed, size: version.size))
            }
        }
    }

    private struct Known {
        /// ETag of the version that was read to its end; `nil` where none was, or where the last
        /// attempt failed.
        let eTag: String?
        let isInPeriod: Bool
    }

    private static func known(
        _ batch: [(key: String, version: FileVersion)], _ location: Location, _ seller: Seller,
        _ selection: Selection, on postgres: PostgresConnection
    ) throws -> [ExactText: Known] {
        let result = try postgres.query(
            """
            select k.key, case when f.is_complete and f.failure is null then v.etag end as etag,
                coalesce(ingest.key_period(k.key) && daterange($4::date, $5::date, '[]'), true)
                    as is_in_period
            from unnest($3::text[]) as k (key)
            left join ingest.file f on f.seller_id = $1 and f.bucket = $2 and f.key = k.key
            left join ingest.version v using (version_id)
            """,
            [
                .int(Int64(seller.id)), .text(location.bucket), .textArray(batch.map(\.key)),
                PostgresValue(selection.since), PostgresValue(selection.until),
            ])
        var known: [ExactText: Known] = [:]
        for row in result {
            known[ExactText(try row.string("key"))] = Known(
                eTag: try row.optionalString("etag"), isInPeriod: try row.bool("is_in_period"))
        }
        return known
    }

    /// Whether `ingest.sweep` has no sweep of the location within so many minutes.
    package static func isDue(
        _ location: Location, of seller: Seller, afterMinutes minutes: Int,
        on postgres: PostgresConnection
    ) throws -> Bool {
        try postgres.query(
            """
            select not exists (
                select from ingest.sweep
                where seller_id = $1 and location = $2
                    and finished_at > clock_timestamp() - $3 * interval '1 minute') as is_due
            """, [.int(Int64(seller.id)), .text(location.description), .int(Int64(minutes))]
        ).only().bool("is_due")
    }

    /// Notes in `ingest.sweep` that the location was listed to its end.
    package func record(
        _ location: Location, of seller: Seller, on postgres: PostgresConnection
    ) throws {
        try postgres.query(
            """
            insert into ingest.sweep (seller_id, location, listed, found) values ($1, $2, $3, $4)
            on conflict (seller_id, location) do update
                set finished_at = now(), listed = excluded.listed, found = excluded.found
            """,
            [
                .int(Int64(seller.id)), .text(location.description), .int(Int64(listed)),
                .int(Int64(entries.count)),
            ])
    }
}

extension Sequence<Int> {
    /// The sum, or the largest number where it would be larger: a sparse file can claim to have all
    /// the bytes that there are.
    package func sumOfSizes() -> Int {
        reduce(0) { sum, size in
            let (whole, isTooLarge) = sum.addingReportingOverflow(Swift.max(size, 0))
            return isTooLarge ? .max : whole
        }
    }
}
