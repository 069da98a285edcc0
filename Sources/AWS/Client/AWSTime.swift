package import FoundationEssentials
internal import Glibc

/// The clock and the sleep of a client; a test brings its own.
package struct AWSTime {
    /// The time of day.
    package var now: () -> Date
    /// Blocks the thread for so many seconds.
    package var sleep: (Double) -> Void

    /// A clock and a sleep of the caller's.
    package init(now: @escaping () -> Date, sleep: @escaping (Double) -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// This machine's.
    package static var system: AWSTime {
        AWSTime(now: { Date() }, sleep: { usleep(UInt32(max(0, $0) * 1_000_000)) })
    }
}
