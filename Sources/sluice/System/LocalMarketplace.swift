internal import Foundation

/// AWS Marketplace's own services on this machine, for the demo: `scripts/local_marketplace`, run as
/// a child.
struct LocalMarketplace {
    private let endpoint: String
    private let program: ChildProgram

    private static let startSeconds = 30.0

    /// Points the calls that the local AWS does not know at it.
    var variables: [String: String] {
        [
            "AWS_ENDPOINT_URL_MARKETPLACE_COMMERCE_ANALYTICS": endpoint,
            "AWS_ENDPOINT_URL_MARKETPLACE_ENTITLEMENT_SERVICE": endpoint,
        ]
    }

    /// Starts it, and waits until it listens.
    ///
    /// - Parameters:
    ///   - entitlements: file of them, as `sluice simulate` writes it.
    ///   - instant: which of them hold, as `2026-01-31T23:59:59Z`.
    ///   - aws: the local AWS beside it.
    ///   - settings: where Python and the scripts are.
    /// - Returns: the running program.
    /// - Throws: ``CommandFailure`` when it is not there or does not start.
    static func start(
        entitlements: String, at instant: String, beside aws: LocalAWS, _ settings: Settings
    ) throws -> LocalMarketplace {
        let scripts = URL(fileURLWithPath: try settings.locateSchema())
            .deletingLastPathComponent().appendingPathComponent("scripts/local_marketplace").path
        guard FileManager.default.fileExists(atPath: scripts),
            let folder = settings.environment["SLUICE_VENV"]
        else {
            throw CommandFailure(
                .configuration, "\(scripts) and SLUICE_VENV are needed; run scripts/demo")
        }
        let log = FileManager.default.temporaryDirectory
            .appendingPathComponent("sluice-\(UUID().uuidString)").path
        // It has told its port by then, and nobody reads more.
        defer { try? FileManager.default.removeItem(atPath: log) }
        let program = try ChildProgram(
            [
                folder + "/bin/python", "-B", scripts, "--aws", aws.endpoint, "--key", "demo:demo",
                "--entitlements", entitlements, "--at", instant,
            ], log: log)
        let deadline = Date(timeIntervalSinceNow: startSeconds)
        while true {
            // Nothing to read yet is like nothing written yet.
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            if text.hasSuffix("\n"), let port = Int(text.dropLast()) {
                return LocalMarketplace(endpoint: "http://127.0.0.1:\(port)", program: program)
            }
            guard program.isRunning, Date() < deadline else {
                throw CommandFailure(
                    .unavailable, "the local marketplace does not start: \(text.suffix(500))")
            }
            usleep(50_000)
        }
    }

    func stop() {
        program.stop()
    }
}
