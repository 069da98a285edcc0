internal import Foundation

/// Progress of a batch job: a bar on a terminal, a line now and then elsewhere.
final class ProgressDisplay: Sendable {
    private let meter: Meter
    private let files: Int
    private let bytes: Int
    private let started = Date()
    private let isTerminal = isatty(STDERR_FILENO) == 1

    private static let barWidth = 30
    private static let terminalSeconds = 0.2
    private static let lineSeconds = 10.0

    init(_ meter: Meter, files: Int, bytes: Int) {
        self.meter = meter
        self.files = files
        self.bytes = bytes
    }

    /// Draws until cancelled.
    func run() async {
        let pause = isTerminal ? Self.terminalSeconds : Self.lineSeconds
        // Cancelled means that the job is done.
        while (try? await Task.sleep(for: .seconds(pause))) != nil { draw(isLast: false) }
        if isTerminal { draw(isLast: true) }
    }

    private func draw(isLast: Bool) {
        let reading = meter.reading
        let done = reading.bytes
        let seconds = max(Date().timeIntervalSince(started), 0.001)
        let share = bytes > 0 ? min(Double(done) / Double(bytes), 1) : 1
        let rate = Double(done) / seconds
        let left = rate > 0 ? Double(max(bytes - done, 0)) / rate : 0
        let failed = reading.failedFiles
        let counted = reading.files + failed + reading.unreadableFiles
        let text =
            "\(counted)/\(files) files  \(byteText(done))/\(byteText(bytes))  "
            + "\(byteText(Int(rate)))/s  \(timeText(left)) left"
            + (failed > 0 ? "  \(failed) failed" : "")
        let line: String
        if isTerminal {
            let filled = Int(share * Double(Self.barWidth))
            let bar =
                String(repeating: "#", count: filled)
                + String(repeating: ".", count: Self.barWidth - filled)
            line = "\r[\(bar)] \(Int(share * 100))%  \(text)\u{1B}[K" + (isLast ? "\n" : "")
        } else {
            line = "\(Int(share * 100))%  \(text)\n"
        }
        write(line, to: STDERR_FILENO)
    }
}

/// 1.5 MB: decimal units, as S3's price list has them.
func byteText(_ bytes: Int) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = Double(bytes)
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
        value /= 1000
        unit += 1
    }
    return unit == 0 ? "\(bytes) B" : String(format: "%.1f %@", value, units[unit])
}

private func timeText(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole >= 3600
        ? String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
        : String(format: "%d:%02d", whole / 60, whole % 60)
}
