import Foundation
import Support
import Testing

/// A line break in somebody else's text begins no line that looks like ours, in any command.
@Suite struct HostileLineTests {
    private static let forged = "FORGED all is well"
    private static let name = "a\n\(forged)"

    private func expectNoForgedLine(_ done: Finished) {
        for text in [done.standardOutput, done.standardError] {
            #expect(!text.split(separator: "\n").contains { $0.hasPrefix(Self.forged) }, "\(done)")
        }
    }

    @Test func objectsOfNoFeedAreNamedOnOneLine() throws {
        let desk = try Desk()
        try desk.deliver("x", to: Self.name + ".txt")
        try desk.deliver(Desk.products(), to: Self.name + "/" + Desk.productKey(1))
        let outside = try ScratchDirectory()
        #expect(symlink(outside.path, desk.exports.path + "/b\n" + Self.forged) == 0)
        let planned = try desk.backfill(["--dry-run"])
        #expect(planned.standardOutput.contains("objects are of no known feed"), "\(planned)")
        #expect(planned.standardOutput.contains("links lead out"), "\(planned)")
        expectNoForgedLine(planned)
        expectNoForgedLine(try desk.backfill())
        try desk.database.psql("update ingest.feed set key_pattern = 'nothing'")
        let reload = try desk.run(["reload", "--dry-run", "--feed", "sdds.product"])
        #expect(reload.standardOutput.contains("match no feed any more"), "\(reload)")
        expectNoForgedLine(reload)
    }

    /// Findings name both copies of a file.
    @Test func findingsAreALineEach() throws {
        let desk = try Desk()
        try desk.deliver(Desk.products(), to: Desk.productKey(1))
        try desk.deliver(Desk.products(), to: Self.name + "/" + Desk.productKey(1))
        expectNoForgedLine(try desk.backfill())
        let expected = try desk.run(["expect"])
        #expect(expected.standardOutput.contains("is not counted"), "\(expected)")
        expectNoForgedLine(expected)
    }

    /// A record of several lines is shown as one, and an error repeats what was asked for.
    @Test func rejectsAndErrorsKeepToTheirLines() throws {
        let desk = try Desk()
        let row = "p,\"a\n\(Self.forged)\",lately,2026-01-01T00:00:00Z\n"
        try desk.deliver(Desk.productHeader + row, to: Desk.productKey(1))
        #expect(try desk.backfill().status == 0)
        let shown = try desk.run(["rejects", "show"])
        #expect(
            shown.standardOutput.hasSuffix(
                "    p,\"a\n    \(Self.forged)\",lately,2026-01-01T00:00:00Z\n"))
        expectNoForgedLine(shown)
        for command in [
            ["accept", Self.name], ["reload", "--file", Self.name],
            ["rejects", "--feed", Self.name],
            ["report", Self.name], ["status", "--log-level", Self.name], ["backfill", Self.name],
            ["rejects", "dismiss", "--all", "--note", Self.name],
            ["rejects", "show", "--all"],
        ] {
            expectNoForgedLine(try desk.run(command))
        }
    }

    /// ArgumentParser repeats an argument as it is.
    @Test(arguments: [
        ["acknowledge", "\u{1B}[2J"], ["backfill", ".", "--since", "\u{202E}\u{1B}"],
        ["seller", "add", "\u{9B}31m", "--location", "x"],
    ])
    func argumentsOfAWrongCommandLineSteerNoTerminal(arguments: [String]) throws {
        let done = try Desk().run(arguments)
        #expect(done.status == 64)
        #expect(done.standardError.hasPrefix("Error: "), "\(done)")
        let isPlain = done.standardError.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || ![.control, .format].contains(scalar.properties.generalCategory)
        }
        #expect(isPlain, "\(done)")
    }

    @Test func helpAndVersionAreAnswersAndAWrongLineIsNone() throws {
        for (arguments, status) in [(["--help"], 0), (["--version"], 0), (["nonsense"], 64)] {
            let done = try Program().run(arguments)
            #expect(done.status == Int32(status))
            #expect(done.standardOutput.isEmpty == (status != 0), "\(done)")
            #expect(done.standardError.isEmpty == (status == 0), "\(done)")
        }
    }

    /// The server writes this JSON, and it leaves such characters as they are.
    @Test func requestsAreJSONWhateverAWSAnswered() throws {
        let desk = try Desk()
        try desk.database.psql(
            """
            insert into ingest.seller (name) values ('acme');
            insert into ingest.request (seller_id, data_set, publication_date, requested_by, reason)
            select seller_id, 'daily_business_fees', '2026-01-02', 'x',
                e'a\\u202Eb\\u2028\\n\\u001B$(id)' from ingest.seller
            """)
        let done = try desk.run(["request", "list", "--json"])
        #expect(done.status == 0, "\(done)")
        let script =
            "import json, sys; print(ascii(json.loads(sys.stdin.buffer.read())[0]['reason']))"
        let read = try Command("python3", ["-c", script], input: done.standardOutput).output()
        #expect(read == #"'a\u202eb\u2028\n\x1b$(id)'"# + "\n")
    }
}
