/// How often and after how long a call is tried again: the standard mode of AWS's SDKs.
package struct RetryPolicy: Sendable {
    /// The first attempt included.
    package var attemptsMax = 5
    /// The longest first pause; each one after may be twice as long.
    package var baseSeconds = 0.1
    /// No pause of our own is longer.
    package var capSeconds = 20.0
    /// A server that asks for more than this is not waited for in full.
    package var retryAfterSecondsMax = 60.0

    /// The standard mode's numbers.
    package init() {}

    /// How long to wait before attempt number `attempt`, which is 2 or more.
    ///
    /// Full jitter: many clients that failed together do not come back together.
    func pauseSeconds(before attempt: Int, retryAfter: Double?) -> Double {
        let doubled = baseSeconds * Double(1 << min(max(attempt - 1, 0), 20))
        let backoff = Double.random(in: 0...min(capSeconds, doubled))
        return max(backoff, min(retryAfter ?? 0, retryAfterSecondsMax))
    }
}

/// What a client may still spend on retries, so that an outage is not answered with a flood.
///
/// Source: AWS SDKs and Tools Reference, "Retry behavior", retry quota.
struct RetryBudget {
    private let capacity = 500
    private let retryCost = 5
    private let timeoutCost = 10
    private(set) var tokens = 500
    private var lastCost = 0

    /// Takes the price of one retry; false where it cannot be paid.
    mutating func spend(timeout: Bool) -> Bool {
        let cost = timeout ? timeoutCost : retryCost
        guard cost <= tokens else { return false }
        tokens -= cost
        lastCost = cost
        return true
    }

    /// Gives back the last retry's price, or a token where none was needed.
    mutating func succeed() {
        tokens = min(capacity, tokens + max(lastCost, 1))
        lastCost = 0
    }
}
