/// A seller that never was, and what AWS Marketplace delivers to its bucket.
///
/// A delivery comes at 00:00 UTC and brings the changes of the day before. The first one, on the
/// start day, brings the history up to 2020-04-30 and month files that hold only a header. A
/// month file belongs to the month of delivery: what happened on the last day of January is in
/// February's.
package struct Simulation: Sendable {
    let parameters: SimulationParameters
    let world: World
    let logs: [any Feed]
    let snapshots: [any Snapshot]

    /// The simulation of these parameters; generates nothing yet.
    package init(_ parameters: SimulationParameters) {
        self.parameters = parameters
        world = World(parameters)
        let selected = parameters.feeds
        logs = Self.logs(of: world).filter { selected?.contains($0.name) ?? true }
        let sets = parameters.cas ? Self.sets(of: world) : []
        snapshots = sets.filter { selected?.contains($0.name) ?? true }
    }

    private static func logs(of world: World) -> [any Feed] {
        [
            AccountFeed(world: world), AddressFeed(world: world), ProductFeed(world: world),
            LegacyMappingFeed(world: world), OfferFeed(world: world),
            OfferProductFeed(world: world), OfferTargetFeed(world: world),
            AgreementFeed(world: world), AgreementTermFeed(world: world),
            AgreementChargeFeed(world: world), DailyUsageFeed(world: world),
            BillingEventFeed(world: world), TaxItemFeed(world: world),
            PersonalDataFeed(world: world),
        ]
    }

    private static func sets(of world: World) -> [any Snapshot] {
        [
            AgreementDetailsReport(world: world), HourlyMonthlySubscriptions(world: world),
            AnnualSubscriptions(world: world), UsageByInstanceType(world: world),
            DailyFees(world: world), FreeTrialConversions(world: world),
            NewInstances(world: world), NewSubscribers(world: world),
            CanceledSubscribers(world: world), BillingAndRevenueData(world: world),
            AnnualRevenue(world: world), FieldDemonstrationUsage(world: world),
            PaymentSchedules(world: world), DisbursedAmountByProduct(world: world),
            DisbursedInstanceHours(world: world), DisbursedByGeography(world: world),
            FundsByAge(world: world, kind: .uncollected),
            FundsByAge(world: world, kind: .disbursed), FundsByAge(world: world, kind: .pastDue),
            UncollectedFunds(world: world), SalesCompensation(world: world),
            SalesTaxRecords(world: world), SupportContacts(world: world),
            TestSupportContacts(world: world),
        ] + EndedSet.Kind.allCases.map { EndedSet(world: world, kind: $0) }
    }

    /// The names of everything that can be simulated: `sdds.account` and so on.
    package static var feedNames: [String] {
        let world = World(SimulationParameters())
        return logs(of: world).map(\.name) + sets(of: world).map(\.name)
    }

    /// The delivery days, the first one being the start day.
    package var days: [SimulatedDay] {
        (parameters.start.number...parameters.end.number).map(SimulatedDay.init(number:))
    }

    /// Every object in the bucket after the delivery of a day.
    package func files(asOf day: SimulatedDay) -> [SimulatedFile] {
        guard day >= parameters.start else { return [] }
        let day = min(day, parameters.end)
        return logs.indices.flatMap { logFiles($0, asOf: day) }
            + snapshots.flatMap { snapshotFiles($0, asOf: day) }
    }

    /// The objects that the delivery of a day writes or writes anew.
    ///
    /// A month file without new rows is left alone: AWS skips such a delivery.
    package func changed(on day: SimulatedDay) -> [SimulatedFile] {
        guard day >= parameters.start, day <= parameters.end else { return [] }
        return logs.indices.flatMap { changedLogFiles($0, on: day) }
            + snapshots.flatMap { changedSnapshotFiles($0, on: day) }
    }

    /// What must be found after loading everything up to a day's delivery.
    ///
    /// Generates everything once; memory grows with months and products only.
    package func truth(asOf day: SimulatedDay) -> Truth {
        let day = min(max(day, parameters.start), parameters.end)
        var ledger = Ledger()
        let days = [SimulatedDay.backfill] + businessDays(from: parameters.start, to: day)
        let logFeeds = logs.map { $0.count(days, from: parameters.start, in: &ledger) }
        return Truth(
            day: day.description,
            feeds: logFeeds + snapshots.map { $0.count(asOf: day) },
            months: ledger.months(in: world), transfers: ledger.transferTruth,
            adjustments: ledger.adjustmentTruth,
            entitlements: ledger.entitlements(in: world), messages: messageCounts(to: day))
    }
}

