internal import ArgumentParser

/// Why a command ends with another exit code than 0; README and `sluice --help` list the codes.
struct CommandFailure: Error, CustomStringConvertible {
    enum Kind: Int32 {
        case filesFailed = 1
        case unavailable = 69
        case stopped = 75
        case configuration = 78
    }

    let kind: Kind
    /// Where, what and what to do.
    let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
