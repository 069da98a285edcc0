internal import AWS
internal import ArgumentParser
internal import Feeds
internal import Foundation
internal import Simulator

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Writes the deliveries of a seller that never was, as AWS would.",
        discussion: """
            All feeds and data sets are written, under the keys that AWS gives them; the data \
            sets' CSV files lie in cas, as GenerateDataSet would have delivered them. Beside them: \
            truth.json, the exact totals that a reader must find; messages.jsonl, what AWS would \
            have published meanwhile on SNS and EventBridge, a message a line, in order; \
            entitlements.jsonl, what GetEntitlements would answer, each with the time of its truth. \
            The same options give the same bytes. With --feed there are neither messages nor \
            entitlements.

              sluice simulate ./exports --months 3
              sluice simulate s3://my-test-bucket --days 30 --each-day
              sluice simulate ./exports --feed sdds.billing_event --feed sdds.tax_item
            """)

    @Argument(
        help: ArgumentHelp("A directory, or a location s3://bucket/prefix.", valueName: "target"))
    var target: String

    @OptionGroup var options: SettingsOptions
    @OptionGroup var simulation: SimulationOptions

    @Flag(help: "Write each day's delivery over the day before, instead of the last day only.")
    var eachDay = false

    @Option(
        help: ArgumentHelp(
            "Write one billing event file of so many rows, for measuring; 480 MB a million.",
            valueName: "count"))
    var rows: Int?

    func validate() throws {
        guard rows.map({ $0 >= 0 }) ?? true else {
            throw ValidationError("--rows must be a number from 0")
        }
    }

    func run() async throws {
        let settings = try options.resolve()
        let output = try Deliveries(to: target, settings)
        let simulation = Simulation(try simulation.parameters(bucket: output.bucket))
        guard let last = simulation.days.last else { return }
        if let rows {
            let file = BillingRows(count: rows, seed: self.simulation.seed)
                .file(isCompressed: self.simulation.gzip)
            try output.deliver([file])
        } else if eachDay {
            for day in simulation.days { try output.deliver(simulation.changed(on: day)) }
        } else {
            try output.deliver(simulation.files(asOf: last))
        }
        if rows == nil {
            try output.deliver(simulation.truth(asOf: last))
            if simulation.hasMessages { try output.deliverMessages(of: simulation, upTo: last) }
        }
        say("\(output.files) files, \(byteText(output.bytes)), in \(target)")
    }
}

/// Which seller is simulated.
struct SimulationOptions: ParsableArguments {
    @Option(help: "Another number, another seller.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("First day of the simulation.", valueName: "date"))
    var start = "2026-01-01"

    @Option(help: "How many months.")
    var months = 1

    @Option(help: "End after so many days.")
    var days: Int?

    @Option(help: "How many times as many customers; 1 is about 40.")
    var scale = 1

    @Option(
        help: ArgumentHelp(
            "Write this feed or data set only, as sdds.offer; may be repeated.",
            valueName: "name"))
    var feed: [String] = []

    @Flag(inversion: .prefixedNo, help: "Compress some of the files.")
    var gzip = true

    func validate() throws {
        guard months > 0, scale > 0, days.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--months, --days and --scale must be numbers above 0")
        }
        let known = Simulation.feedNames
        guard let unknown = feed.first(where: { !known.contains($0) }) else { return }
        throw ValidationError(
            "--feed \(unknown): no such feed; there are \(known.sorted().joined(separator: ", "))")
    }

    func parameters(bucket: String) throws -> SimulationParameters {
        let parts = start.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, (2020...2100).contains(parts[0]), (1...12).contains(parts[1]),
            (1...28).contains(parts[2])
        else {
            throw ValidationError(
                "--start: \"\(start)\" is not a date from 2020-01-01, at most the 28th")
        }
        var parameters = SimulationParameters(
            seed: seed, start: SimulatedDay(parts[0], parts[1], parts[2]), months: months,
            days: days, scale: scale, gzip: gzip)
        parameters.bucket = bucket
        parameters.feeds = feed.isEmpty ? nil : Set(feed)
        return parameters
    }
}

/// Where simulated files go: a directory, or a bucket.
final class Deliveries {
    let bucket: String
    private(set) var files = 0
    private(set) var bytes = 0
    private let put: (_ key: String, _ path: String, _ size: Int) throws -> Void
    private let scratch: URL

    init(to target: String, _ settings: Settings) throws {
        scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("sluice-\(UUID().uuidString)")
        guard target.hasPrefix("s3://") else {
            let root = URL(fileURLWithPath: target, isDirectory: true)
            bucket = "seller-data"
            put = { key, path, _ in
                let destination = root.appendingPathComponent(key)
                try FileManager.default.createDirectory(
                    at: destination.deletingLastPathComponent(), withIntermediateDirectories: true)
                if FileManager.default.fileExists(atPath: destination.path) {
                    try FileManager.default.removeItem(at: destination)
                }
                try FileManager.default.moveItem(atPath: path, toPath: destination.path)
            }
            return
        }
        guard let place = Location(target) else {
            throw CommandFailure(.configuration, "\(target): names no bucket")
        }
        bucket = place.bucket
        let prefix =
            place.prefix.isEmpty || place.prefix.hasSuffix("/")
            ? place.prefix : place.prefix + "/"
        let s3 = S3(client: try AWSAccess(settings).client(for: nil))
        put = { key, path, size in
            _ = try s3.putObject(
                bucket: place.bucket, key: prefix + key, body: .file(path: path, size: Int64(size)),
                contentType: key.hasSuffix(".json") ? "application/json" : "text/csv")
        }
    }

    deinit {
        // Left behind only if the last file could not be delivered.
        try? FileManager.default.removeItem(at: scratch)
    }

    func deliver(_ files: [SimulatedFile]) throws {
        for file in files {
            try deliver(file.key) { handle in
                _ = try file.write { span in
                    try span.withUnsafeBytes { try handle.write(contentsOf: Data($0)) }
                }
            }
        }
    }

    func deliver(_ truth: Truth) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try deliver("truth.json") { try $0.write(contentsOf: encoder.encode(truth)) }
    }

    /// Messages and entitlements, one a line, a day at a time.
    func deliverMessages(of simulation: Simulation, upTo last: SimulatedDay) throws {
        try deliver("messages.jsonl") { handle in
            for day in simulation.days {
                let lines = simulation.messages(on: day).map { $0.line + "\n" }
                try handle.write(contentsOf: Data(lines.joined().utf8))
            }
        }
        try deliver("entitlements.jsonl") { handle in
            try simulation.forEachEntitlement(before: last) { entitlement in
                try handle.write(contentsOf: Data((entitlement.line + "\n").utf8))
            }
        }
    }

    /// Written aside first, so that whoever watches the target never sees half a file.
    private func deliver(_ key: String, _ write: (FileHandle) throws -> Void) throws {
        try Data().write(to: scratch)
        let handle = try FileHandle(forWritingTo: scratch)
        try write(handle)
        let size = Int(try handle.offset())
        try handle.close()
        try put(key, scratch.path, size)
        files += 1
        bytes += size
    }
}
