import Foundation
import Support
import Testing

/// What the pages say is true of the files and the program beside them.
struct DocumentationTests {
    // Settings are resolved before anything else is done; this ends every command right there.
    private static let nowhere = "/nonexistent/sluice.yaml"
    private static let configurationIsWrong: Int32 = 78

    @Test func everyPromiseNamesTestsThatExist() throws {
        let promises = try Promise.all()
        #expect(promises.count > 10)
        for promise in promises {
            #expect(!promise.evidence.isEmpty, "\(promise.title): no test is named")
            for (file, names) in promise.evidence {
                #expect(!names.isEmpty, "\(promise.title): \(file) without a test's name")
                // A file that is not there is one of the things looked for.
                let source = (try? Manual(file).text) ?? ""
                for name in names {
                    let isThere = source.contains("func \(name)(") && source.contains("@Test")
                    #expect(isThere, "\(promise.title): \(file) has no test \(name)")
                }
            }
        }
    }

    @Test func linksLeadToFiles() throws {
        for page in try Manual.all() {
            let folder = URL(fileURLWithPath: Program.packageRoot + "/" + page.path)
                .deletingLastPathComponent()
            for link in page.linkedFiles {
                let target = folder.appendingPathComponent(link).standardizedFileURL.path
                #expect(
                    FileManager.default.fileExists(atPath: target), "\(page.path): \(link)")
            }
        }
    }

    @Test func readmeListsTheSubcommandsOfHelp() throws {
        let help = try Program().run(["--help"]).standardOutput
        let section = help.components(separatedBy: "SUBCOMMANDS:\n").last ?? ""
        let names = section.split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { !$0.isEmpty }
            .compactMap { $0.firstMatch(of: #/^\s\s([a-z]+)/#).map { String($0.output.1) } }
        #expect(names.count > 5)
        #expect(try Manual("README.md").table("Command").map { $0[0] } == names)
    }

    @Test func readmeListsEverySettingWithItsVariableAndFlag() throws {
        let rows = try Manual("README.md").table("YAML")
        #expect(Set(rows.map { $0[0] }) == (try Self.knownSettings()).union(["-"]))
        let help = try Program().run(["worker", "--help"]).standardOutput
        let flags = help.matches(of: /(--[a-z-]+) <[^>]+>\s[^-]*?\[(SLUICE_[A-Z_]+)/).map {
            [String($0.output.1), String($0.output.2)]
        }
        #expect(flags.count == 5)
        for flag in flags {
            #expect(rows.contains { [$0[2], $0[1]] == flag }, "\(flag)")
        }
        for row in rows where !["-", "database"].contains(row[0]) {
            #expect(row[1] == "SLUICE_" + row[0].uppercased())
        }
    }

    @Test func readmeListsTheExitCodesOfHelp() throws {
        let help = try Program().run(["--help"]).standardOutput
        let section = help.components(separatedBy: "Exit codes:\n").last ?? ""
        let codes = section.split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { !$0.isEmpty }
            .compactMap { $0.firstMatch(of: #/^\s+(\d+)\s/#).map { String($0.output.1) } }
        #expect(codes.count > 3)
        #expect(try Manual("README.md").table("Exit code").map { $0[0] } == codes)
    }

    @Test func everyCommandOfThePagesIsUnderstood() throws {
        let program = try Program()
        let commands = try Manual.all().flatMap(\.commands) + Self.unitCommands()
        // Some write a file.
        let scratch = try ScratchDirectory()
        #expect(commands.count > 5)
        for command in Set(commands).sorted() where !command.contains("--help") {
            let script =
                #"sluice() { "$PROGRAM" "$@" --config \#(Self.nowhere); }"# + "\n" + command
            let finished = try Command(
                "/bin/sh", ["-c", script], environment: ["PROGRAM": program.path],
                directory: scratch.path
            ).run(limitSeconds: 60)
            #expect(finished.status == Self.configurationIsWrong, "\(finished)")
        }
    }

    @Test func queriesOfTheReadmeRun() throws {
        let database = try ScratchDatabase.create()
        let migrated = try Program().run(["migrate", "--database", database.conninfo])
        try #require(migrated.succeeded, "\(migrated)")
        let blocks = try Manual("README.md").sqlBlocks
        #expect(!blocks.isEmpty)
        for block in blocks { try database.psql(block) }
    }

    @Test(arguments: [false, true])
    func exampleOfSettingsIsAccepted(isUncommented: Bool) throws {
        var text = try Manual("deploy/sluice.yaml.example").text
        if isUncommented {
            text = text.replacing(/(?m)^#([a-z_]+: )/) { "\($0.output.1)" }
            for name in try Self.knownSettings() {
                #expect(text.contains("\n\(name): "), "\(name) is not in the example")
            }
        }
        // That of the example asks AWS.
        text = text.replacing(/(?m)^password_command: .*$/) { _ in "password_command: echo any" }
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/sluice.yaml"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let database = try ScratchDatabase.create()
        let finished = try Program().run([
            "migrate", "--config", path, "--database", database.conninfo,
            "--schema", Program.packageRoot + "/Schema",
        ])
        #expect(finished.succeeded, "\(finished)")
    }

    @Test func exampleOfTheEnvironmentNamesRealVariables() throws {
        let names = try Manual("deploy/sluice.env.example").text
            .matches(of: /(?m)^#?([A-Z_]+)=/).map { String($0.output.1) }
        let sluice = try Self.variables()
        // PostgreSQL manual, libpq, "Environment Variables".
        let others = ["PGPASSWORD", "AWS_REGION"]
        #expect(names.contains("SLUICE_DATABASE_URL"))
        for name in names {
            #expect(sluice.contains(name) || others.contains(name), "\(name)")
        }
    }

    @Test func dockerfileSetsRealVariables() throws {
        let text = try Manual("deploy/Dockerfile").text
        let names = Set(text.matches(of: /(SLUICE_[A-Z_]+)=/).map { String($0.output.1) })
        #expect(names.isSubset(of: try Self.variables()))
    }

    private static func variables() throws -> Set<String> {
        Set(try Manual("README.md").table("YAML").map { $0[1] })
    }

    /// YAML names, as the program lists them when it is given one that is not.
    private static func knownSettings() throws -> Set<String> {
        let scratch = try ScratchDirectory()
        let path = scratch.path + "/sluice.yaml"
        try "no_such_setting: 1\n".write(toFile: path, atomically: true, encoding: .utf8)
        let finished = try Program().run(["database", "url", "--config", path])
        let list = finished.standardError.components(separatedBy: "known are ").last ?? ""
        let names = list.matches(of: /[a-z_]+/).map { String($0.output) }
        try #require(names.count > 5, "\(finished)")
        return Set(names)
    }

    /// What the systemd units start.
    private static func unitCommands() throws -> [String] {
        try ["deploy/sluice-worker.service", "deploy/sluice-backfill@.service"].flatMap { unit in
            try Manual(unit).text.matches(of: /ExecStart=\S*\/(sluice .*)/).map {
                String($0.output.1)
            }
        }
    }
}
