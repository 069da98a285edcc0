/// The seller data feed service has delivered one feed, had nothing new, or has failed.
///
/// AWS Marketplace Seller Guide, "Accessing data feeds". Only an example with empty
/// `processedFiles` and `errors` is published, so their elements are read leniently.
struct SDDSNotice {
    let body: JSONObject

    init?(_ body: JSONObject) {
        guard body.has("executionStatus"), body.has("feedType") else { return nil }
        self.body = body
    }

    var notification: Notification {
        var notification = contents
        notification.messageID = body.word("executionId")
        notification.delivery = delivery
        return notification
    }

    private var delivery: DeliveryNotice? {
        guard let id = body.word("executionId"), let type = body.word("feedType"),
            let status = body.word("executionStatus")?.uppercased()
        else { return nil }
        return DeliveryNotice(executionID: id, feedType: type, status: status)
    }

    private var contents: Notification {
        guard let status = body.word("executionStatus")?.uppercased() else {
            return .unknown("executionStatus of an SDDS notice is not text")
        }
        guard let type = body.word("feedType"), let listing = FeedListing(feedType: type) else {
            return .unknown("feedType of an SDDS notice names no feed")
        }
        guard status != "SKIPPED" else {
            return Notification(.sddsNotice, "SDDS \(type): nothing new")
        }
        let files = processedFiles
        let isComplete = status == "COMPLETED"
        let summary =
            "SDDS \(type): \(status), \(files.count) files named\(isComplete ? "" : cause)"
        var notification = Notification(.sddsNotice, summary, isAlarming: !isComplete)
        notification.pointers = files.compactMap { $0 }
        // Listing costs one request; a file that is named in a way nobody foresaw would cost a day.
        let isWhole = isComplete && !files.isEmpty && !files.contains(nil)
        notification.listing = isWhole ? nil : listing
        return notification
    }

    private var processedFiles: [Pointer?] {
        (body["processedFiles"]?.array ?? []).map { ProcessedFile($0).pointer }
    }

    private var cause: String {
        guard let error = body["errors"]?.array?.first else { return "" }
        let members = error.object ?? [:]
        let text =
            error.text ?? members.word("message", "errorMessage", "errorCode", "code", "reason")
        return text.map { "; \($0)" } ?? ""
    }
}

/// A feed whose folder must be listed, because a notice told that it was delivered but not where.
package struct FeedListing: Sendable, Equatable {
    /// The feed's name folded: `BillingEventFeed_V1` is `billingeventfeed`.
    package let feed: String

    /// Takes the `feedType` of a notice; nil when nothing of it is a name.
    package init?(feedType: String) {
        feed = Self.fold(feedType)
        if feed.isEmpty { return nil }
    }

    /// The name that a feed type and a feed's folder have in common.
    ///
    /// AWS prints only a placeholder for `feedType`, so case, brackets, blanks, dashes and `_V1`
    /// do not count.
    package static func fold(_ name: String) -> String {
        let letters = name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return letters.hasSuffix("v1") ? String(letters.dropLast(2)) : letters
    }

    /// Whether a key lies in this feed's folder.
    package func matches(key: String) -> Bool {
        key.split(separator: "/").contains { Self.fold(String($0)) == feed }
    }
}
