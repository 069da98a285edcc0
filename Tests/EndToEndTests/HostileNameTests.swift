import Foundation
import Support
import Testing

/// Names and texts that other people wrote reach terminals, logs and programs as text, and as nothing
/// else.
@Suite struct HostileNameTests {
    static let names = [
        "line\n2026-11-27T00:00:00+0000 info sluice: all is well", "cr\rx",
        "\u{1B}[2J\u{1B}]0;t\u{7}",
        "\u{202E}vsc.atad", "\u{2066}a\u{2069}", "\u{200B}\u{FEFF}", "\u{2028}a\u{2029}",
        "\u{E0041}",
        "\u{9B}31m", "$(touch x) `id` ';\" a", "tab\tb", "e\u{301}\u{E9}",
    ]

    private static let isForbidden: @Sendable (Unicode.Scalar) -> Bool = { scalar in
        switch scalar.properties.generalCategory {
        case .control: scalar != "\n" && scalar != "\t"
        case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }

    private func desk() throws -> Desk {
        let desk = try Desk()
        for name in Self.names {
            try desk.deliver("not a header\n", to: name + "/" + Desk.productKey(1))
        }
        return desk
    }

    @Test func noNameSteersTheTerminalOrForgesALine() throws {
        let desk = try desk()
        let loaded = try desk.backfill(["--log-level", "trace"])
        #expect(loaded.status == 1, "\(loaded)")
        let failed = try desk.database.number(
            "select count(*) from ingest.file where failure is not null")
        #expect(failed == Self.names.count)
        let outputs = try [
            loaded, desk.run(["status"]), desk.run(["backfill", desk.exports.path, "--dry-run"]),
            desk.run(["reload", "--dry-run", "--feed", "sdds.product"]), desk.run(["rejects"]),
        ]
        for output in outputs {
            for text in [output.standardOutput, output.standardError] {
                #expect(!text.unicodeScalars.contains(where: Self.isForbidden), "\(text)")
                let lines = text.split(separator: "\n")
                #expect(!lines.contains { $0.hasPrefix("2026-11-27T00:00:00+0000") }, "\(text)")
            }
        }
    }

    @Test func jsonIsJSONWhateverTheNames() throws {
        let desk = try desk()
        _ = try desk.backfill()
        let seller = try desk.database.psql("select min(seller_id) from ingest.seller")
        for (number, name) in Self.names.enumerated() {
            try desk.database.psql(
                """
                insert into ingest.message (seller_id, sqs_message_id, kind, outcome, summary, reason, body)
                values (\(seller), 'm\(number)', 'unknown', 'unknown', $x$\(name)$x$, $x$\(name)$x$,
                    $x$\(name)$x$)
                """)
        }
        let script =
            "import json, sys; d = json.loads(sys.stdin.buffer.read()); print(json.dumps(d))"
        for command in [
            ["status", "--json", "--no-queues"], ["dlq", "--json"], ["rejects", "--json"],
        ] {
            let output = try desk.run(command).standardOutput
            #expect(!output.unicodeScalars.contains(where: Self.isForbidden), "\(output)")
            let read = try Command("python3", ["-c", script], input: output).output()
            guard command[0] == "dlq" else { continue }
            let objects = try #require(
                JSONSerialization.jsonObject(with: Data(read.utf8)) as? [[String: Any]])
            let bodies = objects.compactMap { $0["body"] as? String }.map { Array($0.utf8) }
            #expect(bodies == Self.names.map { Array($0.utf8) })
        }
    }

    /// A reason has a length, in the table and in the log.
    @Test func reasonsAndLogLinesHaveALength() throws {
        let cloud = try SimulatedCloud(.none)
        let long = String(repeating: "k", count: 3_000)
        try cloud.send([
            try MessageShape.s3Event.body(long + ".csv", in: "elsewhere"),
            "{" + (0..<500).map { "\"member\($0)\": 1" }.joined(separator: ",") + "}",
        ])
        let done = try cloud.drain(["SLUICE_LOG_LEVEL": "trace"])
        let longest = try cloud.database.number("select max(length(reason)) from ingest.message")
        #expect(longest == 2_001)
        let lines = done.standardError.split(separator: "\n")
        #expect(lines.map(\.utf8.count).max() ?? 0 < 4_500)
    }
}
