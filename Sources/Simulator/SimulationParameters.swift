/// What a simulation is made from.
///
/// Equal parameters give equal bytes.
package struct SimulationParameters: Sendable {
    /// Chooses everything that is left to chance.
    package var seed: UInt64
    /// The first simulated day; also the day of the first delivery, which brings the history.
    package var start: SimulatedDay
    /// Calendar months to simulate, counted from `start`.
    package var months: Int
    /// Stop after so many days, if that is sooner.
    package var days: Int?
    /// 1 is a small seller with 40 customers; customers and rows grow in proportion.
    ///
    /// 0 is a tiny one with 10, for tests that load often.
    package var scale: Int
    /// Whether some files are gzip.
    package var gzip: Bool
    /// Whether CAS data sets are delivered as well.
    package var cas: Bool
    /// Whether something goes wrong that a seller loses money by; see ``TrueAnomalies``.
    package var hasAnomalies = false
    /// The feeds and data sets to deliver, by name; nil for all of `Simulation.feedNames`.
    ///
    /// Chooses what is written only: the seller is the same.
    package var feeds: Set<String>?
    /// The bucket that CAS metadata names.
    package var bucket: String

    /// Parameters with the defaults of a small seller; CAS is on.
    package init(
        seed: UInt64 = 1, start: SimulatedDay = SimulatedDay(2026, 1, 1), months: Int = 2,
        days: Int? = nil, scale: Int = 1, gzip: Bool = true
    ) {
        precondition(scale >= 0 && months > 0, "a scale from 0 and a month at least")
        self.seed = seed
        self.start = start
        self.months = months
        self.days = days
        self.scale = scale
        self.gzip = gzip
        cas = true
        bucket = "seller-data"
    }

    /// The feeds that a seller cannot do without: few enough to be loaded often.
    package static let essentialFeeds: Set = [
        "sdds.account", "sdds.product", "sdds.agreement", "sdds.daily_usage",
        "sdds.billing_event", "cas.daily_business_usage_by_instance_type",
        "cas.disbursed_amount_by_product",
    ]

    /// The last delivery day.
    var end: SimulatedDay {
        let date = start.date
        let month = start.month + months
        // The 31st has no counterpart in every month: the last day there is then meant.
        let end = min(month.day(1) + (date.day - 1), (month + 1).first) + -1
        guard let days else { return max(start, end) }
        return max(start, min(end, start + (days - 1)))
    }
}
