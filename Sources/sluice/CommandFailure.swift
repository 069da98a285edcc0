internal import AWS
internal import Feeds
internal import Postgres

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

extension CommandFailure.Kind {
    /// What an error means for the exit code; `nil` where it is not one of these.
    init?(of error: any Error) {
        switch error {
        case let error as CommandFailure: self = error.kind
        case let error as PostgresError where error.isTransient: self = .unavailable
        case let error as AWSError where error.isTransient: self = .unavailable
        case let error as StoreError where error.kind == .unavailable: self = .unavailable
        default: return nil
        }
    }
}
