internal import Feeds
internal import Logging

/// Lists the sellers' buckets now and then, and loads what no notification announced.
struct Sweeper: Sendable {
    let context: WorkContext
    let slots: SlotPool

    // How late a sweep may be.
    private static let lookSeconds = 60.0

    /// Runs until a request to stop.
    ///
    /// A sweep is due so long after the last one, whichever worker made that: restarts do not
    /// postpone it, and more workers do not multiply it.
    func run(sellers: [Seller]) async {
        let minutes = context.settings.sweepMinutes
        guard minutes > 0 else { return }
        repeat {
            for seller in sellers { await sweep(seller, ifNotWithinMinutes: minutes) }
        } while await context.shutdown.sleep(seconds: Self.lookSeconds)
    }

    /// Lists the locations of a seller that were not swept within so many minutes, and loads what
    /// is new there.
    func sweep(_ seller: Seller, ifNotWithinMinutes minutes: Int = 0) async {
        for location in seller.locations where !context.shutdown.isRequested {
            do {
                try await sweep(location, of: seller, ifNotWithinMinutes: minutes)
                context.meter.succeed(location.description)
            } catch {
                guard !context.shutdown.isRequested else { return }
                context.meter.fail(location.description)
                context.logger.warning("sweep of \(location): \(error)")
            }
        }
    }

    private func sweep(
        _ location: Location, of seller: Seller, ifNotWithinMinutes minutes: Int
    ) async throws {
        let found = try await slots.withSlot { slot in
            try await slot.isSweepDue(location, of: seller, afterMinutes: minutes)
                ? try await slot.plan(location, of: seller) : nil
        }
        guard let plan = found else { return }
        await load(plan.entries, from: .buckets(seller))
        guard !context.shutdown.isRequested else { return }
        try await slots.withSlot { try await $0.recordSweep(plan, location, of: seller) }
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
