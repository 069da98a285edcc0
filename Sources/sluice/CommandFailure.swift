internal import AWS
internal import Feeds
internal import Postgres

/// Why a command ends with another exit code than 0; README and `sluice --help` list the codes.
struct CommandFailure: Error, CustomStringConvertible {
    enum Kind: Int32 {
        case filesFailed = 1
        case commandLine = 64
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

    /// What an error that no command caught means to whoever started the command.
    ///
    /// `nil` for errors of another kind: those of the command line, above all.
    init?(_ error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as StoreError: self.init(Kind(error.kind), error.description)
        case let error as LoadError: self.init(Kind(error), error.description)
        case let error as AWSError:
            self.init(error.isTransient ? .unavailable : .configuration, "\(error)")
        case let error as CredentialError: self.init(.configuration, "\(error)")
        case let error as PostgresError:
            // PostgreSQL, appendix "Error Codes": 42501 is insufficient_privilege.
            let advice =
                error.sqlState == "42501"
                ? "; grant it to the role, or name another role with --database" : ""
            self.init(
                error.isTransient ? .unavailable : .configuration, "database: \(error)\(advice)")
        default: return nil
        }
    }
}

extension CommandFailure.Kind {
    fileprivate init(_ kind: StoreError.Kind) {
        self =
            switch kind {
            case .missing, .archived, .denied, .foreign: .configuration
            case .unavailable, .versionChanged, .corrupt: .unavailable
            case .stopped: .stopped
            }
    }

    fileprivate init(_ error: LoadError) {
        self =
            switch error.disposition {
            case .retry: .unavailable
            case .setAside: error.isOfDatabase ? .configuration : .filesFailed
            case .stop: .configuration
            }
    }
}
