internal import AWS
internal import Feeds
internal import Foundation
internal import Postgres

/// A message that waits for a person, wherever it is.
struct ParkedItem {
    enum Place: String {
        case deadLetterQueue = "dead-letter queue"
        /// Deleted from its queue, kept in `ingest.message`.
        case database
        /// Failed, and no dead letter: it is tried again, or its queue has forgotten it.
        case queue
    }

    static let noReason =
        "no reason is on record: the process or the database ended before it could be written"

    let seller: Seller
    let place: Place
    let id: String
    let body: String
    let times: Int
    let record: ParkedMessage?
    /// What deletes it, where it is a dead letter.
    let deadLetter: SQSMessage?

    var outcome: String { record?.outcome ?? "failed" }
    var summary: String { record?.summary ?? Feeds.Notification.parse(body).summary }
    var reason: String? { record?.reason }

    var headline: String {
        "\(id)  \(seller.name), \(place.rawValue), \(outcome), received \(times) times: \(summary)"
    }
}

/// Where a person deals with parked messages: dead letters of SQS beside the record of them.
final class ParkedDesk {
    private let postgres: PostgresConnection
    private let sellers: [Seller]
    private let access: AWSAccess
    private let limit: Int
    private var queues: [Int32: DeadLetters] = [:]
    private var inHand: [Int32: [SQSMessage]] = [:]

    init(_ settings: Settings, _ scope: ParkedScope) throws {
        postgres = try Database.open(settings).connect()
        sellers = try Seller.chosen(Set([scope.seller].compactMap(\.self)), on: postgres)
        access = try AWSAccess(settings)
        limit = scope.limit
    }

    /// All that wait.
    ///
    /// Dead letters are in hand until ``release()``.
    func find() throws -> [ParkedItem] {
        try sellers.flatMap { seller in
            let records = try ParkedMessage.all(of: seller.id, on: postgres)
            var byID = Dictionary(
                records.map { ($0.sqsMessageID, $0) }, uniquingKeysWith: { first, _ in first })
            var items = try deadLetters(of: seller).map { message in
                ParkedItem(
                    seller: seller, place: .deadLetterQueue, id: message.messageID,
                    body: message.body,
                    times: byID[message.messageID]?.timesReceived ?? message.receiveCount,
                    record: byID.removeValue(forKey: message.messageID), deadLetter: message)
            }
            items += records.filter { byID[$0.sqsMessageID] != nil }.map { record in
                ParkedItem(
                    seller: seller, place: record.outcome == "failed" ? .queue : .database,
                    id: record.sqsMessageID, body: record.body, times: record.timesReceived,
                    record: record, deadLetter: nil)
            }
            return items
        }
    }

    /// Those whose ids begin so; each must be the beginning of exactly one.
    func find(_ beginnings: [String]) throws -> [ParkedItem] {
        let all = try find()
        return try beginnings.map { beginning in
            let found = all.filter { $0.id.hasPrefix(beginning) }
            guard let item = found.first, found.count == 1 else {
                throw CommandFailure(
                    .configuration,
                    found.isEmpty
                        ? "no message that waits has an id that begins with \(beginning); "
                            + "see: sluice dlq"
                        : "\(found.count) messages have ids that begin with \(beginning); "
                            + "write more of it")
            }
            return item
        }
    }

    private func deadLetters(of seller: Seller) throws -> [SQSMessage] {
        guard let url = seller.queueURL else { return [] }
        let queue = try DeadLetters(of: url, access.client(for: seller))
        queues[seller.id] = queue
        let taken = try queue.take(max: limit)
        inHand[seller.id] = taken
        return taken
    }

    /// Redrives or dismisses a message.
    ///
    /// Sent before it is noted, and noted before it is deleted: whatever ends the process in
    /// between, the message is in one place at least, and twice does no harm.
    func settle(_ item: ParkedItem, _ decision: ParkedMessage.Decision) throws {
        if decision == .redriven {
            guard let queue = queues[item.seller.id] else {
                throw CommandFailure(
                    .configuration,
                    "the seller \(item.seller.name) has no queue to put message "
                        + "\(item.id) into; load its files: sluice backfill s3://BUCKET")
            }
            try RedrivenMessage.note(
                item.body, sqsMessageID: item.id, sellerID: item.seller.id, on: postgres)
            try queue.send(item.body)
        }
        try ParkedMessage.record(
            decision, sqsMessageID: item.id, sellerID: item.seller.id,
            by: Person.name, on: postgres)
        if let dead = item.deadLetter, let queue = queues[item.seller.id] {
            try queue.delete(dead)
            inHand[item.seller.id]?.removeAll { $0.messageID == dead.messageID }
        }
    }

    /// Gives back the dead letters that were only looked at.
    func release() {
        for (seller, messages) in inHand {
            // What cannot be given back becomes visible by itself within a minute.
            try? queues[seller]?.release(messages)
        }
        inHand = [:]
    }

    /// Everything that is known of a message.
    func explain(_ item: ParkedItem) throws -> [String] {
        var lines = [item.headline]
        if let record = item.record {
            lines.append("  received: \(record.firstReceived) to \(record.lastReceived) UTC")
        }
        lines.append("  reason: \(item.reason ?? ParkedItem.noReason)")
        let files = try PointedFile.all(of: item.body, seller: item.seller, on: postgres)
        lines += files.map { "  file: \($0.description)" }
        lines.append("  next: \(advice(item, files))")
        return lines + ["  body:"] + item.body.split(separator: "\n").map { "    " + $0 }
    }

    private func advice(_ item: ParkedItem, _ files: [PointedFile]) -> String {
        if !files.isEmpty, files.allSatisfy(\.isLoaded) {
            return "its files are loaded: sluice dlq dismiss \(item.id)"
        }
        switch item.outcome {
        case "unknown":
            return
                "if it was about a file, the sweep finds that; then sluice dlq dismiss \(item.id)"
        case "refused":
            return
                "if the place is the seller's: sluice seller add \(item.seller.name.shellWord) --location "
                + "BUCKET, then sluice dlq redrive \(item.id); else sluice dlq dismiss \(item.id)"
        default: return "mend what the reason names, then: sluice dlq redrive \(item.id)"
        }
    }
}
