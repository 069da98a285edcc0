internal import Feeds
internal import Logging

/// Lists the sellers' buckets now and then, and loads what no notification announced.
struct Sweeper: Sendable {
    let context: WorkContext
    let slots: SlotPool

    // How late a sweep may be: a tenth of the time between two, and no more than this.
    private static let lookSecondsMax = 60.0

    /// Runs until a request to stop.
    ///
    /// A sweep is due so long after the last one, whichever worker made that: restarts do not
    /// postpone it, and more workers do not multiply it.
    func run(sellers: [Seller]) async {
        let minutes = context.settings.sweepMinutes
        guard minutes > 0 else { return }
        let trouble = TroubleLog(context.logger)
        let lookSeconds = min(Double(minutes) * 60 / 10, Self.lookSecondsMax)
        repeat {
            var isSwept = false
            for seller in sellers where await sweep(seller, ifNotWithinMinutes: minutes) {
                isSwept = true
            }
            if isSwept { await tell(trouble) }
        } while await context.shutdown.sleep(seconds: lookSeconds)
    }

    /// Lists the locations of a seller that were not swept within so many minutes, and loads what
    /// is new there.
    ///
    /// - Returns: whether one was swept.
    @discardableResult
    func sweep(_ seller: Seller, ifNotWithinMinutes minutes: Int = 0) async -> Bool {
        var isSwept = false
        for location in seller.locations where !context.shutdown.isRequested {
            do {
                if try await sweep(location, of: seller, ifNotWithinMinutes: minutes) {
                    isSwept = true
                }
                context.meter.succeed(location.description)
            } catch {
                guard !context.shutdown.isRequested else { return isSwept }
                context.meter.fail(location.description)
                context.logger.warning("sweep of \(location): \(error)")
            }
        }
        return isSwept
    }

    private func tell(_ trouble: TroubleLog) async {
        do {
            trouble.tell(try await slots.withSlot { try await $0.status() })
        } catch {
            guard !context.shutdown.isRequested else { return }
            context.logger.warning("what needs a person could not be read: \(error)")
        }
    }

    private func sweep(
        _ location: Location, of seller: Seller, ifNotWithinMinutes minutes: Int
    ) async throws -> Bool {
        let found = try await slots.withSlot { slot in
            try await slot.isSweepDue(location, of: seller, afterMinutes: minutes)
                ? try await slot.plan(location, of: seller) : nil
        }
        guard let plan = found else { return false }
        await load(plan.entries, from: .buckets(seller))
        guard !context.shutdown.isRequested else { return false }
        try await slots.withSlot { try await $0.recordSweep(plan, location, of: seller) }
        return true
    }

    /// Loads files side by side, as many as there are slots.
    ///
    /// What fails is told by the slot.
    func load(_ entries: [Plan.Entry], from source: FileSource) async {
        await withDiscardingTaskGroup { group in
            for entry in entries {
                // One task for each slot, not for each of perhaps a million files.
                let slot = await slots.take()
                guard !context.shutdown.isRequested else {
                    await slots.giveBack(slot)
                    return
                }
                group.addTask {
                    // The failure is in the log and in ingest.file; the others go on.
                    _ = try? await slot.load(entry.file, as: entry.feed, from: source)
                    await slots.giveBack(slot)
                }
            }
        }
    }
}
