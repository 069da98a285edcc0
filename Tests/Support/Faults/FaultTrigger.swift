import Synchronization

/// Which operations a fault strikes; for most it is one.
package struct FaultTrigger: Sendable {
    private let numbers: ClosedRange<Int>
    private let text: String?

    /// The n-th operation that a proxy counts over all its connections; the first is 1.
    package static func operation(_ number: Int) -> FaultTrigger {
        .init(numbers: number...number, text: nil)
    }

    /// The n-th operation whose text contains `text`, letter case ignored.
    package static func containing(_ text: String, occurrence: Int = 1) -> FaultTrigger {
        .init(numbers: occurrence...occurrence, text: text.lowercased())
    }

    /// The first so many operations.
    package static func first(_ count: Int) -> FaultTrigger {
        count > 0 ? .init(numbers: 1...count, text: nil) : .never
    }

    /// None: the proxy only counts.
    package static let never = FaultTrigger(numbers: 0...0, text: nil)

    fileprivate func concerns(_ operation: ObservedOperation) -> Bool {
        guard let text else { return true }
        return operation.text.lowercased().contains(text)
    }

    fileprivate func strikes(occurrence: Int) -> Bool { numbers.contains(occurrence) }
}

/// One thing that a client asked a server to do, as a proxy saw it.
package struct ObservedOperation: Sendable, Equatable, CustomStringConvertible {
    /// Its place among the counted ones; the first is 1.
    package let number: Int
    /// The protocol's word: `Query`, `CopyDone`, `GET`.
    package let kind: String
    /// The start of the SQL text, or the request's path and target.
    package let text: String

    package var description: String { "#\(number) \(kind) \(text)" }
}

/// What a proxy has counted, and whether its fault has struck.
final class FaultLog: Sendable {
    private struct State {
        var operations: [ObservedOperation] = []
        var occurrences = 0
        var strikes = 0
        var fired: ObservedOperation?
    }

    private let trigger: FaultTrigger
    private let state = Mutex(State())

    init(_ trigger: FaultTrigger) { self.trigger = trigger }

    var operations: [ObservedOperation] { state.withLock { $0.operations } }
    var fired: ObservedOperation? { state.withLock { $0.fired } }

    /// Counts an operation and says which strike it suffers, the first is 0; nil if none.
    func strike(kind: String, text: String) -> Int? {
        state.withLock { state in
            let operation = ObservedOperation(
                number: state.operations.count + 1, kind: kind, text: String(text.prefix(200)))
            state.operations.append(operation)
            guard trigger.concerns(operation) else { return nil }
            state.occurrences += 1
            guard trigger.strikes(occurrence: state.occurrences) else { return nil }
            defer { state.strikes += 1 }
            if state.fired == nil { state.fired = operation }
            return state.strikes
        }
    }
}
