internal import Dispatch
internal import Foundation
internal import Synchronization

/// Whether the operator asked the process to end: SIGTERM or SIGINT, once politely.
final class Shutdown: Sendable {
    private let requested = Atomic(false)

    var isRequested: Bool { requested.load(ordering: .relaxed) }

    func request() { requested.store(true, ordering: .relaxed) }

    /// Sleeps, but no longer than until a request.
    ///
    /// - Returns: whether to go on.
    func sleep(seconds: Double) async -> Bool {
        var left = seconds
        while left > 0, !isRequested {
            let step = min(left, 0.1)
            // Cancelled means that nobody waits for the rest.
            guard (try? await Task.sleep(for: .seconds(step))) != nil else { return false }
            left -= step
        }
        return !isRequested
    }
}

/// Turns signals into a request to stop; a second one ends the process at once.
struct SignalWatch {
    private let sources: [any DispatchSourceSignal]

    init(_ shutdown: Shutdown, onFirst: @escaping @Sendable (String) -> Void) {
        sources = [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")].map { number, name in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                // The state is in Postgres and in SQS: leaving at once loses time, not rows.
                guard !shutdown.isRequested else { _exit(128 + number) }
                shutdown.request()
                onFirst(name)
            }
            source.resume()
            return source
        }
    }
}
