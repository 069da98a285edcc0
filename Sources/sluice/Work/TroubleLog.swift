internal import Feeds
internal import Logging
internal import Synchronization

/// Puts into the log what `sluice status` would show, for those who read only the log: each line
/// when it is new, and once more when it has ended.
final class TroubleLog: Sendable {
    private let logger: Logger
    /// Lines that were told and have not ended, by section.
    private let told = Mutex<[String: Set<String>]>([:])

    init(_ logger: Logger) { self.logger = logger }

    /// Tells what differs from the time before.
    func tell(_ status: Status) {
        for section in status.sections {
            let lines = Set(section.lines)
            let before = told.withLock { $0[section.name] ?? [] }
            for line in section.lines where !before.contains(line) {
                log(line, section, level: section.isTrouble ? .warning : .info)
            }
            // One that is not among the first may be among the others.
            let ended = section.isCut ? [] : before.subtracting(lines)
            for line in ended.sorted() { log("has ended: \(line)", section, level: .info) }
            told.withLock { $0[section.name] = section.isCut ? before.union(lines) : lines }
        }
    }

    private func log(_ line: String, _ section: Status.Section, level: Logger.Level) {
        logger.log(level: level, "\(line)", metadata: ["section": "\(section.name)"])
    }
}
