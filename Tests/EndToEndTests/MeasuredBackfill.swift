import Foundation
import Support
import Testing

extension Desk {
    /// Loads the exports, and watches the peak of the process's memory (proc(5), VmHWM).
    func measuredBackfill(
        environment: [String: String] = [:]
    ) throws -> (done: Finished, peakMebibytes: Int) {
        let child = try start(["backfill", exports.path], environment: environment)
        var kibibytes = 0
        while child.isRunning {
            // Gone is an answer too: then the peak is the one that was seen last.
            let status = try? String(contentsOfFile: "/proc/\(child.pid)/status", encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            kibibytes = max(kibibytes, line?.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0)
            usleep(5_000)  // a poll: memory gives no sign when it grows
        }
        try #require(kibibytes > 0)
        return (child.wait(), kibibytes / 1024)
    }
}
