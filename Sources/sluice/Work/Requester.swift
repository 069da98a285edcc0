internal import Feeds
internal import Foundation
internal import Logging

/// Asks AWS for the sellers' data sets, one call after the other and never faster than agreed.
struct Requester: Sendable {
    let context: WorkContext
    /// One of its own: a service that is slow to answer holds up no load.
    private let slot: LoadSlot

    // What is due changes at midnight UTC; what operators add is seen without planning.
    private static let planSeconds = 600.0
    private static let idleSeconds = 30.0
    private static let busySeconds = 2.0
    private static let troubleSeconds = 30.0
    // Between calls that AWS throttles, at first; each pause after may be twice as long.
    private static let throttledSeconds = 5.0
    private static let throttledSecondsMax = 900.0
    // So many in a row, and a command leaves the rest to the worker.
    private static let throttledMax = 5

    init(_ context: WorkContext) {
        self.context = context
        slot = LoadSlot(context, number: 0)
    }

    /// What a run of ``askAll(of:)`` came to.
    struct Tally: Sendable {
        var asked = 0
        var refused = 0
        var isThrottled = false
    }

    /// Plans, asks and looks for answers, for all sellers in turn, until a request to stop.
    func run(sellers: [Seller]) async {
        var turns = sellers.compactMap { seller in
            seller.requests.map { Turn(seller: seller, settings: $0) }
        }
        guard !turns.isEmpty else { return }
        repeat {
            for index in turns.indices where turns[index].isDue {
                guard !context.shutdown.isRequested else { return }
                let seconds = await take(&turns[index])
                turns[index].next = Date(timeIntervalSinceNow: seconds)
            }
            let next = turns.map(\.next).min() ?? Date()
            let pause = max(0.01, min(next.timeIntervalSinceNow, Self.idleSeconds))
            guard await context.shutdown.sleep(seconds: pause) else { return }
        } while true
    }

    /// Asks for everything that is due for a seller, and tells each; what is left the worker does.
    func askAll(of seller: Seller, _ settings: RequestSettings) async throws -> Tally {
        var tally = Tally()
        var throttled = 0
        while !context.shutdown.isRequested {
            let outcome = try await slot.ask(for: seller, settings)
            if let line = outcome.line { say("\(seller.name): \(line)") }
            var pause = 0.0
            switch outcome {
            case .idle:
                tally.isThrottled = throttled > 0
                return tally
            case .asked, .doubted: tally.asked += 1
            case .refused: tally.refused += 1
            case .wait(let seconds): pause = seconds
            case .busy: pause = Self.busySeconds
            case .throttled:
                throttled += 1
                guard throttled < Self.throttledMax else {
                    tally.isThrottled = true
                    return tally
                }
                pause = Self.pause(afterThrottles: throttled)
            }
            if case .asked = outcome { throttled = 0 }
            _ = await context.shutdown.sleep(seconds: pause)
        }
        return tally
    }

    /// One step for one seller; returns how long to leave it alone.
    private func take(_ turn: inout Turn) async -> Double {
        do {
            if Date() >= turn.nextPlan {
                let count = try await slot.planDueRequests(of: turn.seller)
                turn.nextPlan = Date(timeIntervalSinceNow: Self.planSeconds)
                if count > 0 { log(.info, "\(count) data sets are due", turn.seller) }
            }
            if Date() >= turn.nextLook {
                try await slot.lookForAnswers(of: turn.seller)
                turn.nextLook = Date(timeIntervalSinceNow: Self.idleSeconds)
            }
            let outcome = try await slot.ask(for: turn.seller, turn.settings)
            if let line = outcome.line { log(outcome.level, line, turn.seller) }
            return seconds(after: outcome, &turn)
        } catch {
            guard !context.shutdown.isRequested else { return 0 }
            log(.warning, "data sets cannot be asked for: \(error)", turn.seller)
            return Self.troubleSeconds
        }
    }

    private func seconds(after outcome: AskOutcome, _ turn: inout Turn) -> Double {
        switch outcome {
        case .asked, .doubted, .refused:
            turn.throttles = 0
            return 0
        case .wait(let seconds): return seconds
        case .busy: return Self.busySeconds
        case .idle: return Self.idleSeconds
        case .throttled:
            turn.throttles += 1
            return Self.pause(afterThrottles: turn.throttles)
        }
    }

    private static func pause(afterThrottles count: Int) -> Double {
        let doubled = throttledSeconds * Double(1 << min(count - 1, 20))
        return min(doubled, throttledSecondsMax) * Double.random(in: 0.5...1.5)
    }

    private func log(_ level: Logger.Level, _ text: String, _ seller: Seller) {
        context.logger.log(level: level, "\(text)", metadata: ["seller": "\(seller.name)"])
    }
}

/// A seller as the requester comes round to it.
private struct Turn {
    let seller: Seller
    let settings: RequestSettings
    var next = Date.distantPast
    var nextPlan = Date.distantPast
    var nextLook = Date.distantPast
    var throttles = 0

    var isDue: Bool { Date() >= next }
}

extension AskOutcome {
    /// What a person reads; nil where nothing happened.
    fileprivate var line: String? {
        switch self {
        case .asked(let name, let id): "asked for \(name): \(id)"
        case .doubted(let name, let reason): "asked for \(name), perhaps: \(reason)"
        case .refused(let name, let reason): "refused \(name): \(reason)"
        case .throttled(let name): "throttled, \(name) waits"
        case .wait, .busy, .idle: nil
        }
    }

    fileprivate var level: Logger.Level {
        switch self {
        case .refused, .doubted, .throttled: .warning
        case .asked, .wait, .busy, .idle: .info
        }
    }
}
