internal import Feeds
internal import Foundation
internal import Logging
internal import Synchronization

/// What everybody who works in this process shares.
struct WorkContext: Sendable {
    let database: Database
    let settings: Settings
    let aws: AWSAccess
    let shutdown: Shutdown
    let logger: Logger
    let meter = Meter()
    let health = DatabaseHealth()
    /// Names the process in `ingest.load`, uniquely.
    let worker: String
    /// How long to try again while the database cannot be reached; infinite for a worker.
    let patienceSeconds: Double

    init(
        database: Database, settings: Settings, shutdown: Shutdown, logger: Logger,
        patienceSeconds: Double
    ) {
        self.database = database
        self.settings = settings
        self.shutdown = shutdown
        self.logger = logger
        self.patienceSeconds = patienceSeconds
        aws = AWSAccess(settings, logger: logger)
        let started = Int(Date().timeIntervalSince1970)
        worker = "\(ProcessInfo.processInfo.hostName):\(getpid()):\(started)"
    }
}

/// Where files are read from.
enum FileSource: Sendable {
    case buckets(Seller)
    case directory(path: String, bucket: String?)
}

/// What the loads of this process have done so far; read by a progress display.
final class Meter: Sendable {
    struct Reading: Sendable, Equatable {
        /// Stored bytes that were read.
        var bytes = 0
        var files = 0
        /// What could not be loaded or listed, and has not been since.
        var failedFiles = 0
        /// What could not be read, because S3 has archived it or it is gone.
        var unreadableFiles = 0
        /// Rows put into tables.
        var rows = 0
    }

    private let state = Mutex((reading: Reading(), failing: Set<ExactText>()))

    var reading: Reading { state.withLock { $0.reading } }

    func add(bytes: Int) {
        state.withLock { $0.reading.bytes += bytes }
    }

    /// - Parameter place: names the file, or the location that was to be listed.
    func fail(_ place: String) {
        state.withLock { state in
            state.failing.insert(ExactText(place))
            state.reading.failedFiles = state.failing.count
        }
    }

    /// A file was left as it is; see `Outcome.unreadable`.
    func leave(_ place: String) {
        succeed(place)
        state.withLock { $0.reading.unreadableFiles += 1 }
    }

    /// A later attempt makes up for an earlier failure.
    func succeed(_ place: String, files: Int = 0, rows: Int = 0) {
        state.withLock { state in
            state.failing.remove(ExactText(place))
            state.reading.failedFiles = state.failing.count
            state.reading.files += files
            state.reading.rows += rows
        }
    }
}
