internal import Feeds
internal import Logging

/// Reads all entitlements now and then: the safety net for notices that never came.
struct EntitlementSyncer: Sendable {
    let context: WorkContext
    let slots: SlotPool

    // How late a sync may be.
    private static let lookSeconds = 60.0

    /// Runs until a request to stop.
    func run(sellers: [Seller]) async {
        let hours = context.settings.entitlementSyncHours
        guard hours > 0 else { return }
        repeat {
            for seller in sellers where !context.shutdown.isRequested {
                await sync(seller, ifNotWithinHours: hours)
            }
        } while await context.shutdown.sleep(seconds: Self.lookSeconds)
    }

    private func sync(_ seller: Seller, ifNotWithinHours hours: Int) async {
        do {
            let products = try await slots.withSlot {
                try await $0.takeDueProducts(of: seller, afterHours: hours)
            }
            for product in products where !context.shutdown.isRequested {
                await sync(product, of: seller)
            }
        } catch {
            tell(error, "which entitlements are to be read is not known", seller)
        }
    }

    private func sync(_ product: String, of seller: Seller) async {
        do {
            _ = try await slots.withSlot {
                try await $0.syncEntitlements(ofProduct: product, of: seller)
            }
        } catch {
            tell(error, "the entitlements of \(product) could not be read", seller)
        }
    }

    private func tell(_ error: any Error, _ what: String, _ seller: Seller) {
        guard !context.shutdown.isRequested else { return }
        context.logger.warning("\(what): \(error)", metadata: ["seller": "\(seller.name)"])
    }
}
