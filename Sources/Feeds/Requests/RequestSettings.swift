/// Where the Commerce Analytics Service delivers to, as whom, and who hears of it.
package struct RequestSettings: Sendable, Equatable {
    /// The role that the service itself takes on.
    package let roleARN: String
    package let location: Location
    package let topicARN: String

    package init(roleARN: String, location: Location, topicARN: String) {
        self.roleARN = roleARN
        self.location = location
        self.topicARN = topicARN
    }

    /// What keys begin with, slash included; empty for a bucket's root.
    package var keyPrefix: String { prefix.map { $0 + "/" } ?? "" }

    /// The prefix as the API takes it, nil for none.
    package var prefix: String? {
        let trimmed = location.prefix.drop { $0 == "/" }
        let end = trimmed.lastIndex { $0 != "/" }
        return end.map { String(trimmed[...$0]) }
    }
}
