/// A CAS data set: a whole picture of a period, replaced when it is asked for again.
///
/// To add a data set, write one file with a type that conforms, and list it in `Simulation`.
protocol Snapshot: Sendable {
    associatedtype Row

    var world: World { get }
    /// Schema and table: `cas.disbursed_amount_by_product`.
    var name: String { get }
    /// The titles, spelled as on AWS's pages.
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

    /// The publication date that a publication of a day bears.
    func date(of published: SimulatedDay) -> SimulatedDay
    /// The key of a publication's files, without what comes after the dot.
    func stem(of published: SimulatedDay) -> String
    var metadata: MetadataKind { get }
    /// How many rows a table keeps when that is not all rows of all publications.
    func stored(asOf day: SimulatedDay) -> Int?
}

/// What is beside a data set.
enum MetadataKind: Sendable {
    case none
    case dataSet
    case supportExport
}

/// Which delivery of the same publication.
enum Edition: Sendable {
    case first
    case regenerated
}

extension Snapshot {
    var metadata: MetadataKind { .dataSet }
    func regeneration(of published: SimulatedDay) -> Int? { nil }
    func count(_ row: borrowing Row, in tally: inout FeedTally) {}
    func date(of published: SimulatedDay) -> SimulatedDay { published }
    func stem(of published: SimulatedDay) -> String { "cas/\(type)_\(date(of: published))" }
    func stored(asOf day: SimulatedDay) -> Int? { nil }

    /// The data set type, as CAS names it.
    var type: String { String(name.drop { $0 != "." }.dropFirst()) }

    /// Whether anything was published on a day.
    func isPublished(on day: SimulatedDay) -> Bool { coverage(publishedOn: day) != nil }

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
        return tally.truth(named: name, stored: stored(asOf: day))
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
    /// The keys of both files without what comes after the dot.
    let stem: String
    /// Whether it is an export of support contacts.
    let isExport: Bool

    func write(into sink: ByteSink) throws -> Int {
        var writer = RowWriter()
        let seller = world.sellerAccountNumber
        writer.raw(text(seller: seller))
        try writer.flush(into: sink)
        return 0
    }

    /// What GenerateDataSet answered when the data set was asked for.
    var requestID: String {
        let index = published.number * 2 + (edition == .first ? 0 : 1)
        let hash = type.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }
        return world.root.child(.request, hash).child(.request, index).guidText
    }

    // The layout of a metadata file, AWS: "Commerce Analytics Service, onboarding guide".
    private func text(seller: String) -> String {
        """
        {
          "dataSetRequestId": "\(requestID)",
          "dataSetCoverageRange": {"startDateTime": "\(coverage.lowerBound)T00:00:00Z", \
        "endDateTime": "\(coverage.upperBound)T23:59:59Z"},\(exportTimes)
          "dataSetRequestParameters": {
            "sellerAccountId": "\(seller)",
            "dataSetType": "\(type)",
            \(parameter),
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

    private var exportTimes: String {
        guard isExport else { return "" }
        return """

              "requestReceivedDateTime": "\(published)T23:58:00Z",
              "requestCompletedDateTime": "\(published)T23:59:30Z",
            """
    }

    private var parameter: String {
        isExport
            ? "\"fromDate\": \"\(coverage.lowerBound)T00:00:00Z\""
            : "\"dataSetPublicationDate\": \"\(published)T00:00:00Z\""
    }
}

extension Key {
    /// The key as a GUID.
    var guidText: String {
        var writer = RowWriter()
        return String(writer.collected { $0.guid(self) }.dropLast())
    }
}

extension World {
    /// The AWS account number of the seller.
    var sellerAccountNumber: String {
        var writer = RowWriter()
        return writer.collected { $0.accountNumberText(seller) }
    }
}

/// What most data sets say of a customer and a product.
extension RowWriter {
    /// How CAS calls the audience of an offer.
    mutating func visibility(_ offer: Offer) {
        quoted(offer.audience == .buyer ? "Private" : "Public")
    }

    /// The id of a subscriber that reports share.
    mutating func customerReference(_ customer: Customer) {
        name("ref-", customer.key, 16)
    }

    /// State and country of the user.
    mutating func userPlace(_ customer: Customer) {
        quoted(customer.market.state)
        quoted(customer.market.country)
    }

    /// Title and code.
    mutating func titleAndCode(_ index: Int, in world: World) {
        let product = Product(index: index, of: world)
        text(product.title)
        name("", product.code, 25)
    }

    /// Country, state, city and postal code of the billed account.
    mutating func billedPlace(_ customer: Customer) {
        quoted(customer.market.country)
        billedTown(customer)
    }

    private mutating func billedTown(_ customer: Customer) {
        quoted(customer.market.state)
        quoted(customer.market.city)
        quoted(customer.market.postalCode)
    }

    /// Solutions are sold by few: two empty fields.
    mutating func solution() {
        empty()
        empty()
    }

    /// The ids of the payer and its address.
    mutating func payer(_ customer: Customer) {
        payerReference(customer)
        address(customer.billingAddress)
    }

    mutating func payerReference(_ customer: Customer) { name("payer-", customer.payer, 16) }

    /// State to email domain, solution and payer, which end most data sets.
    mutating func casTail(_ customer: Customer) {
        billedTown(customer)
        emailDomain(customer.payer)
        solution()
        payer(customer)
    }
}
