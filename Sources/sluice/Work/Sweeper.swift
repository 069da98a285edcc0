internal import Feeds
internal import Logging

/// Lists the sellers' buckets now and then, and loads what no notification announced.
struct Sweeper: Sendable {
    let context: WorkContext
    let slots: SlotPool

    /// Runs until a request to stop.
    func run(sellers: [Seller]) async {
        guard context.settings.sweepMinutes > 0 else { return }
        while await context.shutdown.sleep(seconds: Double(context.settings.sweepMinutes) * 60) {
            for seller in sellers { await sweep(seller) }
        }
    }

    /// Lists every location of a seller once, and loads what is new there.
    func sweep(_ seller: Seller) async {
        for location in seller.locations where !context.shutdown.isRequested {
            do {
                let plan = try await slots.withSlot { try await $0.plan(location, of: seller) }
                await load(plan.entries, from: .buckets(seller))
            } catch {
                context.logger.warning("sweep of \(location): \(error)")
            }
        }
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
