internal import AWS
internal import Feeds
internal import Logging
internal import Postgres

/// What is to become of a message in its queue.
enum Verdict: Sendable {
    /// Its work is recorded in Postgres: delete it.
    case settled
    /// It did not succeed: visible again after so many seconds, and at last a dead letter.
    case again(seconds: Int)
    /// The process stops: visible again at once.
    case released
}

/// A message as it concerns the work: who sent what, and how often it came.
struct ReceivedMessage: Sendable {
    let id: String
    let body: String
    let receiveCount: Int
}

extension LoadSlot {
    // A failing message comes back later each time; a dead-letter queue ends that.
    private static let againSecondsMax = 900

    /// Does what a message asks for, and records what is not simply a load.
    func handle(_ message: ReceivedMessage, of seller: Seller) -> Verdict {
        let notification = Feeds.Notification.parse(message.body)
        do {
            if let topic = notification.topicARN, !seller.hears(topic) {
                return try refuse(notification, from: topic, message, seller)
            }
            if let event = try recordEvent(notification, message, of: seller) {
                try follow(event, notification, of: seller)
            }
            let record = try follow(notification, of: seller)
            try withDatabase { postgres in
                try notification.delivery?.record(sellerID: seller.id, on: postgres)
                if let record {
                    try write(record, notification, message, seller, on: postgres)
                } else if message.receiveCount > 1 {
                    try MessageRecord.settle(
                        sqsMessageID: message.id, sellerID: seller.id, on: postgres)
                }
            }
            tell(notification, record, seller)
            return .settled
        } catch {
            if context.shutdown.isRequested { return .released }
            recordFailure(error, notification, message, seller)
            // A load has told already.
            if !(error is LoadError) {
                context.logger.warning(
                    "message failed: \(notification.summary): \(error)",
                    metadata: ["seller": "\(seller.name)"])
            }
            let seconds = context.settings.retrySeconds << min(message.receiveCount - 1, 8)
            return .again(seconds: min(seconds, Self.againSecondsMax))
        }
    }

    /// A topic that is not among the seller's: nothing of the message is believed, and all is kept.
    private func refuse(
        _ notification: Feeds.Notification, from topic: String, _ message: ReceivedMessage,
        _ seller: Seller
    ) throws -> Verdict {
        let record = MessageRecord(
            .refused,
            reason:
                "it came from the topic \(topic), which is not one of the seller \(seller.name). "
                + "If it should be: sluice seller add \(seller.name) --topic \(topic.shellWord)")
        try withDatabase { try write(record, notification, message, seller, on: $0) }
        tell(notification, record, seller)
        return .settled
    }

    /// Loads what the message points at.
    ///
    /// - Returns: what to record of it; `nil` where the loads say everything.
    private func follow(
        _ notification: Feeds.Notification, of seller: Seller
    ) throws -> MessageRecord? {
        var refused: [String] = []
        var unmatched: [String] = []
        var unreadable: [String] = []
        var isFollowed = false
        for pointer in notification.pointers where !pointer.isMetadata {
            let buckets = pointer.bucket.map { [$0] } ?? Array(Set(seller.locations.map(\.bucket)))
            for bucket in buckets.sorted() {
                // Which of the two is meant; that it is the seller's, the store looks at again.
                let owned = pointer.keys.filter { seller.owns(bucket: bucket, key: $0) }
                guard !owned.isEmpty else {
                    refused.append("s3://\(bucket)/\(pointer.key)")
                    continue
                }
                guard let (key, feed) = try feed(of: owned) else {
                    unmatched.append("s3://\(bucket)/\(owned[0])")
                    continue
                }
                let file = File(sellerID: seller.id, bucket: bucket, key: key)
                if notification.areGuessed, try !isThere(file, of: seller) { continue }
                let outcome = try load(
                    file, as: feed, from: .buckets(seller), announced: pointer.eTag)
                if let reason = outcome.unreadable?.reason { unreadable.append(reason) }
                isFollowed = true
            }
        }
        if let listing = notification.listing {
            try follow(listing, of: seller)
        }
        let dataSets = try followDataSets(notification, of: seller)
        refused += dataSets.refused
        isFollowed = isFollowed || dataSets.isFollowed
        if notification.areGuessed {
            // It may name anything; what counts is whether it led somewhere.
            guard !isFollowed else { return nil }
            (refused, unmatched) = ([], [])
        }
        // Coming again does not change it, and as a dead letter nobody would look at it.
        if refused.isEmpty, !unreadable.isEmpty {
            return MessageRecord(.recorded, reason: unreadable.joined(separator: "; "))
        }
        return record(
            notification, refused: refused, unmatched: unmatched, isFollowed: isFollowed, seller)
    }

