import Foundation
import Support
import Testing

/// Names and texts that other people wrote reach terminals, logs and programs as text, and as nothing
/// else.
@Suite struct HostileNameTests {
    static let names = [
        "line\n2026-11-27T00:00:00+0000 info sluice: all is well", "cr\rx",
        "both\r\n2026-11-27T00:00:00+0000 info sluice: all is well",
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
        // Currencies stand in the table of what was loaded.
        try desk.deliver(
            "billing_event_id,amount,currency,valid_from,update_date\n"
                + "b,1,\"U\nforged\",2026-01-01T00:00:00Z,2026-01-01T00:00:00Z\n",
            to: "BillingEventFeed_V1/year=2026/month=01/data.csv")
        for (number, name) in Self.names.enumerated() {
            try desk.deliver("not a header\n", to: name + "/" + Desk.productKey(1))
            try desk.deliver(
                Desk.productHeader + "p,\(Self.quoted(name)),,2026-01-01T00:00:00Z\n",
                to: name + "/ProductFeed_V1/year=\(2011 + number)/month=02/data.csv")
        }
        return desk
    }

    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\"", with: "\"\""))\""
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
            desk.run(["rejects", "show"]),
            desk.run(["rejects", "replay", "--file", "\u{1B}[2J\u{202E}"]),
        ]
        for output in outputs { Self.expectHarmless(output) }
    }

    @Test func noMessageSteersTheTerminalOrForgesALine() throws {
        let desk = try desk()
        try record(Self.names, desk)
        let ids = Self.names.indices.map { "m\($0)." }
        for command in [["dlq"], ["dlq", "explain"] + ids, ["status", "--no-queues"]] {
            let output = try desk.run(command)
            Self.expectHarmless(output)
            guard command[0] == "dlq" else { continue }
            // Each of them is there.
            for id in ids { #expect(output.standardOutput.contains("\n\(id)  ") || id == "m0.") }
        }
    }

    private static func expectHarmless(_ output: Finished) {
        for text in [output.standardOutput, output.standardError] {
            #expect(!text.unicodeScalars.contains(where: isForbidden), "\(text)")
            let lines = text.split(whereSeparator: \.isNewline)
            let isForged = lines.contains {
                $0.hasPrefix("2026-11-27T00:00:00+0000") || $0.hasPrefix("forged")
            }
            #expect(!isForged, "\(text)")
        }
    }

    /// Messages that are all about a text.
    private func record(_ texts: [String], _ desk: Desk) throws {
        try desk.database.psql("insert into ingest.seller (name) values ('acme')")
        for (number, text) in texts.enumerated() {
            try desk.database.psql(
                """
                insert into ingest.message
                    (seller_id, sqs_message_id, kind, outcome, summary, reason, body)
                select seller_id, 'm\(number).', 'unknown', 'unknown', $x$\(text)$x$, $x$\(text)$x$,
                    $x$\(text)$x$
                from ingest.seller where name = 'acme'
                """)
        }
    }

    @Test func jsonIsJSONWhateverTheNames() throws {
        let desk = try desk()
        _ = try desk.backfill()
        try record(Self.names, desk)
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
        #expect(lines.contains { $0.contains(String(repeating: "k", count: 200)) })
        #expect(lines.map(\.utf8.count).max() ?? 0 < 2_700)
    }
}
