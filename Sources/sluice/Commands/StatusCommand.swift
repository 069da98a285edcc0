internal import AWS
internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Postgres

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows what is loaded, what waits, and what needs a person.",
        discussion: """
            Files and rows by feed, queue depth, and everything that is not as it should be: failed \
            files, rejects, drift, vanished rows, messages that were refused or not understood; \
            and which relations of the schema marketplace wait for a refresh, since when. A queue \
            that could not be asked is named with the reason, and then not all is well.
            """)

    @OptionGroup var options: SettingsOptions

    @Flag(help: "One JSON object, for programs.")
    var json = false

    @Flag(
        help: ArgumentHelp(
            "Print no status; exit 1 if files failed, rows vanished or messages need a person, or "
                + "if a queue could not be asked, which standard error tells."))
    var check = false

    @Flag(inversion: .prefixedNo, help: "Ask SQS for the depth of each queue.")
    var queues = true

    func run() async throws {
        let settings = try options.resolve()
        let database = try Database.open(settings, for: .reading)
        let status = try Status(on: database.connect())
        let depths = try queues ? queueDepths(settings, database) : [:]
        if check {
            for line in depths.unasked { note("sluice: " + line) }
            guard status.isTroubled || !depths.unasked.isEmpty else { return }
            throw ExitCode(CommandFailure.Kind.filesFailed.rawValue)
        }
        guard !json else { return say(text: try status.json(queues: depths)) }
        say(status.lines(queues: depths))
    }

    private func queueDepths(
        _ settings: Settings, _ database: Database
    ) throws -> [String: QueueDepth] {
        let access = try AWSAccess(settings)
        var depths: [String: QueueDepth] = [:]
        for seller in try Seller.all(on: database.connect()) {
            guard let url = seller.queueURL else { continue }
            do {
                let sqs = SQS(client: try access.client(for: seller))
                let attributes = try sqs.queueAttributes(queueURL: url)
                guard attributes.values["ApproximateNumberOfMessages"] != nil else {
                    depths[seller.name] = .unknown("\(url): SQS does not tell how many wait")
                    continue
                }
                depths[seller.name] = .known(
                    waiting: attributes.depth + attributes.delayed, inFlight: attributes.inFlight)
            } catch {
                depths[seller.name] = .unknown("\(error)")
            }
        }
        return depths
    }
}

/// What SQS says of a queue.
enum QueueDepth: Sendable {
    case known(waiting: Int, inFlight: Int)
    case unknown(String)
}

extension [String: QueueDepth] {
    /// A line for each that is not known: neither well nor to be passed over.
    fileprivate var unasked: [String] {
        sorted(by: { $0.key < $1.key }).compactMap { seller, depth in
            guard case .unknown(let reason) = depth else { return nil }
            return "\(seller): could not be asked: \(reason)"
        }
    }
}

extension Status {
    fileprivate func lines(queues: [String: QueueDepth]) -> [String] {
        var lines: [String] = []
        var table = TextTable(
            [
                "seller", "feed", "files", "loading", "failed", "rows", "rejects", "vanished",
                "newest",
            ],
            numeric: [2, 3, 4, 5, 6, 7])
        for feed in feeds {
            table.append([
                feed.seller, feed.feed, "\(feed.files)", "\(feed.incomplete)", "\(feed.failed)",
                "\(feed.rows)", "\(feed.rejects)", "\(feed.vanished)", feed.lastLoad ?? "-",
            ])
        }
        lines += table.isEmpty ? ["Nothing is loaded yet."] : ["Feeds"] + table.lines
        if !queues.isEmpty {
            lines += ["", "Queues"]
            for (seller, depth) in queues.sorted(by: { $0.key < $1.key }) {
                switch depth {
                case .known(let waiting, let inFlight):
                    lines.append("  \(seller): \(waiting) waiting, \(inFlight) in flight")
                case .unknown(let reason):
                    lines.append("  \(seller): could not be asked: \(reason)")
                }
            }
        }
        if !freshness.lines.isEmpty {
            lines += ["", "Marketplace"] + freshness.lines.map { "  " + $0 }
        }
        for section in sections where !section.lines.isEmpty {
            lines += ["", section.title] + section.lines.map { "  " + $0 }
        }
        let unasked = queues.unasked.count
        if unasked > 0 {
            lines += [
                "", "Not all is known: \(unasked) of \(queues.count) queues could not be asked.",
            ]
        } else if !isTroubled {
            lines += ["", "All is well."]
        }
        return lines
    }

    fileprivate func json(queues: [String: QueueDepth]) throws -> String {
        var object: [String: Any] = [
            "ok": !isTroubled && queues.unasked.isEmpty,
            "unasked": queues.unasked,
            "feeds": feeds.map { feed in
                [
                    "seller": feed.seller, "feed": feed.feed, "files": feed.files,
                    "incomplete": feed.incomplete, "failed": feed.failed, "rows": feed.rows,
                    "rejects": feed.rejects, "vanished": feed.vanished,
                    "last_load": feed.lastLoad as Any? ?? NSNull(),
                    "lag_seconds": feed.lagSeconds as Any? ?? NSNull(),
                ] as [String: Any]
            },
        ]
        object["queues"] = queues.mapValues { depth -> [String: Any] in
            switch depth {
            case .known(let waiting, let inFlight): ["waiting": waiting, "in_flight": inFlight]
            case .unknown(let reason): ["error": reason]
            }
        }
        object["marketplace"] = [
            "is_outdated": freshness.isOutdated,
            "relations": freshness.relations.map { relation in
                [
                    "relation": relation.name,
                    "refreshed_at": relation.refreshedAt as Any? ?? NSNull(),
                    "changed_at": relation.changedAt as Any? ?? NSNull(),
                    "pending_loads": relation.pendingLoads,
                    "pending_since": relation.pendingSince as Any? ?? NSNull(),
                ] as [String: Any]
            },
        ]
        for section in sections { object[section.name] = section.lines }
        return try jsonText(object)
    }
}
