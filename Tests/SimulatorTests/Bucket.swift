import Foundation
import Simulator

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
    let folder = FileManager.default.temporaryDirectory
        .appending(path: "simulated-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
        // What is left in the temporary folder harms no later run.
        try? FileManager.default.removeItem(at: folder)
    }
    for file in simulation.files(asOf: day) {
        let url = folder.appending(path: file.key)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.stored).write(to: url)
    }
    try JSONEncoder().encode(simulation.truth(asOf: day))
        .write(to: folder.appending(path: "truth.json"))
    try body(folder)
}

/// Runs the Python check over a bucket; returns what it complains about, "" for nothing.
func complaints(about folder: URL) throws -> String {
    let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "check_delivery.py")
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path, folder.path]
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    return process.terminationStatus == 0 ? text : "exit \(process.terminationStatus): \(text)"
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
