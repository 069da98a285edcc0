/// A CAS data set: a whole picture of a period, replaced when it is asked for again.
///
/// To add a data set, write one file with a type that conforms, and list it in `Simulation`.
protocol Snapshot: Sendable {
    associatedtype Row

    var world: World { get }
    /// Schema and table: `cas.disbursed_amount_by_product`.
    var name: String { get }
    var header: StaticString { get }

    /// The days that a publication of `day` covers, or nil when none appears that day.
    func coverage(publishedOn day: SimulatedDay) -> ClosedRange<SimulatedDay>?
    /// How many days later the same publication is delivered anew, if at all.
    func regeneration(of published: SimulatedDay) -> Int?
    func forEachRow(
        published: SimulatedDay, edition: Edition, _ body: (borrowing Row) throws -> Void
    ) rethrows
    func write(_ row: borrowing Row, into writer: inout RowWriter)
    func count(_ row: borrowing Row, in tally: inout FeedTally)
}

/// Which delivery of the same publication.
enum Edition: Sendable {
    case first
    case regenerated
}

extension Snapshot {
    /// The data set type, as CAS names it.
    var type: String { String(name.dropFirst("cas.".count)) }

    /// The edition in the bucket at the end of a day, and the day on which it came.
    func edition(of published: SimulatedDay, asOf day: SimulatedDay) -> (Edition, SimulatedDay) {
        guard let delay = regeneration(of: published), published + delay <= day else {
            return (.first, published)
        }
        return (.regenerated, published + delay)
    }

    func write(_ published: SimulatedDay, _ edition: Edition, into sink: ByteSink) throws -> Int {
        var writer = RowWriter()
        writer.line(header)
        try forEachRow(published: published, edition: edition) { row in
            write(row, into: &writer)
            try writer.endRow(into: sink)
        }
        try writer.flush(into: sink)
        return writer.rows
    }

    /// Counts the rows of all publications as they are at the end of a day.
    func count(asOf day: SimulatedDay) -> Truth.Feed {
        var tally = FeedTally()
        for number in world.start.number...max(world.start, day).number {
            let published = SimulatedDay(number: number)
            guard coverage(publishedOn: published) != nil else { continue }
            let (edition, _) = edition(of: published, asOf: day)
            forEachRow(published: published, edition: edition) { row in
                tally.addRow()
                count(row, in: &tally)
            }
        }
        return tally.truth(named: name)
    }
}

/// The side file that CAS writes beside each data set.
struct SnapshotMetadata: Sendable {
    let type: String
    let published: SimulatedDay
    let edition: Edition
    let coverage: ClosedRange<SimulatedDay>
    let world: World
    let bucket: String

    /// The name of the data set's files without their extension.
    static func stem(_ type: String, _ published: SimulatedDay) -> String {
        "cas/\(type)_\(published)"
    }

    func write(into sink: ByteSink) throws -> Int {
        var writer = RowWriter()
        let seller = writer.collected { $0.accountNumberText(world.seller) }
        writer.raw(text(seller: seller, request: requestID()))
        try writer.flush(into: sink)
        return 0
    }

    private func requestID() -> String {
        var writer = RowWriter()
        let index = published.number * 2 + (edition == .first ? 0 : 1)
        let stem = type.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }
        let key = world.root.child(.request, stem).child(.request, index)
        return String(writer.collected { $0.guid(key) }.dropLast())
    }

    // The layout of a metadata file, AWS: "Commerce Analytics Service, onboarding guide".
    private func text(seller: String, request: String) -> String {
        let stem = Self.stem(type, published)
        return """
            {
              "dataSetRequestId": "\(request)",
              "dataSetCoverageRange": {"startDateTime": "\(coverage.lowerBound)T00:00:00Z", \
            "endDateTime": "\(coverage.upperBound)T23:59:59Z"},
              "dataSetRequestParameters": {
                "sellerAccountId": "\(seller)",
                "dataSetType": "\(type)",
                "dataSetPublicationDate": "\(published)T00:00:00Z",
                "roleNameArn": "arn:aws:iam::\(seller):role/MarketplaceCommerceAnalyticsRole",
                "destinationS3BucketName": "\(bucket)",
                "destinationS3Prefix": "cas",
                "snsTopicArn": "arn:aws:sns:us-east-1:\(seller):marketplace-cas"
              },
              "dataSetS3Location": {"bucketName": "\(bucket)", "key": "\(stem).csv"},
              "dataSetMetaDataS3Location": \
            {"bucketName": "\(bucket)", "key": "\(stem).meta.json"}
            }

            """
    }
}

extension RowWriter {
    /// How CAS calls the audience of an offer.
    mutating func visibility(_ offer: Offer) {
        quoted(offer.audience == .buyer ? "Private" : "Public")
    }

    /// Five empty fields and the payer's ids, which end most CAS data sets.
    mutating func casTail(_ customer: Customer) {
        quoted(customer.market.state)
        quoted(customer.market.city)
        quoted(customer.market.postalCode)
        quoted("example.com")
        empty()
        empty()
        name("payer-", customer.payer, 16)
        address(customer.address)
    }
}
