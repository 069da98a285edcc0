internal import CSV
internal import Gzip
internal import Postgres

/// What went wrong with a file, said once for the operator, and what is to be done with it.
package struct LoadError: Error, CustomStringConvertible {
    package enum Disposition: Sendable, Equatable {
        /// It passes by itself: try again later, nothing is wrong with the file.
        case retry
        /// The file, or what we may do with it, is at fault: set it aside, go on with others.
        case setAside
        /// The operator asked the process to stop, or nothing can go on.
        case stop
    }

    package let disposition: Disposition
    /// Where, what, and what to do.
    package let description: String
    /// Whether the database, not the file or its store, was in trouble.
    package let isOfDatabase: Bool

    package init(
        _ disposition: Disposition, _ description: String, isOfDatabase: Bool = false
    ) {
        self.disposition = disposition
        self.description = description
        self.isOfDatabase = isOfDatabase
    }

    /// The one place that decides between retry, set aside and stop.
    package init(_ error: any Error, in file: File) {
        self =
            switch error {
            case let error as LoadError: error
            case let error as StoreError: Self(error, in: file)
            case let error as CSVError:
                LoadError(.setAside, "\(file): \(error)\(Self.setting(of: error.kind))")
            case let error as DamagedContent:
                LoadError(
                    .setAside,
                    "\(file): \(error.fault)\(Self.setting(of: error.fault.kind))"
                        + error.advice(for: file))
            case let error as GzipError:
                LoadError(.setAside, "\(file): \(error)\(Self.setting(of: error.kind))")
            case let error as CheckpointMoved: LoadError(.retry, "\(file): \(error)")
            case let error as HeaderError: LoadError(.setAside, "\(file): \(error)")
            case let error as PostgresError:
                LoadError(
                    error.isTransient ? .retry : .setAside, "\(file): database: \(error)",
                    isOfDatabase: true)
            default: LoadError(.setAside, "\(file): \(error)")
            }
    }

    /// The setting that raises a limit, for the leaves know limits but not where they come from.
    private static func setting(of kind: CSVError.Kind) -> String {
        if case .recordTooLong = kind { return " (SLUICE_RECORD_BYTES_MAX)" }
        return ""
    }

    private static func setting(of kind: GzipError.Kind) -> String {
        switch kind {
        case .ratioExceeded: " (SLUICE_INFLATION_RATIO_MAX)"
        case .bytesExceeded: " (SLUICE_INFLATED_BYTES_MAX)"
        default: ""
        }
    }

    private init(_ error: StoreError, in file: File) {
        let disposition: Disposition =
            switch error.kind {
            case .missing, .archived, .denied, .foreign: .setAside
            case .versionChanged, .unavailable, .corrupt: .retry
            case .stopped: .stop
            }
        self.init(disposition, error.description)
    }
}