/// Log files.
extension Simulation {
    /// The business days whose changes come with the deliveries of the given days.
    private func businessDays(from first: SimulatedDay, to last: SimulatedDay) -> [SimulatedDay] {
        let start = max(first + -1, parameters.start)
        guard start < last else { return [] }
        return (start.number..<last.number).map(SimulatedDay.init(number:))
    }

    private func logFiles(_ index: Int, asOf day: SimulatedDay) -> [SimulatedFile] {
        guard !logs[index].isRetired else { return [backfill(index)] }
        let months = parameters.start.month.index...day.month.index
        return [backfill(index)]
            + months.map { monthFile(index, SimulatedMonth(index: $0), asOf: day) }
    }

    private func changedLogFiles(_ index: Int, on day: SimulatedDay) -> [SimulatedFile] {
        if logs[index].isRetired { return day == parameters.start ? [backfill(index)] : [] }
        let month = monthFile(index, day.month, asOf: day)
        if day == parameters.start { return [backfill(index), month] }
        let isNew = day == day.month.first
        let hasRows = logs[index].hasRows(on: day + -1, from: parameters.start)
        return isNew || hasRows ? [month] : []
    }

    private func backfill(_ index: Int) -> SimulatedFile {
        logFile(index, SimulatedDay.backfill.month, [.backfill], asOf: parameters.start)
    }

    private func monthFile(
        _ index: Int, _ month: SimulatedMonth, asOf day: SimulatedDay
    ) -> SimulatedFile {
        let last = min(day, month.last)
        return logFile(index, month, businessDays(from: month.first, to: last), asOf: last)
    }

    private func logFile(
        _ index: Int, _ month: SimulatedMonth, _ days: [SimulatedDay], asOf day: SimulatedDay
    ) -> SimulatedFile {
        let log = logs[index]
        let key = "\(log.folder)/year=\(month.year)/month=\(twoDigits(month.month))/data.csv"
        return file(key, log.name, day, content: log.content(days, from: parameters.start))
    }
}

/// CAS files, and what all files share.
extension Simulation {
    // A publication is delivered anew within days, if at all.
    private static let regenerationDays = 7

    private func snapshotFiles(
        _ set: some Snapshot, asOf day: SimulatedDay
    ) -> [SimulatedFile] {
        snapshotFiles(set, published: parameters.start.number...day.number, asOf: day)
    }

    private func changedSnapshotFiles(
        _ set: some Snapshot, on day: SimulatedDay
    ) -> [SimulatedFile] {
        let first = max(parameters.start, day + -Self.regenerationDays)
        return snapshotFiles(set, published: first.number...day.number, asOf: day)
            .filter { $0.day == day }
    }

    private func snapshotFiles(
        _ set: some Snapshot, published days: ClosedRange<Int>, asOf day: SimulatedDay
    ) -> [SimulatedFile] {
        days.flatMap { number -> [SimulatedFile] in
            let published = SimulatedDay(number: number)
            guard let coverage = set.coverage(publishedOn: published) else { return [] }
            let (edition, written) = set.edition(of: published, asOf: day)
            let stem = set.stem(of: published)
            let content = SnapshotContent(set: set, published: published, edition: edition)
            let data = file("\(stem).csv", set.name, written, content: content)
            guard set.metadata != .none else { return [data] }
            let metadata = SnapshotMetadata(
                type: set.type, published: set.date(of: published), edition: edition,
                coverage: coverage,
                world: world, bucket: parameters.bucket, stem: stem,
                isExport: set.metadata == .supportExport)
            return [
                data,
                SimulatedFile(
                    key: "\(stem).meta.json", feed: set.name, day: written,
                    isCompressed: false, isMetadata: true, content: metadata,
                    hasManyMembers: false),
            ]
        }
    }

    // A file is compressed for its whole life or never; the name does not tell.
    private func file(
        _ key: String, _ feed: String, _ day: SimulatedDay, content: any FileContent
    ) -> SimulatedFile {
        let hash = key.utf8.reduce(0) { ($0 &* 131 &+ Int($1)) & 0xFFFF_FFFF }
        let draw = world.root.child(.file, hash).below(6)
        return SimulatedFile(
            key: key, feed: feed, day: day, isCompressed: parameters.gzip && draw < 2,
            isMetadata: false, content: content, hasManyMembers: draw == 0)
    }
}

extension Feed {
    fileprivate func content(
        _ days: [SimulatedDay], from start: SimulatedDay
    ) -> any FileContent {
        LogContent(log: self, days: days, start: start)
    }
}
