internal import Synchronization

/// Whether the database is away, as far as the slots of this process know.
///
/// It is from when one of them meets trouble, and tries again until it is over, to the next success
/// of any: while it is, no messages are taken from the queues, for each would only grow older in our
/// hands.
final class DatabaseHealth: Sendable {
    private let away = Atomic(false)

    var isAway: Bool { away.load(ordering: .relaxed) }

    func isBack() { away.store(false, ordering: .relaxed) }

    func isGone() { away.store(true, ordering: .relaxed) }
}
