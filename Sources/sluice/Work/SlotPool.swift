/// The load slots of the process, lent out one job at a time.
actor SlotPool {
    private var free: [LoadSlot]
    private var waiting: [CheckedContinuation<LoadSlot, Never>] = []
    nonisolated let count: Int

    init(_ context: WorkContext) {
        count = context.settings.files
        free = (1...context.settings.files).map { LoadSlot(context, number: $0) }
    }

    /// Waits for a free slot and lends it to `body`.
    func withSlot<T: Sendable>(
        _ body: @Sendable (LoadSlot) async throws -> T
    ) async rethrows -> T {
        let slot = await take()
        defer { giveBack(slot) }
        return try await body(slot)
    }

    /// Waits for a free slot; `giveBack(_:)` must follow.
    func take() async -> LoadSlot {
        if let slot = free.popLast() { return slot }
        return await withCheckedContinuation { waiting.append($0) }
    }

    func giveBack(_ slot: LoadSlot) {
        if waiting.isEmpty {
            free.append(slot)
        } else {
            waiting.removeFirst().resume(returning: slot)
        }
    }
}