    private func feed(of keys: [String]) throws -> (key: String, feed: Feed)? {
        let feeds = try withDatabase { try Feed.matching(keys, on: $0) }
        for key in keys {
            if let feed = feeds[ExactText(key)] { return (key, feed) }
        }
        return nil
    }

    private func isThere(_ file: File, of seller: Seller) throws -> Bool {
        try versionIfThere(of: file, .buckets(seller)) != nil
    }

    /// A feed was delivered, but the notice does not say which files: looks at all of that feed.
    private func follow(_ listing: FeedListing, of seller: Seller) throws {
        for location in seller.locations {
            let plan = try plan(location, of: seller)
            for entry in plan.entries where listing.matches(key: entry.file.key) {
                _ = try load(entry.file, as: entry.feed, from: .buckets(seller))
            }
        }
    }

    private func record(
        _ notification: Feeds.Notification, refused: [String], unmatched: [String],
        isFollowed: Bool, _ seller: Seller
    ) -> MessageRecord? {
        if !refused.isEmpty {
            return MessageRecord(
                .refused,
                reason: seller.refusal(of: refused.joined(separator: ", ")))
        }
        if notification.kind == .unknown {
            return MessageRecord(.unknown, reason: notification.reason)
        }
        if !unmatched.isEmpty {
            return MessageRecord(
                .ignored, reason: "\(unmatched.joined(separator: ", ")) is a file of no known feed")
        }
        // An event has its row, which says everything.
        if notification.content != nil { return nil }
        if isFollowed, !notification.isAlarming { return nil }
        return MessageRecord(.recorded, reason: notification.reason)
    }

    private func write(
        _ record: MessageRecord, _ notification: Feeds.Notification, _ message: ReceivedMessage,
        _ seller: Seller, on postgres: PostgresConnection
    ) throws {
        try record.write(
            notification, body: message.body, sqsMessageID: message.id,
            receiveCount: message.receiveCount, sellerID: seller.id, on: postgres)
    }

    private func recordFailure(
        _ error: any Error, _ notification: Feeds.Notification, _ message: ReceivedMessage,
        _ seller: Seller
    ) {
        do {
            try withDatabase { postgres in
                try write(
                    MessageRecord(.failed, reason: "\(error)"), notification, message, seller,
                    on: postgres)
            }
        } catch let second {
            context.logger.error("the reason of a failed message was not recorded: \(second)")
        }
    }

    private func tell(
        _ notification: Feeds.Notification, _ record: MessageRecord?, _ seller: Seller
    ) {
        guard let record else { return }
        let isTrouble =
            notification.isAlarming || [.refused, .unknown].contains(record.outcome)
        context.logger.log(
            level: isTrouble ? .warning : .info,
            "message \(record.outcome): \(notification.summary)",
            metadata: ["seller": "\(seller.name)", "reason": "\(record.reason ?? "")"])
    }

    /// What a location has that the ledger has not.
    func plan(_ location: Location, of seller: Seller) throws -> Plan {
        let store = try store(.buckets(seller))
        return try withDatabase { try Plan(location, of: seller, in: store, on: $0) }
    }

    /// Whether the location was last swept longer ago than that.
    func isSweepDue(
        _ location: Location, of seller: Seller, afterMinutes minutes: Int
    ) throws -> Bool {
        try withDatabase {
            try Plan.isDue(location, of: seller, afterMinutes: minutes, on: $0)
        }
    }

    /// Notes that what a listing had found was seen to.
    func recordSweep(_ plan: Plan, _ location: Location, of seller: Seller) throws {
        try withDatabase { try plan.record(location, of: seller, on: $0) }
    }
}
