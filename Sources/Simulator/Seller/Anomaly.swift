/// What goes wrong in a simulation that is asked for it.
extension World {
    /// Whether a month's use of an agreement is never invoiced.
    func isForgotten(_ agreement: Agreement, in month: SimulatedMonth) -> Bool {
        hasAnomalies && month == start.month && agreement.key.child(.anomaly).below(6) == 0
    }

    /// For how many days a product meters on although the agreement has ended; never billed.
    func overrun(of agreement: Agreement) -> Int {
        guard hasAnomalies, agreement.end != nil else { return 0 }
        return agreement.key.child(.anomaly, 1).below(2) * 6
    }

    /// Whether the rows of an agreement or an end user's account never come.
    func isLost(_ thing: Key) -> Bool {
        hasAnomalies && thing.child(.anomaly, 2).below(8) == 0
    }

    /// Whether the rows of an offer never come; only those made for one buyer can be lost.
    func isLost(_ offer: Offer) -> Bool {
        offer.audience == .buyer && isLost(offer.key)
    }
}
