import Foundation
import Simulator
import Support

/// What the tests do with simulated files.
extension SimulatedFile {
    /// The content before compression.
    var plain: [UInt8] {
        get throws {
            var bytes: [UInt8] = []
            try writeUncompressed { span in
                span.withUnsafeBytes { bytes.append(contentsOf: $0) }
            }
            return bytes
        }
    }

    /// The content as it lies in the bucket.
    var stored: [UInt8] {
        get throws {
            var bytes: [UInt8] = []
            try write { span in span.withUnsafeBytes { bytes.append(contentsOf: $0) } }
            return bytes
        }
    }
}

/// A bucket as a folder, with the truth beside it; removed when the body ends.
func withBucket(
    _ simulation: Simulation, asOf day: SimulatedDay, _ body: (URL) throws -> Void
) throws {
    let directory = try ScratchDirectory()
    let folder = URL(filePath: directory.path)
    for file in simulation.files(asOf: day) {
        let url = folder.appending(path: file.key)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.stored).write(to: url)
    }
    try JSONEncoder().encode(simulation.truth(asOf: day))
        .write(to: folder.appending(path: "truth.json"))
    try withExtendedLifetime(directory) { try body(folder) }
}

/// Runs the Python check over a bucket; returns what it complains about, "" for nothing.
func complaints(about folder: URL) throws -> String {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "check_delivery.py")
    let done = try Command("python3", [script.path, folder.path]).run()
    let text = (done.standardOutput + done.standardError)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    return done.succeeded ? text : "exit \(done.status): \(text)"
}

extension Simulation {
    init(
        _ seed: UInt64, months: Int = 2, scale: Int = 1, start: SimulatedDay? = nil,
        gzip: Bool = true
    ) {
        self.init(
            SimulationParameters(
                seed: seed, start: start ?? SimulatedDay(2026, 1, 1), months: months,
                scale: scale, gzip: gzip))
    }

    var lastDay: SimulatedDay { days[days.count - 1] }
}

/// FNV-1a, 64 bits: enough to notice any change of content.
struct Digest {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
}
