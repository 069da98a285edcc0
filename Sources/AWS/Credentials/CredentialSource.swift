internal import FoundationEssentials

/// One place of the default chain.
protocol CredentialSource: Sendable {
    /// What an operator calls it, for the list of places that were looked at.
    var name: String { get }

    /// Looks there now. Not configured is an answer; configured but broken is an error, because
    /// going on to the next place would sign with an identity nobody asked for.
    func lookUp(now: Date) throws -> CredentialLookup
}

/// What a place of the chain had.
enum CredentialLookup {
    case found(AWSCredentials)
    /// Nothing, and why.
    case absent(String)
}

/// The places that were looked at and the first that had something.
struct CredentialSearch {
    private(set) var reasons: [String] = []

    /// The first credentials found; nil leaves the reasons of all places in `reasons`.
    mutating func first(of sources: [any CredentialSource], now: Date) throws -> AWSCredentials? {
        for source in sources {
            switch try source.lookUp(now: now) {
            case .found(let credentials): return credentials
            case .absent(let reason): reasons.append("\(source.name): \(reason)")
            }
        }
        return nil
    }
}
