import Support
import Testing

/// The exit codes that `sluice --help` lists are those that a script sees.
struct ExitCodeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let code: Int32
        let arguments: [String]
        var testDescription: String { "\(code): \(arguments.joined(separator: " "))" }
    }

    private static let noServer = "host=/nonexistent"

    @Test(arguments: [
        Case(code: 0, arguments: ["--version"]),
        Case(code: 64, arguments: ["no-such-command"]),
        Case(code: 64, arguments: ["seller", "add", "acme", "--account", "1"]),
        Case(code: 69, arguments: ["status", "--database", noServer]),
        Case(code: 69, arguments: ["worker", "--database", noServer]),
        Case(code: 78, arguments: ["status", "--config", "/nonexistent/sluice.yaml"]),
        Case(code: 78, arguments: ["worker", "--database", noServer, "--log-level", "loud"]),
    ])
    func failureHasItsCode(expected: Case) throws {
        let finished = try Program().run(expected.arguments)
        #expect(finished.status == expected.code, "\(finished)")
        #expect(finished.succeeded == finished.standardError.isEmpty, "\(finished)")
    }

    @Test func databaseWithoutSchemaIsAMatterOfConfiguration() throws {
        let database = try ScratchDatabase.create()
        let finished = try Program().run(["status", "--database", database.conninfo])
        #expect(finished.status == 78)
        #expect(finished.standardError.contains("sluice migrate"), "\(finished)")
    }
}
